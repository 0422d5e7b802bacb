# Cox regressions whose numbers are checked in under test/pgtap/cox.sql:
#   Rscript cox.R FOLDER      (the folder of shared data)
# R 4.2.2, survival 3.5-3, iterated until nothing moves.
library(survival)
args <- commandArgs(trailingOnly = TRUE)
folder <- file.path(if (length(args)) args[1] else Sys.getenv("JOURNEY_SHARED"), "data", "survival")
get <- function(name) read.csv(file.path(folder, name), na.strings = c("NA", ""))
show <- function(label, m) {
  row <- function(what, x) cat(label, what, sprintf("{%s}", paste(formatC(x, digits = 12, format = "g"), collapse = ",")), "\n")
  row("coef", coef(m)); row("se", sqrt(diag(vcov(m)))); row("loglik", m$loglik); row("aic", AIC(m)); row("bic", BIC(m))
}
tight <- coxph.control(eps = 1e-14, iter.max = 100)
for (ties in c("efron", "breslow")) {
  f <- function(formula, data) coxph(formula, data, ties = ties, control = tight)
  show(paste("lung", ties), f(Surv(time, status == 2) ~ age + sex + ph.ecog, get("lung.csv")))
  show(paste("veteran", ties), f(Surv(time, status) ~ karno + age + celltype, transform(get("veteran.csv"), celltype = factor(celltype, sort(unique(celltype))))))
  show(paste("rossi", ties), f(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio, get("lifelines_rossi.csv")))
  show(paste("kidney", ties), f(Surv(time, status) ~ age + sex, get("kidney.csv")))
  heart <- get("heart.csv")
  show(paste("heart", ties), f(Surv(start, stop, event) ~ age + year + surgery + transplant, heart))
}
