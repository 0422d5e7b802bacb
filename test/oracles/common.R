# Shared by the R oracles: data, row numbers and the printing of golden lines
# "label {a,b,c}" with 12 significant digits, NULL where R says NA.
shared <- commandArgs(trailingOnly = TRUE)
shared <- if (length(shared)) shared[1] else Sys.getenv("JOURNEY_SHARED", "../shared")
read_data <- function(name) {
	d <- read.csv(file.path(shared, "data", name), check.names = FALSE, stringsAsFactors = FALSE)
	d$i <- seq_len(nrow(d))
	d
}
emit <- function(label, x) {
	s <- ifelse(is.na(x), "NULL", formatC(as.numeric(x), digits = 12, format = "g"))
	cat(label, " {", paste(gsub(" ", "", s), collapse = ","), "}\n", sep = "")
}
# Levels in byte order whatever the session's collation.
by_bytes <- function(x) factor(x, levels = sort(unique(x), method = "radix"))
# Estimates and their errors for all terms, aliased ones included as NULL.
emit_terms <- function(label, fit, v = vcov(fit, complete = FALSE), df = Inf, level = 0.95) {
	b <- coef(fit)
	se <- rep(NA_real_, length(b))
	se[!is.na(b)] <- sqrt(diag(v))
	q <- qt(1 - (1 - level) / 2, df)
	emit(paste0(label, ".estimate"), b)
	emit(paste0(label, ".std_error"), se)
	emit(paste0(label, ".p_value"), 2 * pt(-abs(b / se), df))
	emit(paste0(label, ".conf_low"), b - q * se)
	emit(paste0(label, ".conf_high"), b + q * se)
}
# n, df_residual, deviance, null_deviance, log_likelihood, aic, bic
emit_summary <- function(label, fit) {
	null <- if (inherits(fit, "glm")) fit$null.deviance else {
		w <- if (is.null(fit$weights)) rep(1, length(fit$fitted.values)) else fit$weights
		y <- model.response(fit$model)
		sum(w * (y - weighted.mean(y, w))^2)
	}
	emit(paste0(label, ".summary"), c(nobs(fit), fit$df.residual, deviance(fit), null,
		logLik(fit), AIC(fit), BIC(fit)))
}
# Logistic regression at its maximum.  glm keeps the weights, and so the
# covariance, of the iteration before the last, and its rank tolerance is
# epsilon / 1000: so a moderate epsilon, and a second start at the solution.
logistic <- function(formula, data, weights = rep(1, nrow(data)), offset = rep(0, nrow(data))) {
	data$the_weight <- weights
	data$the_offset <- offset
	fit <- function(start) suppressWarnings(glm(formula, binomial, data, weights = the_weight,
		offset = the_offset, control = glm.control(1e-10, 100), start = start))
	near <- coef(fit(NULL))
	fit(ifelse(is.na(near), 0, near))
}
