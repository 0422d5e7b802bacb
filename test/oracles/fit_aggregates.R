# Numbers of test/pgtap/fit_aggregates.sql: weighted lm() and glm() on rows
# given by formulas.  Checked in: R 4.2.2, package stats.
i <- 1:60
x1 <- (i * 37) %% 23
x2 <- ((i * 17) %% 29) / 4
w <- 0.5 + i %% 3
y <- ((i * 53) %% 41) / 8 + x1 / 2 - x2
z <- x1 + 2 * x2 + (i * 11) %% 31 > 36
show <- function(name, v) cat(name, paste(format(unname(v), digits = 15, trim = TRUE), collapse = ","), "\n")
l <- lm(y ~ x1 + x2, weights = w)
show("lm estimate", coef(l))
show("lm std_error", sqrt(diag(vcov(l))))
# deviance, null deviance, log-likelihood, residual variance, aic, bic, r squared
show("lm figures", c(deviance(l), sum(w * (y - weighted.mean(y, w))^2), logLik(l), summary(l)$sigma^2,
	AIC(l), BIC(l), summary(l)$r.squared))
# R keeps the weights of the last but one step: start once more at the end.
g <- suppressWarnings(glm(z ~ x1 + x2, binomial, weights = w, control = list(epsilon = 1e-14)))
g <- suppressWarnings(glm(z ~ x1 + x2, binomial, weights = w, start = coef(g), control = list(epsilon = 1e-14)))
show("glm estimate", coef(g))
show("glm std_error", sqrt(diag(vcov(g))))
show("glm deviances", c(deviance(g), g$null.deviance))
