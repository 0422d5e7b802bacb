# Golden numbers of fit(): R's lm and glm, with package sandwich for HC and
# clustered covariances.  Rscript models.R [shared folder]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "common.R"))
suppressMessages(library(sandwich))

# Clustered CR1 by hand (reference/models.md 8), to be compared with vcovCL.
cr1 <- function(fit, g) {
	u <- rowsum(estfun(fit), g)
	G <- nrow(u); n <- nobs(fit); p <- length(na.omit(coef(fit)))
	A <- bread(fit) / n
	v <- A %*% crossprod(u) %*% A * G / (G - 1) * (n - 1) / (n - p)
	stopifnot(all.equal(v, vcovCL(fit, g, type = "HC1"), tolerance = 1e-10, check.attributes = FALSE))
	v
}
errors <- function(label, fit, g, df) {
	for (type in c("HC0", "HC1", "HC2", "HC3"))
		emit(paste0(label, ".", tolower(type)), sqrt(diag(vcovHC(fit, type = type))))
	emit_terms(paste0(label, ".cr1"), fit, cr1(fit, g), length(unique(g)) - 1)
}

# --- lung, gaussian ---
lung <- read_data("survival/lung.csv")
lung$w <- 0.5 + lung$i %% 3
lung$o <- 5 * (lung$i %% 7)
lung$p <- 0.1 * (lung$i %% 7)
f <- time ~ age + sex + `ph.ecog` + `wt.loss`
l <- lm(f, lung)
emit_terms("lung.gaussian", l, df = l$df.residual)
emit_terms("lung.gaussian.level90", l, df = l$df.residual, level = 0.9)
emit_summary("lung.gaussian", l)
emit("lung.gaussian.r2_dispersion", c(summary(l)$r.squared, summary(l)$sigma^2))
known <- subset(lung, !is.na(inst))
lk <- lm(f, known)
errors("lung.gaussian.inst", lk, known$inst[as.integer(match(names(lk$residuals), rownames(known)))], lk$df.residual)
emit("lung.gaussian.inst.n", c(nobs(lk), length(unique(na.omit(known[complete.cases(known[c("age", "sex", "ph.ecog", "wt.loss")]), "inst"])))))
lw <- lm(f, lung, weights = w)
emit_terms("lung.gaussian.weighted", lw, df = lw$df.residual)
emit_summary("lung.gaussian.weighted", lw)
emit("lung.gaussian.weighted.r2_dispersion", c(summary(lw)$r.squared, summary(lw)$sigma^2))
emit("lung.gaussian.weighted.hc1", sqrt(diag(vcovHC(lw, type = "HC1"))))
lz <- lm(f, lung, weights = lung$i %% 3)
emit_terms("lung.gaussian.zeroweights", lz, df = lz$df.residual)
emit("lung.gaussian.zeroweights.n_df", c(sum(lz$weights > 0), lz$df.residual))
lo <- lm(f, lung, offset = o)
emit_terms("lung.gaussian.offset", lo, df = lo$df.residual)

# --- lung, binomial ---
lung$dead <- lung$status == 2
b <- logistic(dead ~ age + sex + `ph.ecog`, lung)
emit_terms("lung.binomial", b)
emit_summary("lung.binomial", b)
known <- subset(lung, !is.na(inst) & !is.na(`ph.ecog`))
bk <- logistic(dead ~ age + sex + `ph.ecog`, known)
errors("lung.binomial.inst", bk, known$inst, Inf)
bw <- logistic(dead ~ age + sex + `ph.ecog`, lung, weights = lung$w)
emit_terms("lung.binomial.weighted", bw)
emit("lung.binomial.weighted.deviance", c(bw$deviance, bw$null.deviance, bw$df.residual))
bo <- logistic(dead ~ age + sex + `ph.ecog`, lung, offset = lung$p)
emit_terms("lung.binomial.offset", bo)
emit("lung.binomial.offset.deviance", bo$deviance)

# --- LaLonde ---
lalonde <- read_data("lalonde/nsw_dw_matching.csv")
g <- re78 ~ age + educ + black + hisp + married + nodegr + re74 + re75 + treat
l <- lm(g, lalonde)
emit_terms("lalonde.gaussian", l, df = l$df.residual)
emit_summary("lalonde.gaussian", l)
emit("lalonde.gaussian.r2_dispersion", c(summary(l)$r.squared, summary(l)$sigma^2))
for (type in c("HC0", "HC1", "HC2", "HC3"))
	emit(paste0("lalonde.gaussian.", tolower(type)), sqrt(diag(vcovHC(l, type = type))))
b <- logistic(treat ~ age + educ + black + hisp + married + nodegr + re74 + re75, lalonde)
emit_terms("lalonde.binomial", b)
emit_summary("lalonde.binomial", b)
lalonde$x3 <- lalonde$age + 2 * lalonde$educ
l <- lm(re78 ~ age + educ + x3 + re75, lalonde)
emit_terms("lalonde.aliased_last", l, df = l$df.residual)
l <- lm(re78 ~ x3 + age + educ + re75, lalonde)
emit_terms("lalonde.aliased_first", l, df = l$df.residual)

# --- telco churn ---
churn <- read_data("telco_churn/wa_churn.csv")
churn$y <- churn$churn == "Yes"
for (v in c("contract", "internet_service", "online_security")) churn[[v]] <- by_bytes(churn[[v]])
churn$partner <- churn$partner == 1
b <- logistic(y ~ tenure + monthly_charges + contract, churn)
emit_terms("churn", b)
emit_summary("churn", b)
churn$group <- churn$i %% 500
v <- cr1(b, churn$group)
emit_terms("churn.cr1", b, v, 499)
b <- logistic(y ~ tenure + partner + internet_service + online_security + contract, churn)
cat("# ", paste(names(coef(b)), collapse = ", "), "\n", sep = "")
emit_terms("churn.aliased", b)
emit("churn.aliased.df", b$df.residual)
b <- logistic(y ~ tenure + total_charges, churn)
emit_terms("churn.missing", b)
emit_summary("churn.missing", b)
l <- lm(monthly_charges ~ contract + partner + internet_service + tenure, churn)
emit_terms("churn.gaussian", l, df = l$df.residual)

# --- separation: x1 = 1 decides, the rest is an ordinary fit on x1 = 0 ---
q <- data.frame(i = 1:60)
q$x1 <- as.integer(q$i %% 3 == 0)
q$x2 <- (q$i * 37) %% 23
q$y <- q$x1 == 1 | (q$x2 + (q$i * 17) %% 29) > 25
b <- logistic(y ~ x2, subset(q, x1 == 0))
emit_terms("quasi.finite", b)
emit("quasi.deviance", b$deviance)
n <- data.frame(x = 1:10, y = c(0, 0, 0, 0, 1, 0, 1, 1, 1, 1))
b <- logistic(y ~ x, n)
emit_terms("overlapping", b)
