//! Functions and classes whose arguments have to be looked at, because not every argument is harmless, or because they make arrays.

use crate::array::Number;

/// What a name on the lists stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing special.
    Plain,
    /// `copyreg._reconstructor(class, base, state)`: how protocols 0 and 1 make objects.
    Reconstructor,
    /// `copyreg.__newobj__(class, *arguments)`, and scikit-learn's `newObj(class)`.
    Newobj,
    /// `_codecs.encode(text, "latin1")`: how protocols 0 to 2 write bytes.
    Encode,
    /// `bytes` and `bytearray`, which make room for as many as a number says.
    Bytes,
    /// A base that `_reconstructor` takes: `object` or a container.
    Object,
    Container,
    /// What is made of a container: it would also take one that makes its items as it goes.
    Collection,
    /// `numpy.dtype`.
    Kind,
    /// `numpy.record`, which stands for the code of a kind of records.
    Record,
    /// `numpy.ndarray`, and subclasses that are built like it.
    Ndarray,
    /// `numpy.core.multiarray._reconstruct(class, (0,), b"b")`.
    Reconstruct,
    /// `numpy.ma.core._mareconstruct(class, base, (0,), b"b")`.
    Masked,
    /// `numpy.core.numeric._frombuffer(bytes, kind, shape, order)`.
    FromBuffer,
    /// `numpy.core.multiarray.scalar(kind, bytes)`.
    Scalar,
    /// `numpy.random._pickle.__randomstate_ctor` and the like, which call what they are given.
    Random,
    RandomMaker,
    /// Functions of pandas that call a class of pandas that they are given.
    NewIndex,
    /// `joblib.numpy_pickle.NumpyArrayWrapper`: the array's bytes follow in the file.
    Wrapper,
    /// joblib's wrappers of arrays in other files.
    Elsewhere,
    /// `collections.defaultdict(factory)`.
    DefaultDict,
    /// `functools.partial`, which scikit-learn's gradient boosting makes of `check_array` and options.
    Partial,
    /// statsmodels' data, which evaluates its formula when it is loaded.
    Formula,
    /// A kind of torch's storages: `torch.FloatStorage`; none for bytes.
    Storage(Option<Number>),
    /// `torch._utils._rebuild_tensor_v2(storage, offset, shape, steps, ...)`.
    Tensor,
    /// `torch._utils._rebuild_parameter(tensor, ...)`.
    Parameter,
}

impl Role {
    pub(super) fn of(module: &str, name: &str) -> Self {
        let module = module.replace("numpy._core.", "numpy.core.");
        match (module.as_str(), name) {
            ("copyreg", "_reconstructor") => Self::Reconstructor,
            ("copyreg", "__newobj__") | (_, "newObj") => Self::Newobj,
            ("_codecs", "encode") => Self::Encode,
            ("builtins", "bytes" | "bytearray") => Self::Bytes,
            ("builtins", "object") => Self::Object,
            ("builtins", "dict" | "list" | "set" | "frozenset" | "tuple" | "str" | "int" | "float") => Self::Container,
            ("numpy", "dtype") => Self::Kind,
            ("numpy" | "numpy.rec", "record") => Self::Record,
            ("numpy", "ndarray" | "matrix" | "recarray")
            | ("numpy.rec", "recarray")
            | ("numpy.matrixlib.defmatrix", "matrix") => Self::Ndarray,
            ("numpy.core.multiarray", "_reconstruct") => Self::Reconstruct,
            ("numpy.ma.core", "_mareconstruct") => Self::Masked,
            ("numpy.core.numeric", "_frombuffer") => Self::FromBuffer,
            ("numpy.core.multiarray", "scalar") => Self::Scalar,
            ("numpy.random._pickle", "__bit_generator_ctor") => Self::RandomMaker,
            ("numpy.random._pickle", _) => Self::Random,
            ("pandas.core.indexes.base", "_new_Index") => Self::NewIndex,
            (
                "pandas.core.indexes.datetimes" | "pandas.core.indexes.period" | "pandas.core.indexes.timedeltas",
                name,
            )
            | ("pandas.core.indexes.interval", name)
                if name.starts_with("_new_") =>
            {
                Self::NewIndex
            }
            ("joblib.numpy_pickle", "NumpyArrayWrapper") => Self::Wrapper,
            ("joblib.numpy_pickle_compat" | "joblib.numpy_pickle", "NDArrayWrapper" | "ZNDArrayWrapper") => {
                Self::Elsewhere
            }
            ("collections", "deque" | "Counter" | "OrderedDict") => Self::Collection,
            ("collections", "defaultdict") => Self::DefaultDict,
            ("functools", "partial") => Self::Partial,
            ("statsmodels.base.data", _) => Self::Formula,
            ("torch._utils", "_rebuild_tensor_v2" | "_rebuild_tensor") => Self::Tensor,
            ("torch._utils", "_rebuild_parameter") => Self::Parameter,
            ("torch" | "torch.storage", name) if name.ends_with("Storage") => Self::Storage(number(name)),
            _ => Self::Plain,
        }
    }
}

fn number(name: &str) -> Option<Number> {
    Some(match name {
        "FloatStorage" => Number::F32,
        "DoubleStorage" => Number::F64,
        "HalfStorage" => Number::F16,
        "BFloat16Storage" => Number::Bf16,
        "LongStorage" => Number::I64,
        "IntStorage" => Number::I32,
        "ShortStorage" => Number::I16,
        "CharStorage" => Number::I8,
        "ByteStorage" => Number::U8,
        "BoolStorage" => Number::Bool,
        _ => return None,
    })
}
