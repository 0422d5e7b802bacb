# Second witness of penalties.py by glmnet (thresh 1e-16), and glmnet's own
# QuickStartExample by folds (i - 1) mod 10 + 1.  glmnet scales a gaussian
# target, so that its quadratic part acts as lambda (1 - alpha) / sd(y); strength
# and share are turned to the documented objective.  Rscript glmnet.R [shared folder]
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
source(file.path(here, "common.R"))
suppressMessages(library(glmnet))
net <- function(X, y, lambda, alpha) {
	sd <- sqrt(mean((y - mean(y))^2))
	own <- lambda * alpha + lambda * (1 - alpha) * sd
	share <- lambda * alpha / own
	grid <- own * 2^(20:0)
	fit <- glmnet(X, y, alpha = share, lambda = grid, thresh = 1e-16, maxit = 1e7)
	as.numeric(coef(fit, s = own))
}
lalonde <- read_data("lalonde/nsw_dw_matching.csv")
X <- as.matrix(lalonde[c("age", "educ", "black", "hisp", "married", "nodegr", "re74", "re75")])
for (case in list(c(10, 1), c(300, 1), c(700, 1), c(300, 0.5), c(0.5, 0.5), c(10, 0.1)))
	emit(sprintf("penalties.lalonde.%g.%g.estimate", case[1], case[2]), net(X, lalonde$re78, case[1], case[2]))
data(QuickStartExample)
X <- QuickStartExample$x; y <- drop(QuickStartExample$y)
for (lambda in c(1, .5, .1, .05, .01))
	emit(sprintf("quickstart.%g.estimate", lambda), net(X, y, lambda, 1))
fold <- (seq_along(y) - 1) %% 10 + 1
for (lambda in c(1, .5, .1, .05, .01)) {
	mse <- sapply(1:10, function(f) {
		b <- net(X[fold != f, ], y[fold != f], lambda, 1)
		mean((y[fold == f] - b[1] - X[fold == f, ] %*% b[-1])^2)
	})
	emit(sprintf("quickstart.%g.cvm", lambda), c(mean(mse), sd(mse) / sqrt(10)))
}
if (nzchar(Sys.getenv("QUICKSTART_CSV")))
	write.csv(data.frame(i = seq_along(y), fold = fold, y = sprintf("%.17g", y),
		apply(X, 2, function(v) sprintf("%.17g", v))), Sys.getenv("QUICKSTART_CSV"), row.names = FALSE, quote = FALSE)
