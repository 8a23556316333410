"""Lists what pickles may name of the libraries that are installed here, and adds it to the lists in this folder.

    python list.py            in an environment of each version that the lists are to know, one after the other

A list's first line names the versions of its library that were looked at. Every other line is a class or a function, by
the module and the name under which it is pickled, how a pickle may use it, and in which of those versions it exists:

    created      an object of it may be made without arguments and given a state; it may be a value, too
    called       it may be called with arguments
    built        what it makes may be given a state
    filled       items may be added to what it makes
    referenced   it may be a value, which a library may call later with arguments that the pickle chooses
    wrapped      it may be the class of an array that joblib wrote, and nothing else

What decides: whatever the arguments and the state, making it, giving it a state and using it later must not run code
that the file chooses, open files or reach the network. So no `operator.attrgetter`, and `functools.partial`
of one function alone; none of
scipy's distributions (they `exec` a text of their state); no function of numpy's that opens files; no data set loader.
Classes are found by what they derive from; functions are named here, one by one or by the module that only computes.
"""

import importlib
import inspect
import pathlib
import pkgutil
import sys
import warnings

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent


def module(name):
    try:
        return importlib.import_module(name)
    except BaseException:
        return None


def modules(root, without=()):
    package = module(root)
    for found in pkgutil.walk_packages(package.__path__, f"{root}."):
        parts = found.name.split(".")
        if not any(part in without or part.startswith("test") or part == "conftest" for part in parts):
            loaded = module(found.name)
            if loaded is not None:
                yield loaded


def pickled(thing):
    """The name under which a class or function is pickled, if it is found there."""
    name, home = getattr(thing, "__qualname__", getattr(thing, "__name__", "")), getattr(thing, "__module__", None)
    if home and "." not in name and getattr(sys.modules.get(home), name, None) is thing:
        return f"{home}.{name}"
    return None


def classes(root, bases, without=(), excluded=()):
    for home in modules(root, without):
        for thing in list(vars(home).values()):
            if inspect.isclass(thing) and issubclass(thing, bases) and str(thing.__module__).startswith(root):
                name = pickled(thing)
                if name and name not in excluded and not any(part in without for part in name.split(".")):
                    yield name, thing


def functions(name, wanted=None):
    """The public functions that a module defines."""
    home = module(name)
    for key, thing in list(vars(home).items()) if home else []:
        defined = inspect.isfunction(thing) and thing.__module__ == name
        if defined and (key in wanted if wanted else not key.startswith("_")):
            yield f"{name}.{key}"


def there(*names):
    """Those of these names that exist."""
    for name in names:
        home, key = name.rsplit(".", 1)
        if hasattr(module(home), key):
            yield name


def python():
    found = {}
    add = adder(found)
    add("called,referenced", "builtins.set builtins.frozenset builtins.bytearray builtins.bytes builtins.complex builtins.range builtins.slice")
    add("referenced", "builtins.bool builtins.int builtins.float builtins.str builtins.list builtins.dict builtins.tuple")
    add("created", "builtins.object")
    add("called,filled,created", "collections.OrderedDict")
    add("called,filled", "collections.defaultdict collections.Counter collections.deque")
    add("called", "copyreg._reconstructor copyreg.__newobj__ _codecs.encode")
    add("called,referenced", "datetime.date datetime.datetime datetime.time datetime.timedelta datetime.timezone decimal.Decimal")
    add("called,created", "types.SimpleNamespace")
    add("called", "pytz._UTC")
    # Only of one function: see Role::Partial.
    add("called,built", "functools.partial")
    return found


def adder(found):
    def add(uses, names):
        for name in there(*(names.split() if isinstance(names, str) else names)):
            had = found.get(name, "").split(",") if name in found else []
            found[name] = ",".join(had + [use for use in uses.split(",") if use not in had])
    return add


def numpy():
    import numpy as np
    found = {}
    add = adder(found)
    add("called,built,referenced", "numpy.dtype")
    add("referenced", "numpy.ndarray numpy.matrix numpy.matrixlib.defmatrix.matrix numpy.recarray numpy.rec.recarray numpy.record numpy.rec.record")
    add("wrapped", "numpy.memmap")
    for core in ("numpy.core", "numpy._core"):
        add("called", f"{core}.multiarray._reconstruct {core}.multiarray.scalar {core}.numeric._frombuffer")
        ufuncs = vars(module(f"{core}._multiarray_umath") or object) if module(f"{core}._multiarray_umath") else {}
        add("referenced", [f"{core}._multiarray_umath.{name}" for name, thing in ufuncs.items() if isinstance(thing, np.ufunc)])
    add("called", "numpy.ma.core._mareconstruct")
    add("referenced", "numpy.ma.core.MaskedArray numpy.ma.MaskedArray")
    add("referenced", [f"numpy.{name}" for name, thing in vars(np).items() if isinstance(thing, np.ufunc)])
    scalars = [thing for thing in vars(np).values() if inspect.isclass(thing) and issubclass(thing, np.generic)]
    add("referenced", [f"numpy.{thing.__name__}" for thing in scalars])
    add("referenced", [f"numpy.{name}" for name in "mean median max min amax amin sum prod std var average nanmean nanmedian nanmax nanmin nansum nanstd nanvar ptp asarray array nan_to_num round clip cumsum diff argmax argmin ravel squeeze transpose zeros_like ones_like zeros ones".split()])
    add("called,built,referenced", "numpy.random._pickle.__randomstate_ctor numpy.random._pickle.__generator_ctor numpy.random._pickle.__bit_generator_ctor")
    add("called,created", "numpy.random.bit_generator.SeedSequence")
    add("called,built", "numpy.random.bit_generator.__pyx_unpickle_SeedSequence numpy.random._bit_generator.__pyx_unpickle_SeedSequence")
    add("referenced", "numpy.random._mt19937.MT19937 numpy.random._pcg64.PCG64 numpy.random._pcg64.PCG64DXSM numpy.random._philox.Philox numpy.random._sfc64.SFC64")
    return found


def scipy():
    found = {}
    add = adder(found)
    for kind in ("csr", "csc", "coo", "bsr", "lil", "dia"):
        for home in (f"scipy.sparse._{kind}", f"scipy.sparse.{kind}", "scipy.sparse._arrays"):
            add("created", f"{home}.{kind}_matrix {home}.{kind}_array")
    for home in ("scipy.sparse._dok", "scipy.sparse.dok", "scipy.sparse._arrays"):
        add("created,called,filled", f"{home}.dok_matrix {home}.dok_array")
    add("created", "scipy.interpolate._bsplines.BSpline")
    add("referenced", "scipy.special._ufuncs.expit scipy.special._ufuncs.logit scipy.special._ufuncs.xlogy scipy.special._special_ufuncs.expit scipy.special._special_ufuncs.logit scipy._lib.array_api_compat.numpy._aliases.asarray")
    return found


def pandas():
    import pandas as pd
    from pandas.api import extensions
    found = {}
    add = adder(found)
    # Arrow's own classes are left out: their states are Arrow's bytes, which nothing here reads.
    def ours(thing):
        name = pickled(thing)
        return name and name.startswith("pandas.") and "rrow" not in name and ".tests." not in name
    for base in (pd.Index, extensions.ExtensionDtype, extensions.ExtensionArray, pd.DataFrame, pd.Series):
        stack = [base]
        while stack:
            thing = stack.pop()
            stack += thing.__subclasses__()
            if ours(thing):
                add("created", pickled(thing))
                # Dtypes and single values are made with arguments.
                if issubclass(thing, extensions.ExtensionDtype) and "TZ" not in pickled(thing):
                    add("called", pickled(thing))
    managers = "pandas.core.internals.managers"
    add("created,called", f"{managers}.BlockManager {managers}.SingleBlockManager pandas._libs.internals.BlockManager")
    add("called", "pandas._libs.internals._unpickle_block pandas.core.internals.blocks.new_block")
    add("called,built", "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked pandas._libs.internals.__pyx_unpickle_BlockPlacement")
    add("called", "pandas.core.indexes.base._new_Index pandas.core.indexes.datetimes._new_DatetimeIndex pandas.core.indexes.period._new_PeriodIndex pandas.core.indexes.interval._new_IntervalIndex pandas.core.indexes.timedeltas._new_TimedeltaIndex")
    add("called", "pandas._libs.tslibs.timestamps._unpickle_timestamp pandas._libs.tslibs.timedeltas._timedelta_unpickle pandas._libs.tslibs.nattype._nat_unpickle pandas._libs.tslibs.nattype.__nat_unpickle")
    add("created,called,built", "pandas._libs.tslibs.period.Period pandas._libs.sparse.IntIndex pandas._libs.sparse.BlockIndex pandas._libs.interval.Interval")
    add("created,called", "pandas.Period pandas.Interval")
    add("referenced", "pandas._libs.missing.NA pandas.NA pandas._libs.tslibs.nattype.NaT")
    plain = "Day Hour Minute Second Milli Micro Nano MonthEnd MonthBegin QuarterEnd QuarterBegin YearEnd YearBegin Week BusinessDay BDay BusinessMonthEnd BusinessMonthBegin BQuarterEnd BQuarterBegin BYearEnd BYearBegin"
    for name in plain.split():
        add("created,called,built", f"pandas._libs.tslibs.offsets.{name} pandas.offsets.{name} pandas.tseries.offsets.{name}")
    add("created,called", "pandas.core.flags.Flags")
    return found


def sklearn():
    import sklearn
    from sklearn.base import BaseEstimator
    found = {}
    add = adder(found)
    without = {"datasets", "externals", "experimental", "estimator_checks", "inspection", "_mocking", "_testing", "_plot", "tests", "callback", "_joblib"}
    add("created", [name for name, _ in classes("sklearn", BaseEstimator, without)])
    from sklearn.gaussian_process.kernels import Kernel
    add("created", [name for name, _ in classes("sklearn", Kernel, without)])
    from sklearn.model_selection import BaseCrossValidator
    split = module("sklearn.model_selection._split")
    shuffles = tuple(getattr(split, name) for name in ("BaseShuffleSplit", "_UnsupportedGroupCVMixin", "GroupsConsumerMixin") if hasattr(split, name))
    add("created", [name for name, _ in classes("sklearn", (BaseCrossValidator, *shuffles), without)])
    add("created", "sklearn.model_selection._split._CVIterableWrapper sklearn.model_selection._search.ParameterGrid sklearn.model_selection._search.ParameterSampler")
    for name in ("sklearn._loss.loss", "sklearn._loss.link", "sklearn._loss.glm_distribution", "sklearn.ensemble._gb_losses", "sklearn.ensemble._hist_gradient_boosting.loss", "sklearn.linear_model._glm.link"):
        for key, thing in list(vars(module(name) or object).items()):
            if inspect.isclass(thing) and getattr(thing, "__module__", "") == name and not key.startswith("__"):
                add("created,called" if key == "Interval" else "created", f"{name}.{key}")
    # Compiled losses give a module name that leaves the package out in some versions.
    fast = module("sklearn._loss._loss")
    for key, thing in list(vars(fast).items()) if fast else []:
        if key.startswith(("Cy", "__pyx_unpickle_Cy")):
            home = thing.__module__ if thing.__module__ == "_loss" else "sklearn._loss._loss"
            found[f"{home}.{key}"] = "created,called"
    for name in ("sklearn.linear_model._sgd_fast", "_sgd_fast"):
        for key, thing in list(vars(module("sklearn.linear_model._sgd_fast")).items()):
            if inspect.isclass(thing) and thing.__module__ == name and not key.startswith("_"):
                found[f"{name}.{key}"] = "created,called"
    add("created,called,built", "sklearn.tree._tree.Tree")
    for name in ("sklearn.neighbors._kd_tree", "sklearn.neighbors._ball_tree"):
        add("called", f"{name}.newObj")
        add("created,called,built", [f"{name}.{key}" for key in ("KDTree", "BallTree", "KDTree32", "KDTree64", "BallTree32", "BallTree64")])
    distances = module("sklearn.metrics._dist_metrics")
    for key, thing in list(vars(distances).items()) if distances else []:
        if inspect.isclass(thing) and "Distance" in key and "PyFunc" not in key:
            add("created,called,built", f"sklearn.metrics._dist_metrics.{key}")
    add("called", "sklearn.metrics._dist_metrics.newObj")
    add("created,called,filled", "sklearn.utils._bunch.Bunch sklearn.utils.Bunch sklearn.covariance._graph_lasso._DictWithDeprecatedKeys sklearn.compose._column_transformer._RemainderColsList")
    add("created", "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor sklearn.neural_network._stochastic_optimizers.AdamOptimizer sklearn.neural_network._stochastic_optimizers.SGDOptimizer sklearn.calibration._CalibratedClassifier sklearn.calibration._SigmoidCalibration sklearn.cluster._birch._CFNode sklearn.cluster._birch._CFSubcluster sklearn.cluster._bisect_k_means._BisectingTree sklearn.compose._column_transformer.make_column_selector")
    add("created,called", "sklearn.impute._iterative._ImputerTriplet")
    add("referenced", "sklearn.cluster._kmeans._kmeans_single_lloyd sklearn.cluster._kmeans._kmeans_single_elkan")
    add("referenced", "sklearn.utils.validation.check_array")
    scorer = module("sklearn.metrics._scorer")
    threshold = module("sklearn.model_selection._classification_threshold")
    for home in (scorer, threshold):
        for key in ("_Scorer", "_PredictScorer", "_ProbaScorer", "_ThresholdScorer", "_PassthroughScorer", "_MultimetricScorer", "_CurveScorer"):
            if home:
                add("created", f"{home.__name__}.{key}")
    add("referenced", functions("sklearn.metrics._scorer", {"_passthrough_scorer"}))
    requests = "sklearn.utils._metadata_requests"
    add("created", f"{requests}.MetadataRequest {requests}.MethodMetadataRequest {requests}.MetadataRouter {requests}.MethodMapping {requests}.RouterMappingPair {requests}.MethodPair")
    for name in ("_classification", "_regression", "_ranking", "pairwise", "cluster._supervised", "cluster._unsupervised"):
        add("referenced", functions(f"sklearn.metrics.{name}"))
    add("referenced", functions("sklearn.feature_selection._univariate_selection", {"f_classif", "f_regression", "f_oneway", "chi2", "r_regression"}))
    add("referenced", functions("sklearn.feature_selection._mutual_info", {"mutual_info_classif", "mutual_info_regression"}))
    return found


def joblib():
    found = {}
    add = adder(found)
    add("created", "joblib.numpy_pickle.NumpyArrayWrapper")
    add("created", "joblib.numpy_pickle_compat.NDArrayWrapper joblib.numpy_pickle_compat.ZNDArrayWrapper joblib.numpy_pickle.NDArrayWrapper joblib.numpy_pickle.ZNDArrayWrapper")
    return found


def statsmodels():
    found = {}
    add = adder(found)
    without = {"tests", "sandbox", "datasets", "graphics", "examples", "compat", "iolib", "multivariate", "treatment"}
    from statsmodels.base.data import ModelData
    from statsmodels.base.model import Model, Results
    from statsmodels.base.wrapper import ResultsWrapper
    from statsmodels.genmod.cov_struct import CovStruct
    from statsmodels.genmod.families.family import Family
    from statsmodels.genmod.families.links import Link
    from statsmodels.robust.norms import RobustNorm
    bases = (Model, Results, ResultsWrapper, CovStruct, Family, Link, RobustNorm, ModelData)
    add("created", [name for name, _ in classes("statsmodels", bases, without)])
    for name in ("genmod.families.varfuncs", "tsa.deterministic", "tsa.arima.params", "tsa.arima.specification", "tsa.statespace.initialization", "tsa.statespace.representation", "tsa.statespace.kalman_filter", "tsa.statespace.kalman_smoother", "tsa.statespace.simulation_smoother", "regression.mixed_linear_model", "duration.hazard_regression", "robust.scale", "base._constraints", "tsa.base.prediction"):
        home = module(f"statsmodels.{name}")
        for key, thing in list(vars(home).items()) if home else []:
            if inspect.isclass(thing) and thing.__module__ == home.__name__ and pickled(thing):
                add("created", f"{home.__name__}.{key}")
    add("called", "statsmodels.regression.mixed_linear_model.VCSpec")
    add("created,filled,called", "statsmodels.tools.tools.Bunch")
    for part in ("_initialization.{}Initialization", "_kalman_filter.{}KalmanFilter", "_kalman_smoother.{}KalmanSmoother", "_representation.{}Statespace", "_simulation_smoother.{}SimulationSmoother"):
        add("called,built,referenced", [f"statsmodels.tsa.statespace.{part.format(letter)}" for letter in "sdcz"])
    return found


def torch():
    import torch
    found = {}
    add = adder(found)
    add("called", "torch._utils._rebuild_tensor_v2 torch._utils._rebuild_tensor torch._utils._rebuild_parameter torch._utils._rebuild_sparse_tensor torch.serialization._get_layout torch.Size torch.device")
    add("referenced", [f"torch.{name}" for name in dir(torch) if name.endswith("Storage") and not name.startswith("_")])
    add("referenced", "torch.storage.UntypedStorage torch.storage.TypedStorage")
    add("referenced", [f"torch.{name}" for name, thing in vars(torch).items() if isinstance(thing, torch.dtype)])
    add("referenced", "torch.nn.functional.relu torch.nn.functional.gelu torch._C._nn.gelu torch.relu torch.tanh torch.sigmoid")
    without = {"lazy", "distributed", "parallel", "qat", "quantized", "intrinsic", "quantizable", "utils", "backends"}
    lazy = torch.nn.modules.lazy.LazyModuleMixin
    add("created", [name for name, thing in classes("torch.nn.modules", torch.nn.Module, without) if not issubclass(thing, lazy)])
    return found


def ranges(versions, known):
    """`1.1-1.3,1.5` of the versions in which something exists."""
    runs = []
    for at, version in enumerate(known):
        if version in versions:
            if runs and runs[-1][1] == at - 1:
                runs[-1][1] = at
            else:
                runs.append([at, at])
    return ",".join(known[a] if a == b else f"{known[a]}-{known[b]}" for a, b in runs)


def merge(library, version, found):
    path = HERE / f"{library}.txt"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")] if path.exists() else ["versions"]
    known, entries = lines[0].split()[1:], {}
    for line in lines[1:]:
        name, uses, spans = line.split(" ")
        entries[name] = [uses, set()]
        for span in spans.split(","):
            first, last = (span.split("-") * 2)[:2]
            entries[name][1] |= set(known[known.index(first):known.index(last) + 1])
    for name, uses in found.items():
        entry = entries.setdefault(name, [uses, set()])
        entry[0] = uses
        entry[1].add(version)
    known = sorted(set(known) | {version}, key=lambda text: [int(part) for part in text.split(".")])
    rows = [f"{name} {uses} {ranges(versions, known)}" for name, (uses, versions) in sorted(entries.items()) if versions]
    path.write_text("\n".join([" ".join(["versions", *known]), *rows]) + "\n")


def renamed():
    """What readers take names of Python 2 for."""
    import _compat_pickle as compat
    rows = [f"{old} -> {new}" for old, new in compat.IMPORT_MAPPING.items()]
    rows += [f"{old[0]} {old[1]} -> {new[0]} {new[1]}" for old, new in compat.NAME_MAPPING.items()]
    (HERE / "renamed.txt").write_text("\n".join(sorted(rows)) + "\n")


def main():
    renamed()
    merge("python", "3", python())
    for listing in (numpy, scipy, pandas, sklearn, joblib, statsmodels, torch):
        installed = module(listing.__name__)
        if installed is not None:
            version = ".".join(installed.__version__.split("+")[0].split(".")[:2])
            merge(listing.__name__, version, listing())


if __name__ == "__main__":
    main()
