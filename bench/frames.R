# R's side of the bench: frames.R PASSES FOLDER PACKAGE reads the rows of
# bench/frames.sh and writes lines of tabs: what, seconds (median of passes).
arguments <- commandArgs(TRUE)
passes <- as.integer(arguments[1])
package <- arguments[3]
suppressPackageStartupMessages(library(package, character.only = TRUE))
say <- function(what, value) cat(what, "\t", value, "\n", sep = "")
clock <- function(what, work) say(what, median(replicate(passes + 1, system.time(work())[3])[-1]))
say("versions", paste0("R ", getRversion(), ", ", package, " ", packageVersion(package)))
if (package == "survival") {
	d <- read.csv(file.path(arguments[2], "lifetimes.csv"))
	clock("cox", function() coxph(Surv(duration, event) ~ x1 + x2 + x3 + x4 + x5, d, ties = "efron"))
	clock("kaplan_meier", function() survfit(Surv(duration, event) ~ 1, d))
} else {
	d <- read.csv(file.path(arguments[2], "wide.csv"))
	key <- d$key
	d$key <- NULL
	clock("ols", function() vcovCL(lm(y ~ ., d), cluster = key))
}
