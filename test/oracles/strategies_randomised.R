# CR2 errors and Satterthwaite degrees of freedom of randomised comparisons by
# package clubSandwich, on rows that test/core/test_randomised.c makes the same
# way.  Rscript strategies_randomised.R [folder for the rows as csv]
# R 4.2.2, clubSandwich 0.5.8
suppressMessages(library(clubSandwich))
emit <- function(label, v) cat(label, " {", paste(sprintf("%.12g", v), collapse = ","), "}\n", sep = "")
folder <- commandArgs(TRUE)

M <- 67108859
draw <- function(i, k) {
  a <- (i * 48271 + k * 6962177) %% M
  b <- (a * a + k * 12345 + i) %% M
  (b * b + a) %% M / M - 0.5
}

# keys of 1, 3, 5, ... rows: the even ones take strategies row by row
rows <- function(n, of_key) {
  i <- 1:n
  key <- of_key(i)
  arm <- ifelse(key %% 2 == 0, floor((draw(i, 1) + 0.5) * 3), key %% 3)
  x1 <- draw(i, 2) + 0.2 * draw(key + 1, 9)
  x2 <- ifelse(draw(i, 3) > 0.1, 1, 0)
  y <- 2 + arm * 0.3 + x1 * (1 + arm) - x2 + draw(key + 1, 4) + draw(i, 5)
  data.frame(key, arm, x1, x2, y)
}

contrast <- function(label, d, formula, term) {
  m <- lm(formula, d)
  t <- coef_test(m, vcov = vcovCR(m, cluster = d$key, type = "CR2"), test = "Satterthwaite")
  at <- which(rownames(t) == term)
  df <- if ("df_Satt" %in% names(t)) t$df_Satt[at] else t$df[at]
  emit(label, c(t$beta[at], t$SE[at], df))
  half <- qt(0.975, df) * t$SE[at]
  emit(paste0(label, ".low,high,p"), c(t$beta[at] - half, t$beta[at] + half, 2 * pt(-abs(t$beta[at] / t$SE[at]), df)))
}

all <- function(name, d) {
  if (length(folder)) write.csv(d, file.path(folder, paste0(name, ".csv")), row.names = FALSE)
  for (a in 1:2) {
    p <- d[d$arm %in% c(0, a), ]
    p$D <- 1 * (p$arm == a)
    p$c1 <- p$x1 - mean(p$x1)
    p$c2 <- p$x2 - mean(p$x2)
    contrast(paste0(name, ".difference.", a), p, y ~ D, "D")
    contrast(paste0(name, ".lin.", a), p, y ~ D * (c1 + c2), "D")
    within <- lm(y ~ factor(arm) + x1 + x2, d)
    p$adjusted <- p$y - coef(within)["x1"] * p$x1 - coef(within)["x2"] * p$x2
    contrast(paste0(name, ".cuped.", a), p, adjusted ~ D, "D")
  }
  # a value: only the rows of its strategy
  for (a in 0:2) {
    p <- d[d$arm == a, ]
    p$c1 <- p$x1 - mean(d$x1)
    p$c2 <- p$x2 - mean(d$x2)
    contrast(paste0(name, ".mean.", a), p, y ~ 1, "(Intercept)")
    contrast(paste0(name, ".lin_without_mean_of_x.", a), p, y ~ c1 + c2, "(Intercept)")
  }
}
all("growing", rows(144, function(i) floor(sqrt(i - 1))))
all("pairs", rows(300, function(i) (i - 1) %/% 2))
all("triples", rows(90, function(i) (i - 1) %/% 3))
all("single", rows(200, function(i) i - 1))
