"""Writes what objects of the libraries hold, attribute by attribute, to `states.txt`.

    python states.py survey FILE      in an environment of each version: makes objects of every kind, and notes what they hold
    python states.py write FILE...    makes the list of all that was noted

A section begins with a library. Then come its attributes, each with what it may hold, on its own or in lists, tuples, dicts and arrays of objects:

    1  numbers, and arrays of them      T  texts in arrays      t  any text      k  any key of a dict      b  bytes
    c  lists, tuples, dicts, sets       p  sparse matrices      f  functions and classes that are on the lists
    r  generators of random numbers     d  kinds of numbers     @Group  objects of this group     =text  this text

and then its classes, each with its group and the names of its attributes. `Name()` is what a class or function of that name is called with, `Name{}` a state that is
no dict. None may stand everywhere.

An attribute's name counts in all classes of its library alike: so a variant of one model that nobody made here is known by another. Texts are those
that were seen and those that a constructor says it takes. Any text may stand only where the names in ANY say so: a library shows it, or compares it with others.
"""

import collections
import functools
import inspect
import itertools
import json
import pathlib
import pickle
import signal
import sys
import types
import urllib.parse
import warnings
from copyreg import dispatch_table

import numpy as np

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests/corpus")]
import list as names  # noqa: E402
import make_pickles as made  # noqa: E402

# Where any text may stand, and any key of a dict: names of columns, labels and steps, words of a text, patterns that are matched against words. A library compares
# them with others, or shows them. Formulas are read on their own.
ANY = {
    "sklearn": """_sklearn_version feature_names_in_ feature_names_ classes_ classes categories categories_ class_weight class_weight_ labels_ steps estimators transformers transformers_
        transformer_list named_estimators_ named_transformers_ _transformer_to_input_indices output_indices_ _columns _remainder _name_to_fitted_passthrough vocabulary vocabulary_ stop_words stop_words_
        token_pattern separator missing_values fill_value statistics_ unknown_value columns_ pattern _kwargs _scorers owner _requests _route_mappings refit
        constant constant_ threshold pos_label positive_class_ categorical_features monotonic_cst bounds names scoring scorer_ multimetric_ _cached_transform _dtype_dict""",
    "pandas": "name _name names _names data _attrs _items PeriodDtype() freq _freq_str",
    "statsmodels": "_cache xname yname names ynames_map _ynames_map endog_names exog_names xnames ynames param_names _param_names model_names _names formula __doc__ exog_re_names exog_vc_names exog_re_names_full"
        " state_names observed_names data_param_names names_vcomp group_names title summary_text vcp_names colnames _exog_names _endog_names exog_infl_names _summary_text _separation_etext exog_precision_names _formula_names",
    "scipy": "", "torch": "_parameters _buffers _modules", "python": "_metadata",
}
# Where a dict has settings by their names: each value is held to what the attribute of that name may hold.
SETTINGS = "param_grid param_distributions best_params_ cv_results_ params param_list _param_grid _random_search_params".split()
# What nobody may choose, whatever a constructor says that it takes: where models are cached and loaded from, files that are read, arguments of functions.
ONLY = {
    "sklearn": {"memory": [], "input": ["=content"], "kw_args": ["1", "c", "k"], "inv_kw_args": ["1", "c", "k"], "_doc_link_module": None, "_doc_link_template": None, "_doc_link_url_param_generator": None,
                "encoding": ["=utf-8", "=utf8", "=UTF-8", "=latin-1", "=latin1", "=ascii", "=cp1252", "=iso-8859-1"], "_sklearn_output_config": ["c", "=transform", "=default", "=pandas", "=polars"]},
    "pandas": {"unit": ["=ns", "=us", "=ms", "=s"], "closed": ["=left", "=right", "=both", "=neither"], "storage": ["=python", "=pyarrow"], "_attrs": ["1", "c", "t", "k"], "tz": ["@Zone"]},
    "torch": {key: ["c"] for key in "_backward_pre_hooks _backward_hooks _forward_hooks _forward_hooks_with_kwargs _forward_hooks_always_called _forward_pre_hooks _forward_pre_hooks_with_kwargs _state_dict_hooks _state_dict_pre_hooks _load_state_dict_pre_hooks _load_state_dict_post_hooks".split()},
}
# What tables hold: numbers, texts, and single values of kinds of their own. Nothing calls what lies there.
DATA = "1 T c d t @Array @Index @Dtype @Offset @Zone @_unpickle_timestamp @_timedelta_unpickle @_nat_unpickle @__nat_unpickle @Period @Interval @date @datetime @timedelta @time @Decimal".split()
ONLY["pandas"].update({key: DATA for key in ("_unpickle_block()", "new_block()", "SingleBlockManager{}", "data", "levels", "left", "right", "categories", "_ndarray", "_data")})
ONLY["pandas"]["SingleBlockManager{}"] = [*DATA, "k", "@slice"]
ONLY["pandas"]["_unpickle_block()"] = [*DATA, "@slice"]
LIBRARIES = {"_loss": "sklearn", "_sgd_fast": "sklearn", **dict.fromkeys("builtins datetime collections functools decimal types copyreg pytz fractions uuid".split(), "python")}
# What every estimator may have.
COMMON = "_sklearn_version _sklearn_output_config _metadata_request n_features_in_ feature_names_in_ _stop_words_id oob_score_ oob_prediction_ oob_decision_function_".split()
# What a survey of few rows doesn't come to.
MORE = {"_stop_words_id": ["1"], "oob_score_": ["1"], "oob_prediction_": ["1"], "oob_decision_function_": ["1"], "_remainder": ["@Estimator"], "lr_schedule": ["=constant", "=adaptive", "=invscaling"]}
SECONDS = 4


def full(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


class Notes:
    """What was seen: by class, attribute and kind."""

    def __init__(self):
        self.seen = collections.defaultdict(lambda: collections.defaultdict(set))
        self.groups = {}

    def note(self, thing):
        self.known, self.alive, self.queue, self.inside = set(), [], [], set()
        self.leaves(thing, set())
        while self.queue:
            self.object(self.queue.pop())

    def leaves(self, value, into, array=False):
        """Notes the kinds of a value, and of all that lies in it."""
        if value is None or id(value) in self.inside:
            return
        if isinstance(value, (list, dict, np.ndarray)):
            self.inside.add(id(value))
            self.content(value, into, array)
            self.inside.discard(id(value))
        else:
            self.content(value, into, array)

    def content(self, value, into, array):
        if isinstance(value, np.ndarray):
            if isinstance(value, np.ma.MaskedArray):
                value = value.data
            if value.dtype == object:
                into.add("c")
                for item in value.ravel():
                    self.leaves(item, into, True)
            else:
                into.add("T" if value.dtype.kind in "US" else "1")
        elif isinstance(value, str):
            into.add("T" if array or isinstance(value, np.str_) else f"={value}")
        elif isinstance(value, (bool, int, float, complex, np.generic)):
            into.add("1")
        elif isinstance(value, (bytes, bytearray)):
            into.add("b")
        elif type(value).__module__ in ("torch", "torch.nn.parameter") and hasattr(value, "is_sparse"):
            into.add("1")
            if value.is_sparse:
                self.queue.append(value)
        elif isinstance(value, np.dtype):
            into.add("d")
        elif isinstance(value, (np.random.RandomState, np.random.Generator)):
            into.add("r")
        elif isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType, np.ufunc)) or type(value).__name__ in ("_ArrayFunctionDispatcher", "cython_function_or_method"):
            into.add("f")
        elif type(value).__module__.startswith("scipy.sparse"):
            into.add("p")
            self.queue.append(value)
        elif isinstance(value, dict):
            into.add("c")
            if type(value) is not dict:
                self.queue.append(value)
            for key, item in value.items():
                into.add(f":{key}") if isinstance(key, str) else self.leaves(key, into, array)
                self.leaves(item, into, array)
        elif isinstance(value, (list, tuple, set, frozenset, collections.deque)):
            into.add("c")
            if isinstance(value, tuple) and type(value) is not tuple and self.name(value):
                into.add(f"@{self.group(type(value), self.name(value))}")
                self.queue.append(value)
            for item in value:
                self.leaves(item, into, array)
        else:
            name = self.name(value)
            if name is None:
                into.add("f")
                return
            into.add(f"@{self.group(type(value), name)}")
            self.queue.append(value)

    def parts(self, value):
        reduce = dispatch_table.get(type(value))
        made = reduce(value) if reduce else value.__reduce_ex__(2)
        if isinstance(made, str):
            return None
        callee, args, *more = made
        state, items, pairs = (list(more) + [None] * 3)[:3]
        if callee.__name__ == "__newobj__" or callee.__name__ in ("_reconstructor", "newObj", "__newobj_ex__"):
            return args[0], tuple(args[1:]) if callee.__name__ == "__newobj__" else (), state, items, pairs
        return callee, args, state, items, pairs

    def name(self, value):
        try:
            parts = self.parts(value)
            return parts and full(parts[0])
        except Exception:
            return "unpickled." + type(value).__name__

    def group(self, kind, name):
        group = group_of(kind) or name.rsplit(".", 1)[1]
        self.groups[name] = group
        return group

    def object(self, value):
        if id(value) in self.known:
            return
        self.known.add(id(value))
        self.alive.append(value)
        try:
            parts = self.parts(value)
        except Exception as error:
            return print("no parts:", type(value), error, file=sys.stderr)
        if parts is None:
            return
        callee, args, state, items, pairs = parts
        name = full(callee)
        self.group(type(value), name)
        seen, short = self.seen[name], callee.__qualname__
        if short.startswith("_new_") and len(args) == 2 and isinstance(args[1], dict):
            # How pandas makes indexes: of a class, and of what it holds by name.
            for key, item in args[1].items():
                self.leaves(item, seen[key])
            args = args[:1]
        if args and not isinstance(value, (dict, list, set, frozenset, collections.deque)):
            self.leaves(tuple(args), seen[f"{short}()"])
        dicts = [state] if isinstance(state, dict) else [one for one in state if isinstance(one, dict)] if isinstance(state, tuple) and len(state) == 2 and all(isinstance(one, (dict, type(None))) for one in state) else None
        if dicts is not None:
            for key, item in itertools.chain(*(one.items() for one in dicts)):
                self.leaves(item, seen[key])
        elif state is not None:
            self.leaves(state, seen[short + "{}"])
        rest = set()
        for item in itertools.chain(items or (), (item for _, item in pairs or ())):
            self.leaves(item, rest)

    def told(self):
        return {"groups": self.groups, "seen": {name: {key: sorted(kinds) for key, kinds in keys.items()} for name, keys in self.seen.items()}}


def group_of(kind):
    """A group that is larger than a class."""
    for base in kind.__mro__:
        name = full(base)
        known = {
            "sklearn.base.BaseEstimator": "Estimator",
            "sklearn.gaussian_process.kernels.Kernel": "Kernel",
            "torch.nn.modules.module.Module": "Module",
            "pandas.core.indexes.base.Index": "Index",
            "pandas.core.dtypes.base.ExtensionDtype": "Dtype",
            "pandas.core.arrays.base.ExtensionArray": "Array",
            "statsmodels.genmod.families.links.Link": "Link",
            "statsmodels.genmod.families.family.Family": "Family",
            "statsmodels.genmod.cov_struct.CovStruct": "CovStruct",
            "statsmodels.robust.norms.RobustNorm": "Norm",
        }.get(name)
        if known:
            return known
        if name.startswith("sklearn.model_selection._split.") and "Split" in name or name.endswith((".BaseCrossValidator", "._CVIterableWrapper")):
            return "Splitter"
        if name.startswith("sklearn.") and name.endswith(("Scorer", "_BaseScorer")):
            return "Scorer"
    home = kind.__module__
    if home.startswith("pandas."):
        for ending in ("Index", "Dtype", "Array"):
            if kind.__name__.endswith(ending):
                return ending
    if home in ("_loss", "_sgd_fast", "sklearn._loss._loss", "sklearn._loss.loss", "sklearn.ensemble._gb_losses", "sklearn.linear_model._sgd_fast", "sklearn.ensemble._hist_gradient_boosting.loss", "sklearn._loss.glm_distribution"):
        return "Loss"
    if home.startswith("pandas.") and "offsets" in home:
        return "Offset"
    if home.startswith(("pytz", "dateutil", "zoneinfo")) or kind.__name__ == "timezone":
        return "Zone"
    if kind.__name__.endswith("DistanceMetric") or home == "sklearn.metrics._dist_metrics":
        return "Distance"
    return None


class Late(Exception):
    pass


def in_time(call, *args):
    """What a call gives within its time, or nothing."""
    def late(*_):
        raise Late
    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        return call(*args)
    except (Exception, Late):
        return None
    finally:
        signal.alarm(0)


def data():
    """Data of every form that a model may be fitted to."""
    import pandas as pd
    import scipy.sparse as sp
    X, y, z = made.ROWS, made.LABELS, made.VALUES
    words = np.array(["no", "yes"])[y]
    gaps = X.copy()
    gaps[0, 0] = np.nan
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    mixed = frame.assign(sex=["m", "f"] * 12)
    yield "labels", (X, y)
    yield "values", (X, z)
    yield "words", (frame, words)
    yield "objects", (frame, words.astype(object))
    yield "frame", (frame, pd.Series(z))
    yield "sparse", (sp.csr_matrix(X), y)
    yield "sparse values", (sp.csr_matrix(X), z)
    yield "small", (X.astype("f4"), y)
    yield "positive", (np.abs(X), y)
    yield "sparse positive", (sp.csr_matrix(np.abs(X)), y)
    yield "counts", (np.abs(X), np.abs(z))
    yield "multilabel", (X, np.c_[y, 1 - y])
    yield "several", (X, np.c_[z, z + 1])
    yield "classes", (X, np.arange(24) % 3)
    yield "gaps", (gaps, y)
    yield "mixed", (mixed, y)
    yield "categories", (mixed[["sex"]], y)
    yield "whole", (np.arange(48).reshape(24, 2) % 3, y)
    yield "column", (X[:, 0], z)
    yield "square", (X @ X.T + 30 * np.eye(24), y)
    yield "texts", (made.WORDS * 6, y)
    yield "lists", ([{"a": 1, "b": "x"}] * 24, y)
    yield "label", (y,)
    yield "word", (words,)
    yield "sets", ([("a", "b"), ("c",)],)


def options(estimator):
    """Values that a constructor's parameters take, one at a time."""
    from sklearn import model_selection
    constraints = getattr(estimator, "_parameter_constraints", None) or {}
    for name, default in estimator.get_params(deep=False).items():
        values = []
        for constraint in constraints.get(name, []) if constraints.get(name) != "no_validation" else []:
            values += [value for value in getattr(constraint, "options", []) if isinstance(value, (str, type, bool))]
            values += {"boolean": [True, False], "verbose": [0], "random_state": [np.random.RandomState(0), 1]}.get(constraint, []) if isinstance(constraint, str) else []
        values += {
            "class_weight": ["balanced", {0: 1, 1: 2}], "cv": [2, model_selection.KFold(2), model_selection.StratifiedKFold(2), list(model_selection.KFold(2).split(made.ROWS))],
            "scoring": ["accuracy", "r2", "neg_mean_squared_error"], "max_features": ["sqrt", "log2", 0.5], "n_components": [1, 2, 0.9],
            "max_iter": [5], "early_stopping": [True], "probability": [True], "oob_score": [True], "sampling_strategy": [],
            "metric": ["euclidean", "manhattan", "cosine", "haversine", "minkowski", "chebyshev", "precomputed"], "affinity": ["euclidean", "manhattan", "cosine", "precomputed", "rbf", "nearest_neighbors"], "interaction_cst": [[[0, 1], [2]]], "monotonic_cst": [[1, 0, -1]],
            "categorical_features": [[2]], "return_train_score": [True], "min_frequency": [2], "max_categories": [2], "passthrough": [True],
            "add_indicator": [True], "store_covariance": [True], "compute_score": [True], "ngram_range": [(1, 2)], "voting": ["soft"], "output_distribution": ["normal"],
            "n_iter_no_change": [2], "subsample": [0.5], "bootstrap": [True], "max_samples": [0.5], "output_features": [2], "handle_unknown": ["ignore"], "n_neighbors": [3], "stop_words": ["english", ["a", "the"]], "solver": ["lbfgs", "liblinear", "newton-cg", "sag", "saga", "svd", "cholesky", "eigen", "lsqr", "adam", "sgd", "cd", "mu"],
            "penalty": ["l1", "l2", "elasticnet", None], "l1_ratio": [0.5], "refit": [False], "warm_start": [True], "drop": ["first", "if_binary"], "remainder": ["passthrough"],
        }.get(name, [])
        if isinstance(default, bool):
            values.append(not default)
        for value in values:
            if value is not default:
                yield name, value


def declared(notes, kind):
    """What a constructor says that it takes."""
    constraints = getattr(kind, "_parameter_constraints", None) or {}
    for name, all_of in constraints.items():
        seen = notes.seen[full(kind)][name]
        if all_of == "no_validation":
            continue
        for one in all_of:
            word = one if isinstance(one, str) else type(one).__name__ if not isinstance(one, type) else one.__name__
            seen.update({
                "boolean": ["1"], "verbose": ["1"], "Interval": ["1"], "Options": ["1"], "RealNotInt": ["1"], "Integral": ["1"], "Real": ["1"], "int": ["1"], "float": ["1"], "bool": ["1"], "random_state": ["1", "r"],
                "array-like": ["1", "c", "T"], "ndarray": ["1"], "sparse matrix": ["p"], "list": ["c"], "tuple": ["c"], "dict": ["c"], "cv_object": ["1", "c", "@Splitter"],
                "callable": ["f"], "HasMethods": ["@Estimator"], "nan": ["1"], "missing_values": ["1"], "MissingValues": ["1"], "type": ["f"],
            }.get(word, []))
            if word in ("StrOptions", "Options", "Hidden"):
                inner = getattr(one, "constraint", one)
                seen.update(f"={value}" for value in getattr(inner, "options", []) if isinstance(value, str))


def estimators(notes):
    from sklearn.base import clone
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
    from sklearn.utils import all_estimators
    known = dict(all_estimators())
    classes = {**{full(kind): kind for kind in known.values()}, **{name: kind for name, kind in names.classes("sklearn", __import__("sklearn.base").base.BaseEstimator, {"datasets", "externals", "experimental", "estimator_checks", "tests"})}}
    every = list(data())
    for kind in classes.values():
        declared(notes, kind)
        first = next(iter(inspect.signature(kind).parameters), "")
        bases = [lambda: kind()]
        if first in ("estimator", "base_estimator", "regressor", "classifier"):
            bases += [lambda: kind(LogisticRegression()), lambda: kind(Ridge()), lambda: kind(SVC()), lambda: kind(DecisionTreeClassifier(max_depth=2)), lambda: kind(DecisionTreeRegressor(max_depth=2)), lambda: kind(LogisticRegression(), {"C": [1.0, 2.0]}), lambda: kind(Ridge(), {"alpha": [1.0, 2.0]})]
        if first in ("estimators", "steps", "transformers", "transformer_list"):
            parts = [[("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=2))], [("a", Ridge()), ("b", DecisionTreeRegressor(max_depth=2))], [("a", StandardScaler()), ("b", Ridge())], [("a", StandardScaler()), ("b", "passthrough")], [("a", StandardScaler(), [0, 1])], [("a", StandardScaler(), ["a", "b"]), ("c", "drop", ["c"])]]
            bases += [lambda few=few: kind(few) for few in parts]
        for make in bases:
            base = in_time(make)
            if base is None:
                continue
            for few in ("n_estimators", "max_iter", "n_init"):
                if few in base.get_params(deep=False):
                    in_time(lambda: base.set_params(**{few: {"n_estimators": 3, "max_iter": 20, "n_init": 1}[few]}))
            if make is bases[0]:
                in_time(notes.note, base)
            works = []
            for _, args in every:
                fitted = in_time(lambda: clone(base).fit(*args))
                if fitted is not None:
                    works.append(args)
                    in_time(notes.note, fitted)
                    if len(works) == 1:
                        for call in (lambda: fitted.set_output(transform="pandas"), lambda: fitted.set_fit_request(sample_weight=True)):
                            if in_time(call) is not None:
                                in_time(notes.note, fitted)
            for args in works[:3] if hasattr(base, "partial_fit") else ():
                for more in ((), (np.unique(args[-1]),) if len(args) == 2 else ()):
                    fitted = in_time(lambda: clone(base).partial_fit(*args, *more))
                    in_time(lambda: notes.note(fitted.partial_fit(*args)) if fitted is not None else None)
            if hasattr(base, "sparsify"):
                in_time(lambda: notes.note(clone(base).fit(*works[0]).sparsify()))
            for name, value in options(base) if works else ():
                for args in works[:2] + works[-1:]:
                    fitted = in_time(lambda: clone(base).set_params(**{name: value}).fit(*args))
                    if fitted is not None:
                        in_time(notes.note, fitted)
                        break


def kernels(notes):
    from sklearn.gaussian_process import GaussianProcessRegressor, kernels as k
    for kernel in (k.RBF(), k.Matern(), k.WhiteKernel(), k.RationalQuadratic(), k.ExpSineSquared(), k.DotProduct(), k.ConstantKernel(2.0) * k.RBF([1.0, 2.0, 3.0]), k.RBF() ** 2, k.PairwiseKernel(metric="rbf"), k.CompoundKernel([k.RBF(), k.WhiteKernel()]), k.RBF(1.0, "fixed")):
        in_time(notes.note, kernel)
        in_time(lambda: notes.note(GaussianProcessRegressor(kernel, optimizer=None).fit(made.ROWS, made.VALUES)))


def selections(notes):
    from sklearn import metrics, model_selection as m
    for name in dir(m):
        kind = getattr(m, name)
        if inspect.isclass(kind) and (name.endswith(("Fold", "Split", "Out")) or "Shuffle" in name):
            for make in (lambda: kind(), lambda: kind(2), lambda: kind(1), lambda: kind([0, 1]), lambda: kind(3, random_state=1), lambda: kind(3, random_state=np.random.RandomState(0), shuffle=True), lambda: kind(n_splits=3, random_state=np.random.RandomState(0))):
                found = in_time(make)
                if found is not None:
                    in_time(notes.note, found)
    for scoring in [metrics.make_scorer(metrics.f1_score, average="macro"), *(in_time(metrics.get_scorer, name) for name in getattr(metrics, "get_scorer_names", lambda: [])())]:
        if scoring is not None:
            in_time(notes.note, scoring)
    in_time(lambda: notes.note(__import__("sklearn.utils").utils.Bunch(a=1)))


def frames():
    """Tables and indexes with zones, names and kinds of their own."""
    import datetime
    import pandas as pd
    yield from (thing for _, thing in made.frames())
    for zone in ("UTC", datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=2))):
        times = pd.date_range("2024-01-01", periods=3, tz=zone, freq="D", name="at")
        yield from (times, pd.Series(range(3), index=times), pd.DataFrame({"at": times, "n": 1}), times[0])
    yield pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["x", "y"])
    yield from (pd.timedelta_range("1D", periods=3, name="t"), pd.period_range("2024-01", periods=3, freq="M", name="p"), pd.interval_range(0, 3, name="i"), pd.CategoricalIndex(["a", "b"], name="c"), pd.RangeIndex(3, name="r"), pd.Index([1, 2], name="n"), pd.Index(["a"], name="s"), pd.Index([True, False]))
    yield pd.Categorical(["a", "b"], ordered=True)
    yield pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="k")).T
    table = pd.DataFrame({("a", "b"): [1.0], ("a", "c"): [2.0]})
    table.attrs = {"source": "registry", "year": 2024}
    yield table
    for kind in ("Int64", "Float64", "boolean", "string", "category", "Sparse[float]", "UInt8", "datetime64[ns, UTC]", "period[M]", "interval[int64]", "timedelta64[ns]", "datetime64[s]"):
        array = in_time(lambda: pd.Series(["2024-01-01"] if kind[0] in "dp" else [1]).astype(kind))
        if array is not None:
            yield from (array, array.to_frame("v"), pd.Index(array), array.dtype)


def results(notes):
    """Fitted models of statsmodels, with and without formulas, names and weights."""
    import pandas as pd
    import statsmodels.api as sm
    import statsmodels.formula.api as smf
    in_time(lambda: [notes.note(fitted) for _, fitted in made.results()])
    X, y, z = made.ROWS, made.LABELS, made.VALUES
    frame = pd.DataFrame(X, columns=["age", "weight", "height"]).assign(y=z, label=y, sex=["m", "f"] * 12, n=np.arange(24) % 4, w=1.0, p=np.abs(z))
    exog = sm.add_constant(frame[["age", "weight"]])
    f, links = sm.families, sm.families.links
    families = [f.Binomial(), f.Poisson(), f.Gamma(), f.Gaussian(), f.InverseGaussian(), f.NegativeBinomial(), f.Tweedie()]
    linked = [in_time(lambda: getattr(f, family)(getattr(links, link)())) for family in ("Binomial", "Poisson", "Gaussian", "Gamma") for link in ("Log", "Logit", "Probit", "CLogLog", "Identity", "InversePower", "Sqrt", "log", "logit", "probit", "cloglog", "identity", "Cauchy", "LogLog", "Power", "InverseSquared")if hasattr(links, link)]
    calls = []
    for endog in ("y", "label", "n", "p"):
        for data in ((frame[endog], exog), (frame[endog].values, exog.values)):
            calls += [lambda d=data, k=kind: k(*d).fit() for kind in (sm.OLS, sm.WLS, sm.GLS, sm.GLSAR, sm.RLM, sm.QuantReg)]
            calls += [lambda d=data, k=kind: k(*d).fit(disp=0, maxiter=10) for kind in (sm.Logit, sm.Probit, sm.Poisson, sm.NegativeBinomial, sm.NegativeBinomialP, sm.GeneralizedPoisson, sm.ZeroInflatedPoisson, sm.ZeroInflatedNegativeBinomialP, sm.MNLogit)]
            calls += [lambda d=data, x=family: sm.GLM(*d, family=x).fit() for family in families + [x for x in linked if x]]
            calls += [lambda d=data: sm.GEE(*d, groups=np.arange(24) // 4, cov_struct=sm.cov_struct.Exchangeable()).fit(), lambda d=data: sm.GEE(*d, groups=np.arange(24) // 4, cov_struct=sm.cov_struct.Independence(), family=f.Gaussian()).fit(),
                      lambda d=data: sm.MixedLM(*d, groups=np.arange(24) // 6).fit(), lambda d=data: sm.PHReg(*d, status=y).fit(), lambda d=data: sm.WLS(*d, weights=np.arange(1, 25)).fit(cov_type="HC3"), lambda d=data: sm.OLS(*d).fit(cov_type="cluster", cov_kwds={"groups": np.arange(24) // 4}), lambda d=data: sm.OLS(*d).fit(cov_type="HAC", cov_kwds={"maxlags": 1}),
                      lambda d=data: sm.OLS(*d).fit_regularized(), lambda d=data: sm.GLM(*d).fit_regularized(), lambda d=data: sm.Logit(*d).fit_regularized(disp=0), lambda d=data: sm.OLS(*d).fit().get_robustcov_results("HC1"), lambda d=data: sm.GLM(*d, freq_weights=np.ones(24)).fit(), lambda d=data: sm.GLM(*d, offset=np.ones(24), exposure=None).fit(), lambda d=data: sm.Poisson(*d, exposure=np.ones(24)).fit(disp=0), lambda d=data: sm.GLM(*d, family=f.Binomial(), var_weights=np.ones(24)).fit(cov_type="HC0"), lambda d=data: sm.Logit(*d).fit(disp=0, cov_type="HC0"), lambda d=data: sm.RLM(*d, M=sm.robust.norms.TukeyBiweight()).fit()]
    from statsmodels.miscmodels.ordinal_model import OrderedModel
    calls += [lambda k=kind: OrderedModel(frame["n"], frame[["age"]], distr=k).fit(disp=0, maxiter=5) for kind in ("probit", "logit")]
    formulas = ("~ age", "~ age + C(sex)", "~ age * sex + np.log(w)", "~ age + I(age ** 2)", "~ C(n) + Q('height')")
    for formula in formulas:
        calls += [lambda x=formula, k=kind, e=endog: getattr(smf, k)(e + x, frame).fit() for endog in ("y ", "label ", "p ") for kind in ("ols", "gls", "rlm", "quantreg", "glm")]
        calls += [lambda x=formula, k=kind, e=endog: getattr(smf, k)(e + x, frame).fit(disp=0, maxiter=10) for endog in ("label ", "n ") for kind in ("logit", "probit", "poisson", "negativebinomial", "mnlogit")]
        calls += [lambda x=formula: smf.wls("y " + x, frame, weights=frame["w"]).fit(), lambda x=formula: smf.mixedlm("y " + x, frame, groups=frame["n"]).fit(), lambda x=formula: smf.mixedlm("y " + x, frame, groups=frame["n"], re_formula="~age").fit(), lambda x=formula: smf.mixedlm("y " + x, frame, groups=frame["n"], vc_formula={"s": "0 + C(sex)"}).fit(), lambda x=formula: smf.gee("y " + x, "n", frame).fit(), lambda x=formula: smf.phreg("p " + x, frame, status=y).fit(), lambda x=formula: smf.glm("label " + x, frame, family=f.Binomial(), freq_weights=frame["w"]).fit(), lambda x=formula: smf.poisson("n " + x, frame, offset=np.ones(24)).fit(disp=0)]
    t = sm.tsa
    calls += [lambda o=order: t.ARIMA(z, order=o).fit() for order in ((1, 0, 0), (0, 1, 1), (2, 0, 1))]
    dated = pd.Series(z, index=pd.date_range("2020-01-31", periods=24, freq="M" if pd.__version__ < "2.2" else "ME"))
    from statsmodels.tsa.holtwinters import Holt
    calls += [lambda: t.ARIMA(dated, order=(1, 0, 0)).fit(), lambda: t.ARIMA(dated, order=(1, 0, 0), seasonal_order=(1, 0, 0, 4)).fit(), lambda: t.SARIMAX(dated, order=(1, 0, 0)).fit(disp=0), lambda: t.SARIMAX(z, exog=X[:, 0], trend="c").fit(disp=0), lambda: t.AutoReg(dated, 1).fit(), lambda: t.AutoReg(z, [1, 2], seasonal=False).fit(), lambda: t.ExponentialSmoothing(dated, trend="add").fit(), lambda: t.ExponentialSmoothing(np.abs(z) + 1, seasonal="add", seasonal_periods=4).fit(), lambda: t.SimpleExpSmoothing(z).fit(), lambda: Holt(z).fit(), lambda: t.VAR(X).fit(1), lambda: t.VAR(frame[["age", "weight"]].set_index(dated.index)).fit(1), lambda: t.UnobservedComponents(z, "local level").fit(disp=0), lambda: t.ARIMA(z, exog=X[:, :1], order=(1, 0, 0)).fit()]
    calls += [lambda: smf.ols("y ~ age", frame.set_index(dated.index)).fit(), lambda: sm.OLS(frame["y"].values, X).fit(), lambda: sm.NonparametricKDE if False else None, lambda: sm.GLM(np.c_[y, 1 - y], exog.values, family=f.Binomial()).fit(), lambda: sm.ConditionalLogit(y, X, groups=np.arange(24) // 6).fit(disp=0), lambda: sm.BetaModel(np.clip(np.abs(z) / 10, 0.1, 0.9), exog).fit(disp=0, maxiter=5)]
    for call in calls:
        fitted = in_time(call)
        if fitted is not None:
            in_time(notes.note, fitted)
            in_time(fitted.summary)
            in_time(notes.note, fitted)
            copy = in_time(lambda: pickle.loads(pickle.dumps(fitted)))
            if copy is not None and in_time(lambda: copy.remove_data() or True):
                in_time(notes.note, copy)


def modules(notes):
    import torch
    nn = torch.nn
    for _, thing in made.states():
        notes.note(thing)
    for name in dir(nn):
        kind = getattr(nn, name)
        if inspect.isclass(kind) and issubclass(kind, nn.Module):
            for args in ((), (2,), (2, 2), (2, 2, 1), (4, 2, 8), ([nn.Linear(2, 2)],), (nn.TransformerEncoderLayer(4, 2, 8), 1)):
                found = in_time(lambda: kind(*args))
                if found is not None:
                    in_time(notes.note, found)
                    in_time(lambda: notes.note(found.eval()))


def survey(path):
    notes = Notes()
    steps = [lambda: [notes.note(thing) for _, thing in itertools.chain(made.plain(), made.arrays())]]
    if names.module("sklearn"):
        steps += [lambda: [notes.note(thing) for thing in itertools.chain((thing for _, thing in made.sparse()), frames())], lambda: [notes.note(thing) for thing in made.some()], lambda: kernels(notes), lambda: selections(notes), lambda: estimators(notes)]
    if names.module("statsmodels"):
        steps.append(lambda: results(notes))
    if names.module("torch"):
        steps.append(lambda: modules(notes))
    for step in steps:
        try:
            step()
        except Exception as error:
            print(type(error), error, file=sys.stderr)
        pathlib.Path(path).write_text(json.dumps(notes.told()))


def write(paths):
    """The list of all that was noted."""
    kinds, keys, groups = collections.defaultdict(lambda: collections.defaultdict(set)), collections.defaultdict(lambda: collections.defaultdict(set)), {}
    listed = {line.split(" ")[0] for library in ANY for line in (HERE / f"{library}.txt").read_text().splitlines() if " referenced " not in line}
    for path in paths:
        told = json.loads(pathlib.Path(path).read_text())
        groups.update(told["groups"])
        for name, held in told["seen"].items():
            root = name.split(".")[0]
            library = LIBRARIES.get(root, root)
            if library not in ANY or name not in listed:
                continue
            estimator = told["groups"].get(name) == "Estimator"
            keys[library][name].update(COMMON if estimator else [])
            for key in [*held, *(COMMON if estimator else [])]:
                keys[library][name].add(key)
                kinds[library][key] |= set(held.get(key, []))
    lines = ["# Written by states.py, which says what each line means."]
    for library in sorted(kinds):
        anything, only = ANY[library].split(), ONLY.get(library, {})
        lines.append(f"library {library}")
        if library == "sklearn":
            # A setting of a name that no attribute has: of a step that is called so.
            lines.append("attribute (setting) 1Tckt @Estimator @Kernel @Splitter")
        forbidden = {key for key, value in only.items() if value is None}
        for key, seen in sorted(kinds[library].items()):
            if key not in forbidden:
                lines.append(" ".join(["attribute", quoted(key), *rule(library, key, set(only.get(key, seen)), key in anything)]))
        for name, held in sorted(keys[library].items()):
            lines.append(" ".join(["class", name, grouped("@" + groups.get(name, name.rsplit(".", 1)[1]))[1:], *sorted(quoted(key) for key in held - forbidden)]))
    (HERE / "states.txt").write_text("\n".join(lines) + "\n")


def grouped(kind):
    """A group, for what pandas makes of a function of its own."""
    if kind.startswith("@_new_") and kind.endswith("Index"):
        return "@Index"
    return "@Array" if kind == "@__pyx_unpickle_NDArrayBacked" else kind


def quoted(text):
    return urllib.parse.quote(text, safe="()[]{}+*/:,;<>!?=$&'@#~^|\\")


def rule(library, key, seen, anything):
    letters = {kind for kind in seen if len(kind) == 1}
    texts = {kind[1:] for kind in seen if kind[0] in "=:" and len(kind) > 1}
    objects = {grouped(kind) for kind in seen if kind[0] == "@"}
    if key == "__pyx_unpickle_NDArrayBacked{}":
        texts |= {"ns", "us", "ms", "s"}
    if library == "torch" and key != "_modules":
        objects.discard("@Module")
    if library == "sklearn":
        letters |= {kind for kind in MORE.get(key, []) if len(kind) == 1}
        texts |= {kind[1:] for kind in MORE.get(key, []) if kind[0] == "="}
        objects |= {kind for kind in MORE.get(key, []) if kind[0] == "@"}
    if anything:
        # Labels may be numbers as well.
        letters |= {"t", "k", "1"} if library == "sklearn" else {"t", "k"}
        texts = set()
    if key in SETTINGS and library == "sklearn":
        letters, texts = letters | {"g"}, set()
    if "1" in letters:
        letters.add("c")
    return ["".join(sorted(letters)) or "-", *sorted(objects), *sorted("=" + quoted(text) for text in texts)]


if __name__ == "__main__":
    survey(sys.argv[2]) if sys.argv[1] == "survey" else write(sys.argv[2:])
