"""Trains what scikit-learn, statsmodels and PyTorch have on one small table, and says what each model keeps of it.

    python make.py FOLDER
    tar --sort=name --mtime=@0 --owner=0 --group=0 -C FOLDER -c . | gzip -9n > models.tar.gz

writes `table.csv`, the models, and `truth.tsv` to the folder; run it once for each environment, since what isn't installed
is left out and what is there already stays. The truth is found in the live object, before anything is written: a search through
all arrays that it can be asked for, which knows nothing of how the checks read files.
"""

import inspect
import pathlib
import pickle
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")

PEOPLE, FEATURES = 50, 10
DRAW = np.random.RandomState(7)
# Measures with four decimals, all positive, as many estimators want them; no two people share one.
X = np.round(DRAW.lognormal(1.0, 0.5, size=(PEOPLE, FEATURES)) + 1, 4)
SCORE = (X - X.mean(0)) @ np.linspace(1, -1, FEATURES) + DRAW.normal(size=PEOPLE)
CLASS = np.digitize(SCORE, np.quantile(SCORE, [0.33, 0.67]))
OUTCOME = np.round(10 + SCORE + DRAW.normal(size=PEOPLE), 4)
OUTCOME += 1 - min(OUTCOME.min(), 0)
OUTCOME = np.round(OUTCOME, 4)
TABLE = np.column_stack([X, CLASS, OUTCOME])
NAMES = [f"m{column}" for column in range(FEATURES)] + ["class", "outcome"]
# As many people share what a count may rest on, and as many values of one column are a finding.
FEW, ENOUGH = 10, 10
# A number held as f32 is off by this much.
NEAR = 2e-7
SCALERS = ("StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler")


def arrays(thing, seen, depth=0):
    """All arrays of numbers in a live object, wherever they are."""
    if depth > 40 or id(thing) in seen or thing is None or isinstance(thing, (type, str, bytes, bool, int, float, np.random.RandomState, np.random.Generator)):
        return
    seen[id(thing)] = thing
    if isinstance(thing, np.ndarray):
        if thing.dtype.names:
            yield from (np.array(thing[name], dtype=float) for name in thing.dtype.names)
        elif thing.dtype.kind in "fiu":
            yield np.array(thing, dtype=float)
        elif thing.dtype.kind == "O":
            yield from arrays(list(thing.ravel()), seen, depth + 1)
        return
    if hasattr(thing, "toarray") and hasattr(thing, "nnz"):
        yield np.array(thing.toarray(), dtype=float)
        return
    if type(thing).__module__.startswith("pandas.") and hasattr(thing, "to_numpy"):
        yield from arrays(np.asarray(thing.to_numpy()), seen, depth + 1)
        return
    if type(thing).__module__.startswith("torch") and hasattr(thing, "detach") and hasattr(thing, "numpy"):
        # A slice of a tensor is saved with all that it was cut from.
        whole = thing.detach().new_empty(0).set_(thing.untyped_storage())
        yield from (np.array(held.numpy(), dtype=float) for held in (thing.detach(), whole.reshape(-1)))
        return
    if isinstance(thing, dict):
        yield from arrays(list(thing.values()), seen, depth + 1)
        yield from arrays(list(thing.keys()), seen, depth + 1)
        return
    if isinstance(thing, (list, tuple, set, frozenset)):
        numbers = [item for item in thing if isinstance(item, (int, float, np.number)) and not isinstance(item, bool)]
        if len(numbers) > 1:
            yield np.array(numbers, dtype=float)
        for item in thing:
            yield from arrays(item, seen, depth + 1)
        return
    if getattr(thing, "__dict__", None):
        yield from arrays(dict(vars(thing)), seen, depth + 1)
    elif not inspect.isroutine(thing) and not inspect.ismodule(thing):
        # What is compiled says what it holds when it is asked to be pickled.
        try:
            yield from arrays(list(thing.__reduce_ex__(4)[1:3]), seen, depth + 1)
        except Exception:
            pass


def of_onnx(model):
    """All arrays of numbers in an ONNX model."""
    from onnx import numpy_helper

    def graph(it):
        for tensor in it.initializer:
            yield numpy_helper.to_array(tensor)
        for attribute in (attribute for node in it.node for attribute in node.attribute):
            yield np.array(list(attribute.floats) or list(attribute.ints))
            if attribute.HasField("t"):
                yield numpy_helper.to_array(attribute.t)
            if attribute.HasField("g"):
                yield from graph(attribute.g)

    for array in graph(model.graph):
        if array.dtype.kind in "fiu":
            yield np.array(array, dtype=float)


def lines(array, features):
    """The lines through an array along each of its dimensions; of long ones, stretches: a row lies together."""
    wide = 2 * features
    for axis in range(array.ndim):
        for line in np.moveaxis(array, axis, -1).reshape(-1, array.shape[axis]):
            yield from (line[at : at + wide] for at in range(max(1, len(line) - wide + 1)))


def has(line, values):
    """Which values are in a line."""
    line = np.sort(line[np.isfinite(line)])
    if not len(line):
        return np.zeros(values.shape, dtype=bool)
    after = np.searchsorted(line, values).clip(0, len(line) - 1)
    before = (after - 1).clip(0)
    away = np.minimum(abs(line[after] - values), abs(line[before] - values))
    return away <= NEAR * abs(values)


def rows(found, table, features):
    """The rows of a table, from 1, of which four fifths of the columns are in one line of one array."""
    kept = np.zeros(len(table), dtype=bool)
    for line in (line for array in found for line in lines(array, features) if len(line) >= 0.8 * features):
        kept |= has(line, table).sum(1) >= np.ceil(0.8 * table.shape[1])
    return [int(row) + 1 for row in np.flatnonzero(kept)]


def values(found):
    """The most values of one column that are in one array, each beside another one, as close as few people are."""
    most = 0
    for array in found:
        for column in TABLE.T:
            if len(set(column)) < PEOPLE:
                continue
            ranks = np.flatnonzero(has(array.ravel(), np.sort(column))[1:-1])
            near = np.diff(ranks) < FEW
            most = max(most, int((np.append(near, False) | np.insert(near, 0, False)).sum()) if len(ranks) else 0)
    return most


def truth(found, steps):
    """What a model keeps: rows as they are or as a scaler made them, rows as other steps made them, values."""
    found = [array for array in found if array.size >= 2]
    kept, made, now = set(rows(found, TABLE, FEATURES)), set(), X
    is_scaled = True
    for step in steps:
        now = np.asarray(step.transform(now), dtype=float)
        is_scaled &= type(step).__name__ in SCALERS
        into = kept if is_scaled else made
        into |= set(rows(found, now if not is_scaled else np.column_stack([now, CLASS, OUTCOME]), now.shape[1]))
    return sorted(kept), sorted(made - kept), values(found)


class Writer:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.tsv = self.folder / "truth.tsv"
        if not self.tsv.exists():
            self.tsv.write_text("file\trows\tmade\tvalues\twhich\n")
            text = "\n".join(",".join(f"{number:.4f}" if column != FEATURES else str(int(number)) for column, number in enumerate(row)) for row in TABLE)
            (self.folder / "table.csv").write_text("id," + ",".join(NAMES) + "\n" + "\n".join(f"P{7 * at:04}x,{row}" for at, row in enumerate(text.split("\n"), 100)) + "\n")

    def say(self, name, kept):
        which, made, found = kept
        listed = "all" if len(which) == PEOPLE else " ".join(map(str, which))
        with self.tsv.open("a") as tsv:
            tsv.write(f"{name}\t{len(which)}\t{len(made)}\t{found}\t{listed}\n")

    def write(self, name, content, kept):
        (self.folder / name).write_bytes(content)
        self.say(name, kept)


def estimators():
    """Every estimator with its defaults, a few in pipelines. Those that want others get some; ensembles are small."""
    from sklearn.base import clone
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, RobustScaler, StandardScaler
    from sklearn.utils import all_estimators

    logistic, ridge = LogisticRegression(), Ridge()
    given = {
        "base_estimator": logistic,
        "estimator": logistic,
        "estimators": [("a", logistic), ("b", KNeighborsClassifier())],
        "param_grid": {"C": [0.5, 1.0]},
        "param_distributions": {"C": [0.5, 1.0]},
        "transformers": [("scaled", StandardScaler(), [0, 1, 2])],
        "transformer_list": [("scaled", StandardScaler())],
        "steps": [("scale", StandardScaler()), ("model", logistic)],
    }
    made = {}
    for name, kind in all_estimators():
        needed = inspect.signature(kind.__init__).parameters
        arguments = {key: given[key] for key, value in needed.items() if key in given and value.default is inspect.Parameter.empty}
        if "Regressor" in name:
            arguments = {key: {"estimator": ridge, "estimators": [("a", ridge), ("b", KNeighborsRegressor())]}.get(key, value) for key, value in arguments.items()}
        try:
            model = kind(**arguments)
        except TypeError:
            print(f"{name}: not made")
            continue
        for setting, value in {"n_estimators": 5, "random_state": 0, "n_components": 3}.items():
            if setting in model.get_params(deep=False) and (setting != "n_components" or "RandomProjection" in name):
                model.set_params(**{setting: value})
        made[name] = model
    for scaler in (StandardScaler(), MinMaxScaler(), RobustScaler(), PCA(9), PolynomialFeatures()):
        for name in ("KNeighborsClassifier", "SVC", "GaussianProcessRegressor", "LogisticRegression", "DecisionTreeClassifier"):
            if name in made:
                made[f"{type(scaler).__name__}-{name}"] = make_pipeline(clone(scaler), clone(made[name]))
    return made


def fitted(model):
    """Fits to what it takes: measures with classes, with outcomes, with several, a column, or none."""
    several, outcomes = np.column_stack([CLASS, 1 - CLASS % 2]), np.column_stack([OUTCOME, X[:, 0]])
    for given in ((X, OUTCOME), (X, CLASS), (X, CLASS > 0), (X, several), (X, outcomes), (X,), (X[:, 0], OUTCOME), (CLASS,)):
        is_classes = "lassif" in type(model).__name__ or hasattr(model, "predict_proba") or hasattr(model, "decision_function")
        if is_classes and len(given) == 2 and given[1] is OUTCOME:
            continue
        try:
            return model.fit(*given)
        except Exception:
            continue
    return None


def scikit(writer):
    import joblib
    import io
    from sklearn.pipeline import Pipeline

    try:
        from skl2onnx import to_onnx
    except ImportError:
        to_onnx = None
    for name, model in estimators().items():
        model = fitted(model)
        if model is None:
            print(f"{name}: not fitted")
            continue
        steps = [step for _, step in model.steps[:-1]] if isinstance(model, Pipeline) else []
        kept = truth(list(arrays(model, {})), steps)
        try:
            writer.write(f"{name}.pkl", pickle.dumps(model), kept)
        except Exception as error:
            print(f"{name}: not pickled ({error})")
            continue
        stream = io.BytesIO()
        joblib.dump(model, stream)
        writer.write(f"{name}.joblib", stream.getvalue(), kept)
        try:
            onnx = to_onnx(model, X.astype(np.float32), options={"zipmap": False} if hasattr(model, "predict_proba") else None)
        except Exception:
            continue
        writer.write(f"{name}.onnx", onnx.SerializeToString(), truth(list(of_onnx(onnx)), steps))


def stats(writer):
    import io
    import statsmodels.api as sm

    design = sm.add_constant(X)
    binary = (CLASS > 0).astype(int)
    models = {
        "OLS": lambda: sm.OLS(OUTCOME, design),
        "WLS": lambda: sm.WLS(OUTCOME, design),
        "GLM": lambda: sm.GLM(OUTCOME, design),
        "Poisson": lambda: sm.GLM(CLASS, design, family=sm.families.Poisson()),
        "Logit": lambda: sm.Logit(binary, sm.add_constant(X[:, :3])),
        "MNLogit": lambda: sm.MNLogit(CLASS, sm.add_constant(X[:, :2])),
        "QuantReg": lambda: sm.QuantReg(OUTCOME, design),
        "RLM": lambda: sm.RLM(OUTCOME, design),
        "GEE": lambda: sm.GEE(OUTCOME, design, groups=np.arange(PEOPLE) % 8),
        "PHReg": lambda: sm.PHReg(OUTCOME, X),
    }
    for name, make in models.items():
        for remove in (False, True):
            try:
                result = make().fit(disp=0) if name in ("Logit", "MNLogit", "PHReg") else make().fit()
                stream = io.BytesIO()
                result.save(stream, remove_data=remove)
            except Exception as error:
                print(f"{name}: not saved ({error})")
                continue
            writer.write(f"{name}{'-removed' if remove else ''}.pkl", stream.getvalue(), truth(list(arrays(pickle.loads(stream.getvalue()), {})), []))


def torch_files(writer):
    import io
    import torch

    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(FEATURES, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    rows = torch.tensor(X, dtype=torch.float32)
    scaled = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
    optimiser = torch.optim.Adam(net.parameters())
    for _ in range(20):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(net(scaled), torch.tensor(CLASS)).backward()
        optimiser.step()
    for name, thing in {
        "net": net.state_dict(),
        "training": {"epoch": 20, "net": net.state_dict(), "optimiser": optimiser.state_dict()},
        "with-rows": {"net": net.state_dict(), "examples": rows[:20]},
        "with-rows-double": {"net": net.state_dict(), "examples": torch.tensor(X[5:9])},
        "with-columns": {"net": net.state_dict(), "examples": rows.T.contiguous()},
    }.items():
        stream = io.BytesIO()
        torch.save(thing, stream)
        writer.write(f"{name}.pt", stream.getvalue(), truth(list(arrays(thing, {})), []))


if __name__ == "__main__":
    writer = Writer(sys.argv[1])
    for part in (scikit, stats, torch_files):
        try:
            part(writer)
        except ImportError as error:
            print(f"{part.__name__}: {error}")
