# Times of R's metafor and of REML as vector sums, for benchmarks/synthesis.ts: microseconds a fit, median of several.
suppressWarnings(suppressMessages(library(metafor)))
effects <- function(k) { i <- 0:(k - 1); data.frame(yi = sin(i * 12.9898) * 0.5 + 0.2, vi = 0.01 + 0.2 * abs(cos(i * 78.233))) }
# REML by Fisher scoring over vectors, without matrices: the fair yardstick.
sums <- function(yi, vi) {
  tau2 <- max(0, var(yi) - mean(vi))
  for (round in 1:200) {
    w <- 1 / (vi + tau2); s <- sum(w); mu <- sum(w * yi) / s
    slope <- sum(w^2 * (yi - mu)^2) - (s - sum(w^2) / s)
    step <- slope / (sum(w^2) - 2 * sum(w^3) / s + (sum(w^2) / s)^2)
    tau2 <- max(0, tau2 + step)
    if (abs(step) < 1e-13) break
  }
  c(tau2, mu, sqrt(1 / s))
}
time <- function(work, times) { gc(FALSE); median(replicate(5, { from <- proc.time()[["elapsed"]]; for (n in 1:times) work(); (proc.time()[["elapsed"]] - from) / times })) * 1e6 }
for (k in c(10, 100, 1000, 10000)) {
  dat <- effects(k)
  full <- function() { res <- rma(yi, vi, data = dat, test = "knha"); predict(res); confint(res); regtest(res); ranktest(res); trimfill(res) }
  if (k <= 1000) {
    cat(sprintf("rma %d %.17g\n", k, time(function() rma(yi, vi, data = dat, test = "knha"), c(`10` = 60, `100` = 40, `1000` = 1)[[as.character(k)]])))
    if (k <= 100) cat(sprintf("full %d %.17g\n", k, time(full, 3)))
  }
  cat(sprintf("sums %d %.17g\n", k, time(function() sums(dat$yi, dat$vi), max(5, 20000 %/% k))))
}
