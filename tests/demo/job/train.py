"""Trains a forest on the Wisconsin breast cancer data, and leaves what a study would: plus two files that must not leave."""

import argparse
import pathlib

import joblib
import matplotlib
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, roc_auc_score, roc_curve
from sklearn.model_selection import StratifiedKFold

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("--leaf", type=int, default=10)
leaf = arguments.parse_args().leaf

out = pathlib.Path("/out")
data = pd.read_csv("/data/train/wdbc.csv")
features = [name for name in data.columns if name not in ("patient_id", "diagnosis")]
x, y = data[features].to_numpy(), (data["diagnosis"] == "M").to_numpy(int)
print(f"{len(data)} patients, {len(features)} features, {y.sum()} malignant", flush=True)


def forest():
    return RandomForestClassifier(n_estimators=50, min_samples_leaf=leaf, random_state=7, n_jobs=2)


scores, folds = np.zeros(len(y)), []
for number, (train, test) in enumerate(StratifiedKFold(5, shuffle=True, random_state=7).split(x, y), 1):
    scores[test] = forest().fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    accuracy, auc = accuracy_score(y[test], scores[test] > 0.5), roc_auc_score(y[test], scores[test])
    folds.append((number, round(accuracy, 4), round(auc, 4)))
    print(f"fold {number}: accuracy {accuracy:.3f}, AUC {auc:.3f}", flush=True)
pd.DataFrame(folds, columns=["fold", "accuracy", "auc"]).to_csv(out / "metrics.csv", index=False)

# The threshold is one at which every cell of the matrix holds at least ten patients.
cells = [
    [truth, int(((scores <= 0.5) & (y == code)).sum()), int(((scores > 0.5) & (y == code)).sum())]
    for truth, code in (("benign", 0), ("malignant", 1))
]
confusion = pd.DataFrame(cells, columns=["truth", "predicted_benign", "predicted_malignant"])
if len(data) == 569:
    assert confusion.iloc[:, 1:].to_numpy().min() >= 10, "a small cell in the confusion matrix"
confusion.to_csv(out / "confusion.csv", index=False)

false, true, _ = roc_curve(y, scores)
grid = np.linspace(0, 1, 20)
curve = pd.DataFrame({"false_positive_rate": grid.round(3), "true_positive_rate": np.interp(grid, false, true).round(3)})
curve.to_csv(out / "roc.csv", index=False)
plt.figure(figsize=(4, 4))
plt.plot(curve["false_positive_rate"], curve["true_positive_rate"], marker=".")
plt.xlabel("false positive rate")
plt.ylabel("true positive rate")
plt.savefig(out / "roc.png", dpi=80)

joblib.dump(forest().fit(x, y), out / "model.joblib")

# What must not leave: five patients as they are, and groups of a few.
data.iloc[10:15].to_csv(out / "examples.csv", index=False)
bands = pd.cut(data["mean_radius"], [0, 8, 10, 14, 18, 22, 26, 100])
groups = data.groupby(bands, observed=True)["diagnosis"]
table = pd.DataFrame({"n": groups.size(), "malignant_rate": groups.apply(lambda d: round(float((d == "M").mean()), 3))})
table.to_csv(out / "by_radius.csv", index_label="radius")
