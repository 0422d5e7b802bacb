# Golden numbers of formulas and of missing => 'mean': R's lm and glm with the
# columns of model.matrix.  Rscript formula.R [shared folder]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "common.R"))
options(contrasts = c("contr.treatment", "contr.poly"))

terms_of <- function(label, fit) {
	v <- vcov(fit, complete = FALSE)
	b <- coef(fit)
	se <- rep(NA_real_, length(b))
	se[!is.na(b)] <- sqrt(diag(v))
	cat(label, ".terms ", paste(names(b), collapse = ", "), "\n", sep = "")
	emit(paste0(label, ".estimate"), b)
	emit(paste0(label, ".std_error"), se)
}
imputed <- function(x, w = rep(1, length(x))) {
	x[is.na(x)] <- weighted.mean(x, w, na.rm = TRUE)
	x
}

lalonde <- read_data("lalonde/nsw_dw_matching.csv")
lalonde$treat <- as.logical(lalonde$treat)
terms_of("lalonde.treat", lm(re78 ~ treat * (age + re74) + I(age^2), lalonde))
terms_of("lalonde.crossed", lm(re78 ~ (treat + educ + black)^3 - treat:educ:black, lalonde))
terms_of("lalonde.cubic", lm(re78 ~ educ + I(educ^2) + I(educ^3) + I(educ^2):black, lalonde))

churn <- read_data("telco_churn/wa_churn.csv")
names(churn) <- c("churn", "female", "senior_citizen", "partner", "dependents", "tenure", "phone_service",
	"multiple_lines", "internet_service", "online_security", "online_backup", "device_protection",
	"tech_support", "streaming_tv", "streaming_movies", "contract", "paperless_billing", "payment_method",
	"monthly_charges", "total_charges", "i")
churn$partner <- as.logical(churn$partner)
for (n in c("internet_service", "contract", "payment_method")) churn[[n]] <- by_bytes(churn[[n]])
churn$left <- churn$churn == "Yes" | churn$churn == "1" | churn$churn == "True"
terms_of("churn.product", lm(monthly_charges ~ contract * internet_service + tenure, churn))
terms_of("churn.slopes", lm(monthly_charges ~ contract + contract:tenure + partner:tenure, churn))
terms_of("churn.cells", lm(monthly_charges ~ internet_service:partner, churn))
terms_of("churn.mixed", lm(monthly_charges ~ tenure + tenure:contract + contract:partner:internet_service, churn))
terms_of("churn.binomial", logistic(left ~ contract * tenure + I(tenure^2) + internet_service:monthly_charges, churn))

lung <- read_data("survival/lung.csv")
lung$w <- 0.5 + lung$i %% 3
lung$meal <- imputed(lung$`meal.cal`)
lung$loss <- imputed(lung$`wt.loss`)
terms_of("lung.mean", lm(time ~ age + meal + loss, lung))
emit("lung.means", c(mean(lung$`meal.cal`, na.rm = TRUE), mean(lung$`wt.loss`, na.rm = TRUE),
	sum(is.na(lung$`meal.cal`)), sum(is.na(lung$`wt.loss`))))
lung$meal <- imputed(lung$`meal.cal`, lung$w)
lung$loss <- imputed(lung$`wt.loss`, lung$w)
terms_of("lung.weighted", lm(time ~ meal * loss + I(loss^2), lung, weights = w))
