//! Pickles that would run code, and their harmless twins.

use super::asm::*;

/// Something harmful in every way of pickles, with a part of what has to be said about it.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let system = global("os", "system");
    let id = text("id");
    let svc = || global("sklearn.svm._classes", "SVC");
    let wrong = |made: &[u8]| two(&[made]);
    vec![
        ("reduce", two(&[&system, &id, b"\x85R"]), "os.system(\"id\")"),
        ("reduce in protocol 0", b"cos\nsystem\n(S'id'\ntR.".to_vec(), "would call `os.system`"),
        ("stack global", four(&[&stacked("os", "system"), &id, b"\x85R"]), "would call `os.system`"),
        ("inst", b"(S'id'\nios\nsystem\n.".to_vec(), "would call `os.system`"),
        ("obj", all(&[b"(", &system, &id, b"o."]), "would call `os.system`"),
        ("newobj", two(&[&system, &id, b"\x85\x81"]), "would call `os.system`"),
        ("newobj with names", four(&[&system, b")}", &text("a"), &id, b"s\x92"]), "named arguments"),
        ("newobj with names and none", four(&[&system, b")}\x92"]), "would call `os.system`"),
        ("only imported", two(&[&global("antigravity", "x")]), "names `antigravity.x`"),
        ("imported and thrown away", two(&[&global("antigravity", "x"), b"0N"]), "names `antigravity.x`"),
        ("eval", two(&[&global("builtins", "eval"), &text("1+1"), b"\x85R"]), "builtins.eval"),
        ("exec of Python 2", two(&[&global("__builtin__", "eval"), &text("1+1"), b"\x85R"]), "builtins.eval"),
        ("commands of Python 2", two(&[&global("commands", "getoutput"), &id, b"\x85R"]), "subprocess.getoutput"),
        (
            "the same under protocol 3",
            all(&[b"\x80\x03", &global("commands", "getoutput"), &id, b"\x85R."]),
            "commands.getoutput",
        ),
        (
            "getattr",
            two(&[&global("builtins", "getattr"), &global("os", "path"), &text("x"), b"\x86R"]),
            "builtins.getattr",
        ),
        ("a name with dots", four(&[&stacked("sklearn.svm", "_classes.SVC"), b")\x81"]), "_classes.SVC"),
        ("a name with dots in GLOBAL", four(&[&global("sklearn", "os.system"), &id, b"\x85R"]), "os.system"),
        (
            "a path through an allowed module",
            four(&[&stacked("numpy", "f2py.os.system"), &id, b"\x85R"]),
            "f2py.os.system",
        ),
        ("a module's module", four(&[&stacked("joblib.numpy_pickle", "os"), b")\x81"]), "joblib.numpy_pickle.os"),
        ("partial", two(&[&global("functools", "partial"), &system, b"\x85R"]), "functools.partial"),
        (
            "partial of another harmless function",
            two(&[&global("functools", "partial"), &global("numpy", "log1p"), b"\x85R"]),
            "other arguments",
        ),
        ("partial whose state is of another function", two(&[&partial(), b"(", &system, b")}Ntb"]), "prepares a call"),
        (
            "partial whose state has arguments",
            two(&[&partial(), b"(", &global("sklearn.utils.validation", "check_array"), b"N\x85}Ntb"]),
            "prepares a call",
        ),
        ("attrgetter", two(&[&global("operator", "attrgetter"), &text("a"), b"\x85R"]), "operator.attrgetter"),
        ("methodcaller", two(&[&global("operator", "methodcaller"), &text("a"), b"\x85R"]), "operator.methodcaller"),
        ("numpy.load", two(&[&global("numpy", "load"), &text("x.npy"), b"\x85R"]), "numpy.load"),
        ("numpy.memmap", two(&[&global("numpy", "memmap"), &text("/etc/passwd"), b"\x85R"]), "numpy.memmap"),
        ("numpy.memmap as a value", two(&[b"(", &global("numpy", "memmap"), b"t"]), "keeps `numpy.memmap`"),
        (
            "numpy's own exec",
            two(&[&global("numpy.testing._private.utils", "runstring"), &text("1"), b"}\x86R"]),
            "runstring",
        ),
        ("pandas.read_pickle", two(&[&global("pandas.io.pickle", "read_pickle"), &id, b"\x85R"]), "read_pickle"),
        ("pandas.eval", two(&[&global("pandas.core.computation.eval", "eval"), &id, b"\x85R"]), "computation.eval"),
        ("torch.load", two(&[&global("torch.serialization", "load"), &id, b"\x85R"]), "torch.serialization.load"),
        ("joblib.load", two(&[&global("joblib.numpy_pickle", "load"), &id, b"\x85R"]), "joblib.numpy_pickle.load"),
        ("pickle in pickle", two(&[&global("pickle", "loads"), b"C\x02N.\x85R"]), "pickle.loads"),
        ("marshal", two(&[&global("marshal", "loads"), b"C\x02N.\x85R"]), "marshal.loads"),
        ("code", two(&[&global("types", "FunctionType"), b")R"]), "types.FunctionType"),
        ("cloudpickle", two(&[&global("cloudpickle.cloudpickle", "_make_function"), b")R"]), "_make_function"),
        ("a class of a program", two(&[&global("__main__", "Net"), b")\x81"]), "__main__.Net"),
        (
            "scipy's distributions, which exec a text",
            two(&[&global("scipy.stats._continuous_distns", "norm_gen"), b")\x81"]),
            "norm_gen",
        ),
        ("a called thing that was made", two(&[&svc(), b")\x81)R"]), "makes itself"),
        ("a called text", two(&[&id, b")R"]), "makes itself"),
        (
            "a called thing from a memo that was overwritten",
            two(&[&svc(), b"q\x000", &system, b"q\x000h\x00", &id, b"\x85R"]),
            "os.system",
        ),
        (
            "a name from the memo",
            four(&[&text("os"), b"\x940", &text("system"), b"\x940h\x00h\x01\x93", &id, b"\x85R"]),
            "os.system",
        ),
        ("a name from DUP", four(&[&text("os"), b"2\x93"]), "os.os"),
        (
            "a name that is made",
            four(&[&text("os"), &global("_codecs", "encode"), &text("system"), &text("latin1"), b"\x86R\x93"]),
            "makes the name",
        ),
        ("a name of bytes", four(&[b"C\x02osC\x06system\x93"]), "makes the name"),
        ("arguments that are no tuple", two(&[&svc(), b"]R"]), "readers take"),
        ("arguments that are a text", two(&[&global("collections", "OrderedDict"), &id, b"R"]), "readers take"),
        ("an extension", two(&[b"\x82\x01"]), "only the loading program"),
        ("an extension of two bytes", two(&[b"\x83\x01\x00)R"]), "only the loading program"),
        ("an extension of four bytes", two(&[b"\x84\x01\x00\x00\x00"]), "only the loading program"),
        ("a persistent id", b"Pid\n.".to_vec(), "from outside"),
        ("a persistent id of the stack", two(&[&id, b"Q"]), "from outside"),
        ("a persistent tuple", two(&[&id, &id, b"\x86Q"]), "from outside"),
        ("a buffer from outside", all(&[b"\x80\x05\x97."]), "from outside"),
        ("a buffer from outside, for reading", all(&[b"\x80\x05C\x01a\x98."]), "from outside"),
        ("a changed class", two(&[&svc(), b"N}", &text("fit"), b"Ns\x86b"]), "change a class"),
        ("a changed list", two(&[b"]}b"]), "value that has no attributes"),
        (
            "a state given twice",
            wrong(&all(&[&object("sklearn.svm._classes", "SVC", &[]), b"}b"])),
            "after that was made",
        ),
        (
            "__setstate__ as an attribute",
            wrong(&object("sklearn.svm._classes", "SVC", &[("__setstate__", b"N")])),
            "Python itself",
        ),
        (
            "__class__ by a second dict",
            two(&[&svc(), b")\x81N}", &text("__class__"), &svc(), b"s\x86b"]),
            "Python itself",
        ),
        ("an attribute that is no text", two(&[&svc(), b")\x81}K\x01Nsb"]), "isn't a text"),
        ("append to an object", two(&[&svc(), b")\x81Na"]), "adds to what"),
        ("appends to an object", two(&[&svc(), b")\x81(NNe"]), "adds to what"),
        ("items of an object", two(&[&svc(), b")\x81", &id, b"Ns"]), "adds to what"),
        ("members of an object", four(&[&svc(), b")\x81(N\x90"]), "adds to what"),
        ("append to a dict", two(&[b"}Na"]), "can't be added to"),
        ("items of a list", two(&[b"]", &id, b"Ns"]), "can't be added to"),
        ("append to a class", two(&[&svc(), b"Na"]), "can't be added to"),
        (
            "a state that changes later",
            two(&[&svc(), b")\x81}q\x00bh\x00", &text("fit"), b"Ns\x86"]),
            "after something was made",
        ),
        ("a class that is called", two(&[&svc(), &id, b"\x85R"]), "harmless only where it isn't called"),
        (
            "another class with _reconstructor",
            two(&[&global("copyreg", "_reconstructor"), &system, &global("builtins", "object"), b"N\x87R"]),
            "os.system",
        ),
        (
            "another base with _reconstructor",
            two(&[&global("copyreg", "_reconstructor"), &svc(), &svc(), b"N\x87R"]),
            "other arguments",
        ),
        (
            "a state with _reconstructor",
            two(&[&global("copyreg", "_reconstructor"), &svc(), &global("builtins", "object"), b"K\x01\x87R"]),
            "other arguments",
        ),
        (
            "another class with __newobj__",
            two(&[&global("copyreg", "__newobj__"), &system, &id, b"\x86R"]),
            "os.system",
        ),
        ("another coding", two(&[&global("_codecs", "encode"), &id, &text("zlib"), b"\x86R"]), "other arguments"),
        (
            "a factory that isn't harmless",
            two(&[&global("collections", "defaultdict"), &svc(), b"\x85R"]),
            "other arguments",
        ),
        (
            "a maker of random numbers that is another",
            two(&[&global("numpy.random._pickle", "__randomstate_ctor"), &text("MT19937"), &svc(), b"\x86R"]),
            "other arguments",
        ),
        (
            "a time zone from a file",
            two(&[
                &global("pandas._libs.tslibs.timestamps", "_unpickle_timestamp"),
                b"(K\x01N",
                &text("dateutil//etc/passwd"),
                b"tR",
            ]),
            "doesn't give it",
        ),
        (
            "an index of another class",
            two(&[&global("pandas.core.indexes.base", "_new_Index"), &svc(), b"}\x86R"]),
            "other arguments",
        ),
        (
            "an array of another class",
            two(&[&global("numpy.core.multiarray", "_reconstruct"), &svc(), b"K\x00\x85C\x01b\x87R"]),
            "other arguments",
        ),
        (
            "an array of a length before it is built",
            two(&[
                &global("numpy.core.multiarray", "_reconstruct"),
                &global("numpy", "ndarray"),
                b"K\x09\x85C\x01b\x87R",
            ]),
            "other arguments",
        ),
        ("a kind from a class", two(&[&global("numpy", "dtype"), &svc(), b"\x89\x88\x87R"]), "other arguments"),
        (
            "objects of bytes",
            two(&[&array(&[1], &kind("O8", "|", -1, -1, 0), false, &bytes(&[65; 8]))]),
            "numpy writes",
        ),
        ("objects of bytes, by flags that hide it", two(&[&kind("O8", "|", -1, -1, 16)]), "numpy writes"),
        ("numbers with the flags of objects", two(&[&kind("f8", "<", -1, -1, 63)]), "numpy writes"),
        ("a kind of another size", two(&[&kind("U5", "<", 4000, 4, 8)]), "numpy writes"),
        ("a formula that calls", formula("y ~ __import__('os').system('id')"), "evaluates the model's formula"),
        (
            "a formula that isn't there",
            object_of_data(&[("restore_design_info", b"\x88")]),
            "evaluates the model's formula",
        ),
        (
            "a formula that isn't a text",
            object_of_data(&[("restore_model_spec", b"\x88"), ("formula", b"K\x01")]),
            "evaluates the model's formula",
        ),
        (
            "a folder of pickles",
            wrong(&object("sklearn.pipeline", "Pipeline", &[("memory", &text("/tmp/x"))])),
            "names a folder",
        ),
        (
            "a version that nobody knows",
            wrong(&object("sklearn.svm._classes", "SVC", &[("_sklearn_version", &text("7.0.0"))])),
            "don't know",
        ),
        (
            "a version before there was the class",
            wrong(&object(
                "sklearn.preprocessing._target_encoder",
                "TargetEncoder",
                &[("_sklearn_version", &text("1.2.0"))],
            )),
            "has no",
        ),
        ("bytes of a number", two(&[&global("builtins", "bytes"), &int(i32::MAX), b"\x85R"]), "other arguments"),
        ("changing bytes of a number", two(&[&global("builtins", "bytearray"), &int(9), b"\x85R"]), "other arguments"),
        ("new bytes of a number", two(&[&global("builtins", "bytes"), &int(9), b"\x85\x81"]), "other arguments"),
        (
            "bytes of a number with __newobj__",
            two(&[&global("copyreg", "__newobj__"), &global("builtins", "bytes"), &int(9), b"\x86R"]),
            "other arguments",
        ),
        (
            "bytes in another coding",
            two(&[&global("builtins", "bytearray"), &text("\u{e9}"), &text("utf-8"), b"\x86R"]),
            "other arguments",
        ),
        ("a set of a range", two(&[&global("builtins", "set"), &range(), b"\x85R"]), "other arguments"),
        ("a queue of a range", two(&[&global("collections", "deque"), &range(), b"\x85R"]), "other arguments"),
        ("counts of a range", two(&[&global("collections", "Counter"), &range(), b"\x85R"]), "other arguments"),
        (
            "a set of a range with _reconstructor",
            two(&[
                &global("copyreg", "_reconstructor"),
                &global("builtins", "set"),
                &global("builtins", "set"),
                &range(),
                b"\x87R",
            ]),
            "other arguments",
        ),
        ("items of no bytes", two(&[&array(&[i32::MAX], &nothing(), false, &bytes(b""))]), "promises another number"),
        (
            "seeds that are made",
            two(&[&global("numpy.random.bit_generator", "SeedSequence"), &int(9), b"\x85R"]),
            "don't fit together",
        ),
        ("a word that is there twice", words(&[b"K\x00", b"K\x01"], ["a", "a"]), "don't fit together"),
        ("words of one place", words(&[b"K\x01", b"K\x01"], ["a", "b"]), "don't fit together"),
        ("groups of nothing", convolution(0), "don't fit together"),
        ("a place beyond a sparse tensor", sparse_tensor(3), "don't fit together"),
        ("what is fetched and was never put", two(&[b"h\x00"]), "never put"),
        ("homoglyphs", four(&[&stacked("numpy", "\u{ff44}type"), b")R"]), "isn't on the list"),
        ("a space in a name", two(&[&global("numpy ", "dtype"), b")R"]), "isn't on the list"),
        ("a carriage return in a name", two(&[&global("numpy", "dtype\r"), b")R"]), "isn't on the list"),
        ("an empty name", two(&[b"c\n\n)R"]), "isn't on the list"),
        (
            "called deep inside",
            wrong(&object(
                "sklearn.pipeline",
                "Pipeline",
                &[("steps", &all(&[b"](", &id, &system, &id, b"\x85R\x86e"]))],
            )),
            ".steps[0][1] -> os.system",
        ),
    ]
}

fn range() -> Vec<u8> {
    all(&[&global("builtins", "range"), &int(i32::MAX), b"\x85R"])
}

/// The kind of items that take no bytes.
fn nothing() -> Vec<u8> {
    kind("V0", "|", 0, 1, 0)
}

fn convolution(groups: u8) -> Vec<u8> {
    two(&[&object("torch.nn.modules.conv", "Conv2d", &[("groups", &[b'K', groups])])])
}

/// A tensor of three numbers, of which one is kept with its place.
fn sparse_tensor(place: u8) -> Vec<u8> {
    let places = array(&[1, 1], &kind("i8", "<", -1, -1, 0), false, &bytes(&u64::from(place).to_le_bytes()));
    let number = array(&[1], &f8(), false, &bytes(&floats(&[0.5])));
    let layout = all(&[&global("torch.serialization", "_get_layout"), &text("torch.sparse_coo"), b"\x85R"]);
    let shape = all(&[&global("torch", "Size"), b"K\x03\x85\x85R"]);
    let parts = all(&[&places, &number, &shape, b"\x87"]);
    two(&[&global("torch._utils", "_rebuild_sparse_tensor"), &layout, &parts, b"\x86R"])
}

/// A vectorizer with two words at two places.
fn words(places: &[&[u8]; 2], words: [&str; 2]) -> Vec<u8> {
    let [first, second] = words.map(text);
    let vocabulary = all(&[b"}(", &first, places[0], &second, places[1], b"u"]);
    two(&[&object("sklearn.feature_extraction.text", "CountVectorizer", &[("vocabulary_", &vocabulary)])])
}

fn partial() -> Vec<u8> {
    all(&[&global("functools", "partial"), &global("sklearn.utils.validation", "check_array"), b"\x85R"])
}

fn object_of_data(state: &[(&str, &[u8])]) -> Vec<u8> {
    two(&[&object("statsmodels.base.data", "PandasData", state)])
}

fn formula(formula: &str) -> Vec<u8> {
    object_of_data(&[("restore_design_info", b"\x88"), ("formula", &text(formula))])
}

#[test]
fn nothing_hostile_passes_and_what_it_is_is_told() {
    let hostile = hostile();
    assert!(hostile.len() >= 60);
    for (name, pickle, why) in hostile {
        let found = look(&pickle).blocks();
        assert!(found.iter().any(|message| message.contains(why)), "{name}: {found:?}");
    }
}

#[test]
fn the_harmless_twins_pass() {
    let svc = || global("sklearn.svm._classes", "SVC");
    for pickle in [
        two(&[&global("builtins", "set"), b"](K\x01K\x02e\x85R"]),
        two(&[&global("__builtin__", "set"), b"](K\x01K\x02e\x85R"]),
        two(&[&svc(), b")\x81"]),
        two(&[&svc()]),
        all(&[b"(", &svc(), b"o."]),
        b"(isklearn.svm._classes\nSVC\n.".to_vec(),
        four(&[&stacked("sklearn.svm._classes", "SVC"), b")\x81"]),
        four(&[&stacked("sklearn.svm._classes", "SVC"), b")}\x92"]),
        two(&[&object("sklearn.svm._classes", "SVC", &[("C", b"K\x01"), ("_sklearn_version", &text("1.5.2"))])]),
        two(&[&svc(), b")\x81N}", &text("C"), b"K\x01s\x86b"]),
        two(&[&global("copyreg", "_reconstructor"), &svc(), &global("builtins", "object"), b"N\x87R"]),
        two(&[&global("copy_reg", "_reconstructor"), &svc(), &global("__builtin__", "object"), b"N\x87R}b"]),
        two(&[&global("copyreg", "__newobj__"), &svc(), b"\x85R"]),
        two(&[&global("collections", "OrderedDict"), b")R", &text("a"), b"K\x01s"]),
        two(&[&global("collections", "defaultdict"), &global("builtins", "list"), b"\x85R", &text("a"), b"]s"]),
        two(&[&global("collections", "deque"), b")R(K\x01K\x02e"]),
        two(&[&global("collections", "deque"), b")K\x03\x86R(K\x01K\x02e"]),
        two(&[&global("builtins", "bytes"), b")R"]),
        two(&[&global("builtins", "bytearray"), &text("\u{e9}"), &text("latin-1"), b"\x86R"]),
        two(&[&global("builtins", "bytearray"), &bytes(b"abc"), b"\x85R"]),
        two(&[&array(&[3], &nothing(), false, &bytes(b""))]),
        words(&[b"K\x01", b"K\x00"], ["a", "b"]),
        convolution(1),
        sparse_tensor(2),
        two(&[&global("_codecs", "encode"), &text("abc"), &text("latin1"), b"\x86R"]),
        two(&[&object("sklearn.pipeline", "Pipeline", &[("memory", b"N")])]),
        two(&[&object(
            "sklearn.preprocessing._function_transformer",
            "FunctionTransformer",
            &[("func", &global("numpy", "log1p"))],
        )]),
        two(&[&kind("O8", "|", -1, -1, 63)]),
        two(&[&kind("U5", "<", 20, 4, 8)]),
        two(&[&array(&[1], &kind("O8", "|", -1, -1, 63), false, b"]Na")]),
        formula("y ~ age + np.log(x)"),
        two(&[
            &partial(),
            b"(",
            &global("sklearn.utils.validation", "check_array"),
            b")}",
            &text("dtype"),
            &global("numpy", "float32"),
            b"sNtb",
        ]),
    ] {
        passes(&pickle);
    }
}

#[test]
fn a_finding_tells_place_name_and_chain() {
    let call = all(&[&global("os", "system"), &text("rm -rf / `x` \u{202e}"), b"\x85R"]);
    let pickle = two(&[&object("sklearn.pipeline", "Pipeline", &[("steps", &call)])]);
    let looked = look(&pickle);
    let finding = looked.anatomy.remarks.iter().find(|finding| finding.evidence.contains_key("chain")).unwrap();
    assert_eq!(finding.check, "F4");
    assert_eq!(finding.evidence["global"], "os.system");
    assert_eq!(finding.evidence["chain"], ".steps -> os.system(\"rm -rf / ?x? ?\")");
    let at = finding.evidence["offset"].as_u64().unwrap() as usize;
    assert_eq!(pickle[at], b'R');
}

#[test]
fn many_troubles_are_told_once_each_and_counted() {
    let names: Vec<u8> = (0..200).flat_map(|at| [global("evil", &format!("f{at}")), b"0".to_vec()].concat()).collect();
    let looked = look(&two(&[&names, b"N"]));
    assert_eq!(looked.blocks().len(), 50);
    assert_eq!(looked.anatomy.remarks[49].evidence["more"], 150);
    let same: Vec<u8> = (0..100).flat_map(|_| global("evil", "f")).collect();
    assert_eq!(look(&two(&[b"(", &same, b"t"])).blocks().len(), 1);
}

#[test]
fn what_a_broken_pickle_calls_before_it_breaks_is_told() {
    blocks(&all(&[b"\x80\x02", &global("os", "system"), &text("id"), b"\x85R\xff"]), "would call `os.system`");
}
