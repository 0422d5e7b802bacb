# Concordance and its infinitesimal jackknife by package survival (R 4.2.2,
# survival 3.5-3): test/core/test_metrics_ranks.c, test/pgtap/metrics_ranks.sql.
# Run: Rscript metrics.R FOLDER_OF_SHARED_DATA
suppressMessages(library(survival))
shared <- c(commandArgs(TRUE), Sys.getenv("JOURNEY_SHARED"))[1]
options(digits = 15)
show <- function(name, f) cat(name, "{", paste(format(c(f$concordance, sqrt(f$var)), digits = 12), collapse = ","), "}",
	"counts", f$count, "\n")
i <- 1:400
d <- data.frame(time = (i * 37) %% 50 + 1, event = as.integer((i * 13) %% 10 < 6),
	risk = ((i * 7919) %% 101) / 128 + 1 / 256, w = 1 + i %% 3, id = (i * 31) %% 57)
show("formula", concordance(Surv(time, event) ~ risk, d, reverse = TRUE))
show("formula, clusters", concordance(Surv(time, event) ~ risk, d, reverse = TRUE, cluster = id))
show("formula, weights and clusters", concordance(Surv(time, event) ~ risk, d, reverse = TRUE, weights = w, cluster = id))
k <- read.csv(file.path(shared, "data/survival/kidney.csv"))
show("kidney", concordance(Surv(time, status) ~ age, k, reverse = TRUE))
show("kidney, clusters", concordance(Surv(time, status) ~ age, k, reverse = TRUE, cluster = id))
p <- c(.001, .008, .039, .041, .042, .06, .074, .205, .212, .216)
for (m in c("BH", "BY", "holm", "hochberg", "bonferroni")) cat(m, "{", paste(p.adjust(p, m), collapse = ","), "}\n")
