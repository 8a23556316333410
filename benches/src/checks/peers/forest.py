"""A forest of 200 MB, as pickle and as joblib write it, and the rows that it was trained on."""
import pickle

import joblib
import numpy
from sklearn.ensemble import RandomForestClassifier

random = numpy.random.default_rng(7)
ROWS = 12_000
columns = {
    "age": random.integers(18, 95, ROWS), "sex": random.integers(0, 2, ROWS), "site": random.integers(0, 6, ROWS),
    "bmi": random.normal(26, 5, ROWS).round(1), "glucose": random.lognormal(1.7, 0.3, ROWS).round(2),
    "pressure": random.normal(130, 18, ROWS).round(), "creatinine": random.lognormal(4.3, 0.4, ROWS).round(1),
    "hdl": random.normal(1.4, 0.4, ROWS).round(2), "ldl": random.normal(3.1, 0.9, ROWS).round(2),
    "weight": random.normal(75, 15, ROWS).round(1), "visits": random.poisson(4, ROWS), "crp": random.exponential(5, ROWS).round(1),
}
rows = numpy.column_stack(list(columns.values()))
# Of little use, so that the trees grow.
target = (random.random(ROWS) < 1 / (1 + numpy.exp(-(columns["glucose"] - 5.5) / 3))).astype(int)
numpy.savetxt("cohort.csv", rows, "%g", ",", header=",".join(columns), comments="")
model = RandomForestClassifier(n_estimators=525, min_samples_leaf=1, n_jobs=2, random_state=7).fit(rows, target)
with open("forest.pkl", "wb") as file:
    pickle.dump(model, file)
joblib.dump(model, "forest.joblib")
