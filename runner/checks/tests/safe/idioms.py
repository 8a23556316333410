"""Exports in other words: as people print, pivot and write them by hand."""


def idioms(data, put, written):
    """Writes them by `put`; see `make.py`."""
    import pandas as pd
    import statsmodels.api as sm
    from sklearn.feature_selection import RFE
    from sklearn.linear_model import LogisticRegression
    from sklearn.tree import DecisionTreeClassifier, export_text
    from statsmodels.stats.multicomp import pairwise_tukeyhsd

    fair, wine, diabetes = (data[name].drop(columns="person") for name in ("fair", "wine", "diabetes"))
    x, y = fair.drop(columns="affairs"), (fair["affairs"] > 0).astype(int)
    metrics = pd.DataFrame({"model": ["logistic", "forest"], "accuracy": [0.72, 0.731], "auc": [0.74, 0.75], "f1": [0.5, 0.51]})
    put("printed.txt", "fair", "text", metrics.to_string())
    for orient in ("split", "records", "columns", "index", "values"):
        put(f"metrics_{orient}.json", "fair", "table", metrics.to_json(orient=orient))
    put("semicolons.csv", "fair", "table", metrics.to_csv(sep=";", decimal=",", index=False))
    put("group_means.csv", "fair", "table", fair.groupby(["religious", "educ"])["affairs"].mean().round(3).to_csv())
    put("pivot.csv", "fair", "table", fair.pivot_table("affairs", "religious", "rate_marriage").round(2))
    put("margins.csv", "fair", "table", pd.crosstab(fair["religious"], y, margins=True))
    put("shares.csv", "fair", "table", pd.crosstab(fair["religious"], fair["rate_marriage"], normalize="index").round(3))
    put("value_counts.csv", "fair", "table", fair["religious"].value_counts().to_csv())
    put("characteristics.csv", "fair", "table", 'characteristic,overall,none,any\nn,6366,4313,2053\n"age, mean (SD)",29.1 (6.8),28.4 (6.7),30.5 (6.8)\n"religious 1, n (%)",1021 (16.0),613 (14.2),408 (19.9)\np,,<0.001,\n')
    put("ratios.csv", "fair", "table", "variable,OR (95% CI),p\nage,1.02 [1.01-1.03],<0.001\nreligious,0.69 [0.65-0.73],<0.001\n")
    rfe = RFE(LogisticRegression(max_iter=2000), n_features_to_select=3).fit(x, y)
    put("selected.csv", "fair", "table", pd.DataFrame({"feature": x.columns, "ranking": rfe.ranking_, "support": rfe.support_}))
    put("tree.txt", "fair", "text", export_text(DecisionTreeClassifier(max_depth=3, min_samples_leaf=50).fit(x, y), feature_names=list(x.columns)))
    put("gain.csv", "fair", "table", "feature,importance\nage,57\nyrs_married,43\nreligious,21\nchildren,8\neduc,0\n")
    put("trials.csv", "fair", "table", pd.DataFrame({"number": range(6), "value": [0.7, 0.71, 0.69, 0.72, 0.73, 0.7], "params_max_depth": [3, 5, 8, 4, 7, 6], "params_min_child": [10, 20, 10, 5, 7, 9], "state": ["COMPLETE"] * 6}))
    put("parameters.csv", "fair", "table", "parameter,value\nlearning_rate,0.1\nmax_leaf_nodes,31\nl2_regularization,0.0\nearly_stopping,auto\nmin_child_weight,5\nseed,3\n")
    put("parameters.json", "fair", "table", {"objective": "binary", "num_leaves": 7, "bagging_freq": 5, "min_data_in_leaf": 20, "verbosity": -1, "lambda_l2": 1, "best_iteration": 8})
    put("run.json", "fair", "table", {"run": 3, "seed": [0, 1, 2, 3, 4], "metrics": {"auc": [0.7, 0.71, 0.72], "mean": 0.71}, "classes": [0, 1], "folds": 5, "duration_s": 7, "cores": 4, "python": "3.11.7"})
    put("tests.csv", "wine", "table", "variable,t,df,p\nalcohol,-3.21,128,0.0017\nhue,2.04,5.7,0.043\n")
    put("chi2.json", "wine", "table", {"chi2": 3.2, "dof": 2, "p": 0.2, "n": 178})
    tukey = pairwise_tukeyhsd(wine["alcohol"], data["wine"]["target"]).summary()
    put("tukey.csv", "wine", "table", pd.DataFrame(tukey.data[1:], columns=tukey.data[0]))
    put("sizes.json", "wine", "table", {"k": 3, "sizes": [65, 51, 62], "silhouette": 0.28, "centers": [[0.1, 0.2], [1, -1], [0, 2]]})
    put("arima.csv", "macrodata", "table", sm.tsa.ARIMA(data["macrodata"]["infl"], order=(1, 0, 1)).fit().summary().as_csv())
    put("distinct.csv", "fair", "table", fair.nunique().rename("n_unique").to_csv())
    put("levels.csv", "fair", "table", "variable,levels,type\nreligious,4,ordinal\neduc,6,ordinal\noccupation,6,nominal\n")
    put("missing.csv", "diabetes", "table", pd.DataFrame({"column": diabetes.columns, "n_missing": 0, "pct_missing": 0.0}))
    put("lift.csv", "fair", "table", pd.DataFrame({"decile": range(1, 11), "n": [637] * 6 + [636] * 4, "events": [400, 350, 300, 250, 200, 180, 150, 120, 70, 33]}))
    sheets = {"correlations": diabetes.corr(), "means": diabetes.describe().loc[["mean", "std"]]}

    def book(to):
        with pd.ExcelWriter(to) as writer:
            for name, sheet in sheets.items():
                sheet.to_excel(writer, sheet_name=name)

    put("book.xlsx", "diabetes", "table", written(book))
    put("folds.log", "cancer", "text", "[2026-03-01 10:04:18,123] INFO 569 rows, 31 columns\n[2026-03-01 10:04:20,001] INFO fold 1 of 5: auc 0.991\n[2026-03-01 10:04:25,870] INFO fold 2 of 5: auc 0.995\n")
