# Numbers of test/core/test_predict.c and test/pgtap/predict.sql: two small
# models by lm() and glm(), their covariances, tests, intervals, criteria and
# predictions. Checked in: R 4.2.2, packages stats and sandwich's CR1 written
# out below (no package needed).
options(digits = 17)
x <- c(0.5, 1.5, 2.25, 3, 3.5, 4.75, 5.5, 6.25, 7, 8.5, 9, 9.75)
plan <- factor(c("a", "b", "c", "a", "b", "c", "a", "b", "c", "a", "b", "c"))
vip <- c(FALSE, TRUE, FALSE, TRUE, TRUE, FALSE, FALSE, TRUE, FALSE, TRUE, FALSE, TRUE)
y <- c(1.1, 3.9, 2.6, 5.2, 6.6, 5.1, 6.3, 9.4, 7.2, 11.8, 10.1, 12.9)
z <- c(0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1)
g <- rep(1:6, each = 2)
packed <- function(v) unlist(lapply(seq_len(nrow(v)), function(i) v[i, 1:i]))
show <- function(name, v) cat(name, paste(format(unname(v), digits = 17, trim = TRUE), collapse = ", "), "\n")
m <- lm(y ~ x + plan + vip)
cr1 <- function(m, g, w) {
	X <- model.matrix(m); bread <- solve(crossprod(X * sqrt(w)))
	s <- rowsum(X * (model.response(model.frame(m)) - fitted(m)), g)
	G <- nrow(s); n <- nrow(X); p <- ncol(X)
	bread %*% crossprod(s) %*% bread * G / (G - 1) * (n - 1) / (n - p)
}
table <- function(b, v, df) {
	se <- sqrt(diag(v)); t <- b / se
	show("std_error", se); show("statistic", t); show("p_value", 2 * pt(-abs(t), df))
	show("low", b - qt(0.975, df) * se); show("high", b + qt(0.975, df) * se)
}
cat("# gaussian\n"); show("coefficients", coef(m)); show("covariance", packed(vcov(m)))
show("df, deviance, null", c(m$df.residual, deviance(m), sum((y - mean(y))^2)))
show("dispersion", summary(m)$sigma^2)
show("logLik, AIC, BIC, r2", c(logLik(m), AIC(m), BIC(m), summary(m)$r.squared))
table(coef(m), vcov(m), m$df.residual)
cat("# gaussian, CR1, t with 5\n"); v <- cr1(m, g, rep(1, 12)); show("covariance", packed(v)); table(coef(m), v, 5)
new <- data.frame(x = c(2, -1.25, 100), plan = factor(c("a", "c", "b")), vip = c(TRUE, FALSE, TRUE))
show("predictions", predict(m, new))
m <- glm(z ~ x + vip, family = binomial, control = glm.control(epsilon = 1e-14))
cat("# binomial\n"); show("coefficients", coef(m)); show("covariance", packed(vcov(m)))
show("df, deviance, null", c(m$df.residual, deviance(m), m$null.deviance))
show("logLik, AIC, BIC", c(logLik(m), AIC(m), BIC(m)))
table(coef(m), vcov(m), Inf)
show("90 % low", coef(m) - qnorm(0.95) * sqrt(diag(vcov(m))))
show("links", predict(m, new)); show("predictions", predict(m, new, type = "response"))
