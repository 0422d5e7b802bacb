# Golden numbers of ridge: closed form (gaussian) and Newton (binomial) on the
# contract's objective 1/(2n) deviance + lambda/2 |b|^2, features scaled with
# 1/n variances, intercept free.  Rscript ridge.R [shared folder]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "common.R"))
ridge <- function(X, y, lambda, family) {
	n <- nrow(X); m <- colMeans(X)
	s <- sqrt(colMeans(sweep(X, 2, m)^2))
	Z <- cbind(1, sweep(sweep(X, 2, m), 2, s, "/"))
	D <- diag(c(0, rep(lambda, ncol(X))))
	if (family == "gaussian") b <- solve(crossprod(Z) / n + D, crossprod(Z, y) / n)
	else {
		b <- rep(0, ncol(Z))
		for (step in 1:100) {
			mu <- plogis(drop(Z %*% b))
			d <- solve(crossprod(Z, Z * mu * (1 - mu)) / n + D, crossprod(Z, y - mu) / n - D %*% b)
			b <- b + d
			if (max(abs(d)) < 1e-15) break
		}
	}
	slope <- drop(b)[-1] / s
	c(b[1] - sum(m * slope), slope)
}
deviance_of <- function(X, y, b, family) {
	eta <- drop(cbind(1, X) %*% b)
	if (family == "gaussian") sum((y - eta)^2)
	else 2 * sum(log1p(exp(-abs(eta))) + pmax(eta, 0) - y * eta)
}
one <- function(label, X, y, family, lambdas) for (lambda in lambdas) {
	b <- ridge(X, y, lambda, family)
	emit(sprintf("%s.%g.estimate", label, lambda), b)
	emit(sprintf("%s.%g.deviance", label, lambda), deviance_of(X, y, b, family))
}
lalonde <- read_data("lalonde/nsw_dw_matching.csv")
names <- c("age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75")
one("ridge.lalonde.gaussian", as.matrix(lalonde[names]), lalonde$re78, "gaussian", c(0.01, 1))
one("ridge.lalonde.binomial", as.matrix(lalonde[names]), lalonde$treat, "binomial", c(0.01, 1))
churn <- read_data("telco_churn/wa_churn.csv")
churn$contract <- by_bytes(churn$contract)
X <- model.matrix(~ tenure + monthly_charges + contract, churn)[, -1]
one("ridge.churn", X, as.numeric(churn$churn == "Yes"), "binomial", c(0.001, 0.1))
