# Recomputes the conclusions of a results file of Contraste (Results -> JSON) from its counts, in base R plus jsonlite:
#   Rscript docs/recompute.R results.json
# Prints every figure as the file has it and as R gets it; ends with 1 if any differ by more than 1e-6 of its size.
library(jsonlite)
file <- commandArgs(TRUE)[1]
all <- fromJSON(file, simplifyVector = FALSE)
rec <- all$record; plan <- all$plan$plan; watch <- rec$monitoring
arm <- function(key) Filter(function(one) one$key == key, rec$arms)[[1]]
counted <- c(conversion = "converted", click = "clicked", reply = "replied", revenue = "converted")[[rec$metric]]
control <- arm(rec$control); treatments <- lapply(rec$comparisons, function(one) arm(one$key)); m <- length(treatments)
worst <- 0
say <- function(what, file, r) {
  if (is.null(file)) { cat(sprintf("%-42s %18s\n", what, "not in the file")); return(invisible()) }
  off <- abs(file - r) / max(1e-9, abs(r)); worst <<- max(worst, off)
  cat(sprintf("%-42s %18.10g %18.10g  %s\n", what, file, r, if (off < 1e-6) "agrees" else "DIFFERS"))
}
cat(sprintf("%-42s %18s %18s\n", "", "in the file", "in R"))

# Sizes of the parts, and delivery (Pearson)
seen <- sapply(rec$srm$parts, `[[`, "observed"); planned <- sapply(rec$srm$parts, `[[`, "planned")
say("split, p", rec$srm$p, chisq.test(seen, p = planned)$p.value)
sent <- Filter(function(one) one$key != "holdout", rec$arms)
if (length(sent) > 1 && !is.null(rec$delivery)) {
  got <- sapply(sent, `[[`, "delivered"); n <- sapply(sent, `[[`, "assigned")
  if (sum(got) > 0 && sum(got) < sum(n)) say("delivery, p", rec$delivery$p, chisq.test(cbind(got, n - got), correct = FALSE)$p.value)
}

# Score family (Miettinen & Nurminen 1985): z of a difference, by the likelihood restricted to it
z_at <- function(xc, nc, xt, nt, d) {
  lo <- max(0, -d); hi <- min(1, 1 - d)
  slope <- function(p) { q <- p + d; t <- function(x, p) if (x == 0) 0 else x / p
    t(xc, p) - t(nc - xc, 1 - p) + t(xt, q) - t(nt - xt, 1 - q) }
  e <- (hi - lo) * 1e-14
  p <- if (slope(lo + e) <= 0) lo else if (slope(hi - e) >= 0) hi else uniroot(slope, c(lo + e, hi - e), tol = 1e-16)$root
  v <- ((p + d) * (1 - p - d) / nt + p * (1 - p) / nc) * (nc + nt) / (nc + nt - 1)
  off <- xt / nt - xc / nc - d
  if (off == 0) 0 else off / sqrt(v)
}
interval <- function(xc, nc, xt, nt, z) {
  d <- xt / nt - xc / nc
  c(uniroot(function(x) z_at(xc, nc, xt, nt, x) - z, c(-1 + 1e-12, d), tol = 1e-15)$root,
    uniroot(function(x) z_at(xc, nc, xt, nt, x) + z, c(d, 1 - 1e-12), tol = 1e-15)$root)
}
test_of <- function(xc, nc, xt, nt) {
  pooled <- (xc + xt) / (nc + nt)
  if (min(pooled, 1 - pooled) * min(nc, nt) < 1) return(fisher.test(matrix(c(xc, nc - xc, xt, nt - xt), 2))$p.value)
  z <- (xt / nt - xc / nc) / sqrt(pooled * (1 - pooled) * (1 / nc + 1 / nt)) * sqrt((nc + nt - 1) / (nc + nt))
  2 * pnorm(-abs(z))
}

# By how many standard errors a variant must differ
dunnett_tail <- function(c, n0, n) {
  l <- sqrt(n / (n + n0)); s <- sqrt(1 - l^2)
  1 - integrate(function(u) sapply(u, function(x) dnorm(x) * prod(pnorm((l * x + c) / s) - pnorm((l * x - c) / s))), -9, 9,
    rel.tol = 1e-12, subdivisions = 2000)$value
}
mixture <- function(tau, a) { r <- -2 * log(a) + log(-2 * log(a) + 1); sqrt((1 + 1 / (r * tau)) * log((1 + r * tau) / a^2)) }
# Group sequential, O'Brien-Fleming type spending (Lan & DeMets 1983), by integrating the density of the score
looks_boundary <- function(share, info, a) {
  spent <- 4 * pnorm(qnorm(1 - a / 4) / sqrt(share), lower.tail = FALSE)
  x <- 0; w <- 1; before <- 0; paid <- 0
  for (k in seq_along(share)) {
    step <- sqrt(info[k] - before)
    out <- function(b) sum(w * (pnorm((b - x) / step, lower.tail = FALSE) + pnorm((b + x) / step, lower.tail = FALSE)))
    b <- uniroot(function(b) out(b) - (spent[k] - paid), c(0, 12 * sqrt(info[k])), tol = 1e-14)$root
    nodes <- seq(-b, b, length.out = 4001); h <- nodes[2] - nodes[1]
    simpson <- h / 3 * c(1, rep(c(4, 2), 1999), 4, 1)
    w <- simpson * sapply(nodes, function(y) sum(w * dnorm((y - x) / step) / step))
    x <- nodes; before <- info[k]; paid <- spent[k]
  }
  b / sqrt(before)
}
n0 <- control$assigned; n <- sapply(treatments, `[[`, "assigned")
if (is.null(watch)) {
  critical <- uniroot(function(c) dunnett_tail(c, n0, n) - rec$alpha, c(1.9, 4), tol = 1e-12)$root
} else if (watch$method == "looks") {
  info <- sapply(watch$path, `[[`, "information")
  if (rec$metric != "revenue") {
    x <- sum(sapply(c(list(control), treatments), `[[`, counted))
    say("information (pooled odds)", watch$information, x / (n0 + sum(n) - x))
  }
  critical <- looks_boundary(sapply(watch$path, `[[`, "share"), info, rec$alpha / m)
} else {
  critical <- mixture(watch$information / (plan$plannedRate / (1 - plan$plannedRate)), rec$alpha / m)
}
say("critical value", rec$critical, critical)

# The primary metric. Revenue is compared on each buyer's amount, which is personal and not in the file.
if (rec$metric != "revenue") for (one in rec$comparisons) {
  t <- arm(one$key); name <- paste(one$key, "against", rec$control)
  args <- list(control[[counted]], n0, t[[counted]], t$assigned)
  ends <- do.call(interval, c(args, critical))
  say(paste(name, "difference"), one$difference$estimate, t[[counted]] / t$assigned - control[[counted]] / n0)
  say(paste(name, "lower"), one$difference$lower, ends[1])
  say(paste(name, "upper"), one$difference$upper, ends[2])
  p <- do.call(test_of, args); say(paste(name, "p"), one$p, p)
  if (is.null(watch)) say(paste(name, "p adjusted (Dunnett)"), one$pAdjusted, dunnett_tail(qnorm(p / 2, lower.tail = FALSE), n0, n))
}

# Guardrails, where the control was sent something
if (rec$control != "holdout") for (one in rec$comparisons) for (g in one$guardrails) {
  harmed <- c(optOut = "optedOut", failure = "failed")[[g$metric]]; t <- arm(one$key)
  x <- sum(sapply(c(list(control), treatments), `[[`, harmed)); people <- n0 + sum(n)
  rate <- max(1, x) / max(2, people + 1)
  z <- if (is.null(watch)) critical else mixture((rate / (1 - rate)) / (g$limit / (1 - g$limit)), rec$alpha / m)
  ends <- interval(control[[harmed]], n0, t[[harmed]], t$assigned, z)
  say(paste(one$key, g$metric, "lower"), g$lower, ends[1]); say(paste(one$key, g$metric, "upper"), g$upper, ends[2])
}

# Money against the holdout (Welch, from sums): people, total and sum of squares in major units
if (!is.null(rec$money$incremental)) {
  sums <- function(arms) c(n = sum(sapply(arms, `[[`, "assigned")), s = sum(sapply(arms, `[[`, "revenueMicros")) / 1e6,
    q = sum(sapply(arms, `[[`, "revenueSquares")))
  a <- sums(sent); h <- sums(list(arm("holdout")))
  v <- function(o) (o[["q"]] - o[["s"]]^2 / o[["n"]]) / (o[["n"]] - 1) / o[["n"]]
  d <- a[["s"]] / a[["n"]] - h[["s"]] / h[["n"]]; se <- sqrt(v(a) + v(h))
  df <- se^4 / (v(a)^2 / (a[["n"]] - 1) + v(h)^2 / (h[["n"]] - 1)); scale <- a[["n"]] * 1e6
  say("incremental revenue, micros", rec$money$incremental$estimate, d * scale)
  say("  lower", rec$money$incremental$lower, (d - qt(1 - rec$alpha / 2, df) * se) * scale)
  say("  upper", rec$money$incremental$upper, (d + qt(1 - rec$alpha / 2, df) * se) * scale)
}
cat(sprintf("largest relative difference %.1e: %s\n", worst, if (worst < 1e-6) "every figure agrees" else "NOT EVERY FIGURE AGREES"))
quit(status = if (worst < 1e-6) 0 else 1)
