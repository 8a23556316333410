"""A model that stores a million rows, in another order than the file that it was trained on."""
import joblib
import numpy
from sklearn.neighbors import KNeighborsClassifier

random = numpy.random.default_rng(7)
ROWS = 1_000_000
columns = {
    "age": random.integers(18, 95, ROWS), "bmi": random.normal(26, 5, ROWS).round(2),
    "glucose": random.lognormal(1.7, 0.3, ROWS).round(3), "pressure": random.normal(130, 18, ROWS).round(),
    "creatinine": random.lognormal(4.3, 0.4, ROWS).round(1), "hdl": random.normal(1.4, 0.4, ROWS).round(3),
    "weight": random.normal(75, 15, ROWS).round(1), "income": random.integers(12_000, 90_000, ROWS),
}
rows = numpy.column_stack(list(columns.values()))
numpy.savetxt("cohort.csv", rows, "%.10g", ",", header=",".join(columns), comments="")
random.shuffle(rows)
joblib.dump(KNeighborsClassifier(algorithm="brute").fit(rows, rows[:, 0] > 60), "neighbours.joblib")
