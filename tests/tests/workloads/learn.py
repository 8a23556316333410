"""scikit-learn with joblib's processes, pandas with SQLite, and what a cache keeps."""

import sqlite3

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV

table = pd.DataFrame(np.random.default_rng(1).random((400, 6)))
target = (table[0] > 0.5).astype(int)
search = GridSearchCV(RandomForestClassifier(20), {"max_depth": [2, 3]}, n_jobs=2)
search.fit(table, target)
print(search.score(table, target) > 0.9)

# Arrays above a megabyte go to the workers by /dev/shm.
large = np.ones((512, 1024))
print(joblib.Parallel(n_jobs=2)(joblib.delayed(np.sum)(large) for _ in range(2)))
print(joblib.Parallel(n_jobs=2, prefer="threads")(joblib.delayed(abs)(x) for x in [-1, 2]))
memory = joblib.Memory("/tmp/cache", verbose=0)
print(memory.cache(sum)([1, 2]), memory.cache(sum)([1, 2]))

with sqlite3.connect("/tmp/table.db") as db:
    table.rename(columns=str).to_sql("rows", db)
    print(len(pd.read_sql("SELECT * FROM rows", db)))
joblib.dump(search, "/out/model.joblib")
