# Golden numbers of fit() beyond gaussian and binomial: R's glm (poisson),
# MASS (glm.nb, polr), brglm2 (Firth), glmnet (lasso, elastic net), sandwich.
# Rscript glm.R [shared folder]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "common.R"))
suppressMessages({library(sandwich); library(MASS); library(brglm2); library(glmnet)})

# glm at its maximum, as logistic() in common.R does it.
counts <- function(formula, data, weights = rep(1, nrow(data)), offset = rep(0, nrow(data))) {
	data$the_weight <- weights
	data$the_offset <- offset
	fit <- function(start) suppressWarnings(glm(formula, poisson, data, weights = the_weight,
		offset = the_offset, control = glm.control(1e-10, 100), start = start))
	near <- coef(fit(NULL))
	fit(ifelse(is.na(near), 0, near))
}
cr1 <- function(fit, g, k = length(na.omit(coef(fit)))) {
	u <- rowsum(estfun(fit), g)
	G <- nrow(u); n <- nobs(fit)
	A <- bread(fit) / n
	A %*% crossprod(u) %*% A * G / (G - 1) * (n - 1) / (n - k)
}

# --- Rossi: prior convictions as a count ---
rossi <- read_data("survival/lifelines_rossi.csv")
rossi$w <- 0.5 + rossi$i %% 3
rossi$o <- log(rossi$week)
rossi$g <- rossi$i %% 40
f <- prio ~ fin + age + race + wexp + mar + paro
p <- counts(f, rossi)
emit_terms("rossi.poisson", p)
emit_summary("rossi.poisson", p)
for (type in c("HC0", "HC1", "HC2", "HC3"))
	emit(paste0("rossi.poisson.", tolower(type)), sqrt(diag(vcovHC(p, type = type))))
emit_terms("rossi.poisson.cr1", p, cr1(p, rossi$g), 39)
pw <- counts(f, rossi, weights = rossi$w)
emit_terms("rossi.poisson.weighted", pw)
emit("rossi.poisson.weighted.deviance", c(pw$deviance, pw$null.deviance, sum(rossi$w * dpois(rossi$prio, fitted(pw), log = TRUE))))
po <- counts(f, rossi, offset = rossi$o)
emit_terms("rossi.poisson.offset", po)
emit("rossi.poisson.offset.deviance", c(po$deviance, po$null.deviance, logLik(po)))
rossi$x3 <- rossi$age + 2 * rossi$fin
emit("rossi.poisson.aliased", coef(counts(prio ~ fin + age + x3 + race, rossi)))

# --- negative binomial ---
control <- glm.control(epsilon = 1e-13, maxit = 1000)
nb <- glm.nb(f, rossi, control = control)
stopifnot(nb$converged)
emit_terms("rossi.nb", nb)
emit("rossi.nb.summary", c(nobs(nb), nb$df.residual, deviance(nb), nb$null.deviance, logLik(nb), AIC(nb), BIC(nb)))
emit("rossi.nb.theta", nb$theta)
emit("rossi.nb.hc0", sqrt(diag(vcovHC(nb, type = "HC0"))))
emit_terms("rossi.nb.cr1", nb, cr1(nb, rossi$g), 39)
nbo <- glm.nb(update(f, . ~ . + offset(o)), rossi, weights = w, control = control)
emit_terms("rossi.nb.offset", nbo)
emit("rossi.nb.offset.theta", c(nbo$theta, nbo$deviance, nbo$null.deviance))

# --- proportional odds: polr from its own solution, until it stands still ---
ordered_logit <- function(formula, data, weights = rep(1, nrow(data))) {
	data$the_weight <- weights
	fit <- polr(formula, data, weights = the_weight, Hess = TRUE)
	for (k in 1:4) fit <- polr(formula, data, weights = the_weight, Hess = TRUE,
		start = c(coef(fit), fit$zeta), control = list(reltol = 1e-16, maxit = 1000))
	fit
}
# thresholds first, as we report them; errors by the exact information
exact_information <- function(fit, x, y, w) {
	K <- length(fit$zeta) + 1; p <- ncol(x)
	ll <- function(theta) {
		z <- c(-Inf, theta[seq_len(K - 1)], Inf); eta <- drop(x %*% theta[-seq_len(K - 1)])
		sum(w * log(plogis(z[y + 1] - eta) - plogis(z[y] - eta)))
	}
	# analytic gradient, then Newton on central differences of it
	gr <- function(theta) {
		z <- c(-Inf, theta[seq_len(K - 1)], Inf); eta <- drop(x %*% theta[-seq_len(K - 1)])
		u <- dlogis(z[y + 1] - eta); l <- dlogis(z[y] - eta)
		d <- plogis(z[y + 1] - eta) - plogis(z[y] - eta)
		c(sapply(seq_len(K - 1), function(k) sum(w * ((y == k) * u - (y == k + 1) * l) / d)),
			-colSums(x * (w * (u - l) / d)))
	}
	sd <- apply(x, 2, sd); unit <- c(rep(1, K - 1), 1 / sd)
	theta <- c(fit$zeta, coef(fit))
	hess <- function(theta) { h <- 1e-4 * unit
		H <- sapply(seq_along(theta), function(j) { e <- 0 * theta; e[j] <- h[j]
			(8 * (gr(theta + e) - gr(theta - e)) - (gr(theta + 2 * e) - gr(theta - 2 * e))) / (12 * h[j]) })
		-(H + t(H)) / 2 }
	for (k in 1:8) theta <- theta + solve(hess(theta), gr(theta))
	list(theta = theta, v = solve(hess(theta)), dev = -2 * ll(theta))
}
emit_ordinal <- function(label, fit, x, y, w = rep(1, length(y))) {
	e <- exact_information(fit, x, y, w)
	stopifnot(max(abs(e$theta - c(fit$zeta, coef(fit))) / sqrt(diag(e$v))) < 1e-2)
	emit(paste0(label, ".estimate"), e$theta)
	emit(paste0(label, ".std_error"), sqrt(diag(e$v)))
	n <- length(y); k <- length(e$theta)
	null <- table(rep(y, 1)); nw <- tapply(w, y, sum)
	emit(paste0(label, ".summary"), c(n, n - k, e$dev, -2 * sum(nw * log(nw / sum(nw))), -e$dev / 2, e$dev + 2 * k, e$dev + k * log(n)))
	invisible(e)
}
lung <- read_data("survival/lung.csv")
lung$w <- 0.5 + lung$i %% 3
l <- subset(lung, !is.na(`ph.ecog`) & !is.na(`pat.karno`) & `ph.ecog` < 3)
l$y <- factor(l$`ph.ecog`, ordered = TRUE)
fit <- ordered_logit(y ~ age + sex + `pat.karno`, l)
x <- as.matrix(l[c("age", "sex", "pat.karno")]); y <- as.integer(l$y)
e <- emit_ordinal("lung.ordinal", fit, x, y)
# sandwich from scores by numerical derivative of the row's own likelihood
score_rows <- function(theta, K, x, y) {
	row <- function(theta) { z <- c(-Inf, theta[seq_len(K - 1)], Inf); eta <- drop(x %*% theta[-seq_len(K - 1)])
		log(plogis(z[y + 1] - eta) - plogis(z[y] - eta)) }
	sapply(seq_along(theta), function(j) { h <- 1e-4 * max(1e-2, abs(theta[j])); d <- 0 * theta; d[j] <- h
		(8 * (row(theta + d) - row(theta - d)) - (row(theta + 2 * d) - row(theta - 2 * d))) / (12 * h) })
}
u <- score_rows(e$theta, 3, x, y)
emit("lung.ordinal.hc0", sqrt(diag(e$v %*% crossprod(u) %*% e$v)))
g <- l$i %% 30; ug <- rowsum(u, g); G <- nrow(ug); n <- nrow(l); k <- length(e$theta)
emit("lung.ordinal.cr1", sqrt(diag(e$v %*% crossprod(ug) %*% e$v) * G / (G - 1) * (n - 1) / (n - k)))
fit <- ordered_logit(y ~ age + sex + `pat.karno`, l, weights = l$w)
emit_ordinal("lung.ordinal.weighted", fit, x, y, l$w)
emit("lung.ordinal.levels", { z <- c(-Inf, e$theta[1:2], Inf); eta <- drop(x[1:4, ] %*% e$theta[-(1:2)])
	drop(sapply(0:2, function(k) plogis(z[k + 2] - eta) - plogis(z[k + 1] - eta)) %*% 0:2) })

# --- Firth ---
data(endometrial)
plain <- suppressWarnings(glm(HG ~ NV + PI + EH, binomial, endometrial))
emit("endometrial.plain", c(deviance(plain), plain$df.residual, plain$null.deviance))
firth <- glm(HG ~ NV + PI + EH, binomial, endometrial, method = "brglmFit", type = "AS_mean",
	epsilon = 1e-13, maxit = 10000)
# brglm2's errors come from the information at its estimate
emit_terms("endometrial.firth", firth)
emit("endometrial.firth.deviance", deviance(firth))
lung$dead <- lung$status == 2
firth <- glm(dead ~ age + sex + `ph.ecog`, binomial, lung, method = "brglmFit", type = "AS_mean", epsilon = 1e-13, maxit = 10000)
emit_terms("lung.firth", firth)

# --- glmnet with fixed lambdas ---
churn <- read_data("telco_churn/wa_churn.csv")
churn <- subset(churn, !is.na(total_charges))
x <- as.matrix(churn[c("tenure", "monthly_charges", "total_charges", "senior_citizen", "partner", "dependents", "paperless_billing")])
y <- as.integer(churn$churn == "Yes")
path <- function(x, y, family, lambda, alpha, ...) as.matrix(coef(glmnet(x, y, family, lambda = lambda, alpha = alpha,
	thresh = 1e-20, maxit = 1e8, ...), s = lambda, exact = FALSE))
lambda <- c(0.1, 0.05, 0.01, 0.001)
b <- path(x, y, "binomial", lambda, 1)
for (k in seq_along(lambda)) emit(paste0("churn.lasso.", lambda[k]), b[, k])
b <- path(x, y, "binomial", lambda, 0.3)
for (k in seq_along(lambda)) emit(paste0("churn.elastic_net.", lambda[k]), b[, k])
b <- path(x, y, "binomial", c(0.05, 0.01), 1, weights = 0.5 + churn$i %% 3)
emit("churn.lasso.weighted.0.01", b[, 2])
x <- as.matrix(rossi[c("fin", "age", "race", "wexp", "mar", "paro", "week")])
lambda <- c(1, 0.3, 0.1, 0.01)
b <- path(x, rossi$prio, "poisson", lambda, 1)
for (k in seq_along(lambda)) emit(paste0("rossi.lasso.", lambda[k]), b[, k])
b <- path(x, rossi$prio, "poisson", lambda, 0.5)
for (k in seq_along(lambda)) emit(paste0("rossi.elastic_net.", lambda[k]), b[, k])
b <- path(x, rossi$prio, "poisson", lambda, 0)
for (k in seq_along(lambda)) emit(paste0("rossi.ridge.", lambda[k]), b[, k])
b <- path(x, rossi$prio, "poisson", c(0.3, 0.1), 1, offset = rossi$o)
emit("rossi.lasso.offset.0.1", path(x[, -7], rossi$prio, "poisson", c(0.3, 0.1), 1, offset = rossi$o)[, 2])
