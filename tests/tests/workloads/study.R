# A model in R: a table is read, fitted on two processes, written, and kept.
library(parallel)

set.seed(1)
table <- data.frame(x = runif(500), z = rnorm(500))
table$y <- 2 * table$x + rnorm(500, sd = 0.1)
write.csv(table, "/tmp/table.csv", row.names = FALSE)
table <- read.csv("/tmp/table.csv")
fits <- mclapply(1:2, function(seed) {
  rows <- sample(nrow(table), replace = TRUE)
  coef(lm(y ~ x + z, data = table[rows, ]))
}, mc.cores = 2)
stopifnot(abs(fits[[1]]["x"] - 2) < 0.1)
saveRDS(fits, "/out/fits.rds")
cat(system("echo said", intern = TRUE), format(Sys.time(), "%Y") > "2000", "\n", sep = " ")
