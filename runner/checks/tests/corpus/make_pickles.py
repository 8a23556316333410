"""Writes files as real libraries write them, for tests that none of them is blocked.

    python make_pickles.py FOLDER

Run it once for each environment: what isn't installed is left out, and each file's name says which library wrote it, in
which version, and how. With `--all` every estimator that scikit-learn has is fitted; without, a few of each kind, small
enough to be kept in the tree.
"""

import argparse
import collections
import datetime
import pathlib
import pickle
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")

# Few rows, so that models that keep them stay small. The labels are a linear function of the columns and a little noise.
ROWS = np.random.RandomState(7).normal(size=(24, 3))
LABELS = (ROWS @ [1.0, -2.0, 0.5] + np.random.RandomState(8).normal(size=24) * 3 > 0).astype(int)
VALUES = ROWS @ [0.3, 1.7, -1.1] + np.random.RandomState(9).normal(size=24)
WORDS = ["a red apple", "a green pear", "the red pear", "an apple and a pear"]


def plain():
    """What Python itself pickles."""
    shared = [1, 2.5, "shared"]
    yield "scalars", [None, True, False, 0, 1, -1, 255, 256, 65536, -(2**31), 2**40, 2**80, -(2**200), 0.5, -1e300, float("inf")]
    yield "texts", ["", "plain", "two\nlines", "back\\slash", "caf\xe9", "\u4f60\u597d", "\U0001f600", "x" * 300, 'quo"te', "it's"]
    yield "bytes", [b"", b"abc", bytes(range(256)), bytearray(b"xyz"), bytearray()]
    yield "containers", {"list": shared, "again": shared, "tuple": (1, (2, 3), ()), "set": {1, 2}, "frozen": frozenset("ab")}
    yield "builtins", [complex(1, 2), slice(1, 2, 3), range(5), int, float, str, set(), object()]
    yield "collections", [collections.OrderedDict(a=1, b=2), collections.defaultdict(list, a=[1]), collections.Counter("aab"), collections.deque([1, 2], 5)]
    yield "dates", [datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 30), datetime.timedelta(3, 4), datetime.time(1, 2), datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)]
    cycle = [1]
    cycle.append(cycle)
    yield "cycle", cycle
    yield "records", [{"age": 30 + i, "sex": "mf"[i % 2], "weight": 60.5 + i} for i in range(5)]
    yield "rows", [(i, i * 0.5, str(i)) for i in range(5)]


def arrays():
    """Arrays of every kind."""
    yield "floats", [np.arange(6).astype(kind).reshape(2, 3) for kind in ("f2", "f4", "f8", ">f8", ">i4", "i1", "u2", "u8", "?")]
    yield "orders", [np.asfortranarray(ROWS), ROWS.T, ROWS[::2], np.zeros((0, 3)), np.array(3.5), np.float64(2.5), np.int32(7), np.bool_(True)]
    yield "texts", [np.array(["a", "bcd"]), np.array([b"a", b"bcd"]), np.array(["x", 1, None, 2.5], dtype=object), np.str_("s")]
    yield "times", [np.array(["2024-01-01", "NaT"], dtype="M8[ns]"), np.array([1, 2], dtype="m8[D]"), np.datetime64("2024-01-01")]
    fields = np.zeros(3, dtype=[("left", "i8"), ("threshold", "f8"), ("flag", "u1")])
    yield "records", [fields, np.zeros(2, dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True)), fields.view(np.recarray)]
    yield "masked", np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0])
    yield "kinds", [np.dtype("f8"), np.float32, np.dtype("M8[ns]"), np.ndarray, np.log1p, np.add]
    yield "random", [np.random.RandomState(3), np.random.default_rng(3)]
    yield "objects", np.array([{"a": 1}, [1, 2], "text"], dtype=object)
    yield "complex", np.array([1 + 2j, 3])


def sparse():
    import scipy.sparse as sp
    for kind in ("csr", "csc", "coo", "bsr", "lil", "dok", "dia"):
        yield f"{kind}_matrix", getattr(sp, f"{kind}_matrix")(np.eye(3))
        if hasattr(sp, f"{kind}_array"):
            yield f"{kind}_array", getattr(sp, f"{kind}_array")(np.eye(3))


def frames():
    import pandas as pd
    frame = pd.DataFrame({"age": [30, 40, 50], "weight": [60.5, 70.5, np.nan], "sex": ["m", "f", "m"]})
    yield "frame", frame
    yield "series", frame["age"]
    yield "category", frame.assign(sex=frame["sex"].astype("category"))
    yield "times", pd.DataFrame({"at": pd.date_range("2024-01-01", periods=3), "value": [1, 2, 3]}).set_index("at")
    yield "stamps", [pd.Timestamp("2024-01-01"), pd.Timedelta("1D"), pd.NaT, pd.Timestamp("2024-01-01", tz="UTC"), pd.NA, pd.Period("2024-01", "M")]
    yield "grouped", frame.groupby(["sex", "age"]).mean()
    yield "nullable", pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean"), "c": pd.array([1.5, None], dtype="Float64"), "d": pd.array(["x", None], dtype="string")})
    yield "intervals", pd.cut(pd.Series([1, 5, 9]), 3)
    yield "index", [pd.Index([1, 2]), pd.RangeIndex(4), pd.Index(["a"]), pd.Index([0.5]), pd.MultiIndex.from_tuples([(1, "a")]), pd.DatetimeIndex(["2024-01-01"]), pd.TimedeltaIndex(["1D"]), pd.PeriodIndex(["2024-01"], freq="M"), pd.CategoricalIndex(["a", "b"])]
    yield "zones", pd.DataFrame({"at": pd.date_range("2024-01-01", periods=3, tz="UTC")})
    yield "sparse", pd.Series(pd.arrays.SparseArray([0, 0, 1]))


def some():
    """A few estimators of each kind."""
    from sklearn import cluster, compose, decomposition, dummy, ensemble, feature_extraction, gaussian_process, impute, isotonic, linear_model, model_selection, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree
    yield linear_model.LinearRegression().fit(ROWS, VALUES)
    yield linear_model.LogisticRegression().fit(ROWS, LABELS)
    yield linear_model.LogisticRegressionCV(cv=2, Cs=3).fit(ROWS, LABELS)
    yield linear_model.ElasticNet().fit(ROWS, VALUES)
    yield linear_model.SGDClassifier(random_state=1).fit(ROWS, LABELS)
    yield linear_model.PoissonRegressor().fit(ROWS, np.abs(VALUES))
    yield svm.SVC(probability=False).fit(ROWS, LABELS)
    yield svm.LinearSVC().fit(ROWS, LABELS)
    yield tree.DecisionTreeClassifier(max_depth=3).fit(ROWS, LABELS)
    yield ensemble.RandomForestRegressor(3, max_depth=3, random_state=0).fit(ROWS, VALUES)
    yield ensemble.ExtraTreesClassifier(3, max_depth=3, random_state=np.random.RandomState(0)).fit(ROWS, LABELS)
    yield ensemble.GradientBoostingClassifier(n_estimators=3, max_depth=2).fit(ROWS, LABELS)
    yield ensemble.HistGradientBoostingRegressor(max_iter=3).fit(ROWS, VALUES)
    yield ensemble.IsolationForest(n_estimators=2, max_samples=8).fit(ROWS)
    yield ensemble.StackingClassifier([("a", linear_model.LogisticRegression()), ("b", naive_bayes.GaussianNB())], cv=2).fit(ROWS, LABELS)
    yield neighbors.KNeighborsClassifier(algorithm="kd_tree").fit(ROWS, LABELS)
    yield neighbors.KNeighborsRegressor(algorithm="ball_tree", metric="manhattan").fit(ROWS, VALUES)
    yield neighbors.KernelDensity().fit(ROWS)
    yield naive_bayes.GaussianNB().fit(ROWS, LABELS)
    yield neural_network.MLPClassifier(hidden_layer_sizes=(3,), max_iter=5, random_state=1).fit(ROWS, LABELS)
    yield gaussian_process.GaussianProcessRegressor(kernel=gaussian_process.kernels.RBF() + gaussian_process.kernels.WhiteKernel()).fit(ROWS, VALUES)
    yield gaussian_process.GaussianProcessClassifier().fit(ROWS, LABELS)
    yield cluster.KMeans(2, n_init=1, random_state=0).fit(ROWS)
    yield cluster.DBSCAN().fit(ROWS)
    yield decomposition.PCA(2).fit(ROWS)
    yield preprocessing.StandardScaler().fit(ROWS)
    yield preprocessing.OneHotEncoder().fit([["a"], ["b"]])
    yield preprocessing.FunctionTransformer(np.log1p, np.expm1)
    yield preprocessing.SplineTransformer().fit(ROWS)
    yield preprocessing.LabelEncoder().fit(["b", "a"])
    yield impute.SimpleImputer().fit(ROWS)
    yield impute.KNNImputer().fit(ROWS)
    yield isotonic.IsotonicRegression().fit(ROWS[:, 0], VALUES)
    yield dummy.DummyClassifier().fit(ROWS, LABELS)
    yield feature_extraction.text.CountVectorizer().fit(WORDS)
    yield feature_extraction.text.TfidfVectorizer(stop_words="english").fit(WORDS)
    yield pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC()).fit(ROWS, LABELS)
    yield model_selection.GridSearchCV(linear_model.Ridge(), {"alpha": [0.1, 1.0]}, cv=2).fit(ROWS, VALUES)
    yield model_selection.RandomizedSearchCV(svm.SVR(), {"C": [0.1, 1.0]}, n_iter=2, cv=model_selection.KFold(2), scoring="r2", random_state=0).fit(ROWS, VALUES)
    yield compose.make_column_transformer((preprocessing.StandardScaler(), [0]), (preprocessing.MinMaxScaler(), slice(1, 3)), remainder="passthrough").fit(ROWS)
    yield compose.TransformedTargetRegressor(linear_model.Ridge(), func=np.log1p, inverse_func=np.expm1).fit(ROWS, np.abs(VALUES))
    from sklearn import calibration, feature_selection, metrics, multiclass
    scorer = metrics.make_scorer(metrics.f1_score, average="macro")
    yield model_selection.GridSearchCV(svm.SVC(), {"C": [1.0, 2.0]}, cv=model_selection.StratifiedKFold(2, shuffle=True, random_state=1), scoring={"f1": scorer, "accuracy": "accuracy"}, refit="f1").fit(ROWS, LABELS)
    yield feature_selection.SelectKBest(feature_selection.mutual_info_classif, k=2).fit(ROWS, LABELS)
    yield feature_selection.RFECV(linear_model.LogisticRegression(), cv=2).fit(ROWS, LABELS)
    yield pipeline.FeatureUnion([("pca", decomposition.PCA(1)), ("scale", preprocessing.StandardScaler())]).fit(ROWS)
    yield calibration.CalibratedClassifierCV(svm.LinearSVC(), method="isotonic", cv=2).fit(ROWS, LABELS)
    yield multiclass.OneVsRestClassifier(linear_model.LogisticRegression()).fit(ROWS, LABELS)
    yield neighbors.KNeighborsClassifier(metric="cosine").fit(ROWS, LABELS)
    yield neighbors.KNeighborsClassifier(algorithm="ball_tree", metric="haversine").fit(ROWS[:, :2], LABELS)
    yield neighbors.NearestNeighbors(algorithm="kd_tree", metric="minkowski", p=3).fit(ROWS)
    yield ensemble.AdaBoostClassifier(n_estimators=2).fit(ROWS, LABELS)
    yield ensemble.HistGradientBoostingClassifier(max_iter=2, categorical_features=[2], early_stopping=True).fit(np.c_[ROWS[:, :2], LABELS], LABELS)
    yield gaussian_process.GaussianProcessRegressor(kernel=2.0 * gaussian_process.kernels.Matern() * gaussian_process.kernels.ExpSineSquared()).fit(ROWS, VALUES)
    yield preprocessing.QuantileTransformer(n_quantiles=5).fit(ROWS)
    yield preprocessing.PowerTransformer().fit(ROWS)
    yield linear_model.GammaRegressor().fit(ROWS, np.abs(VALUES) + 0.1)
    yield neural_network.MLPRegressor(hidden_layer_sizes=(2,), solver="lbfgs", max_iter=5).fit(ROWS, VALUES)
    yield svm.SVC(kernel="poly", probability=True).fit(ROWS, LABELS)
    yield linear_model.SGDClassifier(loss="modified_huber", random_state=1).fit(ROWS, LABELS)
    yield model_selection.cross_val_score(linear_model.Ridge(), ROWS, VALUES, cv=2)
    try:
        import pandas as pd
        if hasattr(preprocessing.StandardScaler, "set_output"):
            yield preprocessing.StandardScaler().set_output(transform="pandas").fit(pd.DataFrame(ROWS, columns=["a", "b", "c"]))
        frame = pd.DataFrame(ROWS, columns=["age", "weight", "height"]).assign(sex=["m", "f"] * 12)
        parts = compose.ColumnTransformer([("num", preprocessing.StandardScaler(), ["age", "weight"]), ("cat", preprocessing.OneHotEncoder(), compose.make_column_selector(dtype_exclude="number"))])
        yield pipeline.Pipeline([("parts", parts), ("model", linear_model.LogisticRegression())]).fit(frame, LABELS)
    except ImportError:
        pass


def every():
    """Every estimator that can be fitted without being told more."""
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.utils import all_estimators
    for name, kind in all_estimators():
        for make in (lambda: kind(), lambda: kind(LogisticRegression()), lambda: kind(Ridge()), lambda: kind([("a", LogisticRegression())]), lambda: kind([("a", Ridge())])):
            try:
                estimator = make()
            except Exception:
                continue
            done = False
            for data in ((ROWS, LABELS), (ROWS, VALUES), (np.abs(ROWS), LABELS), (WORDS,), (ROWS[:, 0], VALUES), (LABELS,), ([{"a": 1}],), (ROWS, np.c_[LABELS, 1 - LABELS]), (ROWS,), (ROWS, np.abs(VALUES))):
                try:
                    estimator.fit(*data)
                    done = True
                    break
                except Exception:
                    continue
            if done:
                yield estimator
                break
        else:
            print("not fitted:", name, file=sys.stderr)


def results():
    import pandas as pd
    import statsmodels.api as sm
    import statsmodels.formula.api as smf
    exog = sm.add_constant(ROWS)
    frame = pd.DataFrame(ROWS, columns=["age", "weight", "height"]).assign(y=VALUES, label=LABELS, sex=["m", "f"] * 12, n=np.arange(24) % 4)
    yield "ols", sm.OLS(VALUES, exog).fit()
    yield "ols_frame", sm.OLS(frame["y"], frame[["age", "weight"]]).fit()
    yield "wls", sm.WLS(VALUES, exog, weights=np.ones(24)).fit()
    yield "rlm", sm.RLM(VALUES, exog).fit()
    yield "logit", sm.Logit(LABELS, ROWS * 0.1).fit(disp=0)
    yield "probit", sm.Probit(LABELS, ROWS * 0.1).fit(disp=0)
    yield "poisson", sm.Poisson(frame["n"], exog).fit(disp=0)
    yield "negbin", sm.NegativeBinomial(frame["n"], exog).fit(disp=0, maxiter=5)
    yield "mnlogit", sm.MNLogit(frame["n"], ROWS[:, :1]).fit(disp=0)
    yield "glm", sm.GLM(LABELS, exog, family=sm.families.Binomial()).fit()
    yield "glm_gamma", sm.GLM(np.abs(VALUES), exog, family=sm.families.Gamma(sm.families.links.Log() if hasattr(sm.families.links, "Log") else sm.families.links.log())).fit()
    yield "glm_formula", smf.glm("label ~ age + C(sex)", frame, family=sm.families.Binomial()).fit()
    yield "ols_formula", smf.ols("y ~ age + np.log(n + 1) + C(sex)", frame).fit()
    yield "logit_formula", smf.logit("label ~ age", frame).fit(disp=0)
    yield "mixed", smf.mixedlm("y ~ age", frame, groups=frame["n"]).fit()
    yield "gee", sm.GEE(VALUES, exog, groups=np.arange(24) // 4).fit()
    yield "phreg", sm.PHReg(np.abs(VALUES), ROWS, status=LABELS).fit()
    yield "quantreg", sm.QuantReg(VALUES, exog).fit()
    yield "arima", sm.tsa.ARIMA(VALUES, order=(1, 0, 0)).fit()
    yield "autoreg", sm.tsa.AutoReg(VALUES, 1).fit()


def states():
    import torch
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    yield "state", net.state_dict()
    yield "module", net
    yield "lstm", torch.nn.LSTM(3, 2).state_dict()
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.zeros(2, 3)).sum().backward()
    optimizer.step()
    yield "checkpoint", {"model": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.5}
    base = torch.arange(12.0).reshape(3, 4)
    yield "views", {"t": base.t(), "row": base[1], "half": base.half(), "bf": base.bfloat16(), "long": torch.arange(3), "bool": torch.tensor([True]), "scalar": torch.tensor(2.0), "empty": torch.zeros(0)}
    yield "sparse", torch.eye(3).to_sparse()
    yield "transformer", torch.nn.TransformerEncoderLayer(4, 2, 8).state_dict()


def write(folder, library, version, name, thing, protocols):
    for protocol in protocols:
        path = folder / f"{library}-{version}-{name}-p{protocol}.pkl"
        try:
            content = pickle.dumps(thing, protocol)
        except Exception as error:
            print("not pickled:", path.name, error, file=sys.stderr)
            continue
        path.write_bytes(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, thing in plain():
        write(folder, "python", "%d.%d" % sys.version_info[:2], name, thing, range(6))
    for name, thing in arrays():
        write(folder, "numpy", np.__version__, name, thing, range(6))
    try:
        import scipy
        for name, thing in sparse():
            write(folder, "scipy", scipy.__version__, name, thing, (2, 4))
        import pandas
        for name, thing in frames():
            write(folder, "pandas", pandas.__version__, name, thing, (0, 2, 4, 5))
        import joblib
        import sklearn
        for at, estimator in enumerate(every() if options.all else some()):
            name = f"{at:03}-{type(estimator).__name__}"
            write(folder, "sklearn", sklearn.__version__, name, estimator, (0, 2, 4, 5) if options.all else (4,))
            stem = f"joblib-{joblib.__version__}-{name}"
            try:
                joblib.dump(estimator, folder / f"{stem}.joblib")
                if at % 4 == 0:
                    joblib.dump(estimator, folder / f"{stem}-z.joblib", compress=3)
                    joblib.dump(estimator, folder / f"{stem}-gz.joblib", compress=("gzip", 3))
                    joblib.dump(estimator, folder / f"{stem}-bz2.joblib", compress=("bz2", 3))
                    joblib.dump(estimator, folder / f"{stem}-xz.joblib", compress=("xz", 3))
            except Exception as error:
                print("not dumped:", stem, error, file=sys.stderr)
        for name, thing in list(plain()) + list(arrays()):
            joblib.dump(thing, folder / f"joblib-{joblib.__version__}-{name}.joblib")
        import statsmodels
        for name, fitted in results():
            stem = f"statsmodels-{statsmodels.__version__}-{name}"
            fitted.save(folder / f"{stem}.pkl")
            try:
                fitted.save(folder / f"{stem}-without.pkl", remove_data=True)
            except Exception as error:
                print("not saved:", stem, error, file=sys.stderr)
    except ImportError as error:
        print(error, file=sys.stderr)
    try:
        import torch
    except ImportError:
        return
    version = torch.__version__.split("+")[0]
    for name, thing in states():
        torch.save(thing, folder / f"torch-{version}-{name}.pt")
        torch.save(thing, folder / f"torch-{version}-{name}-legacy.pt", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
