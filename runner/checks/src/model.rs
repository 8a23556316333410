//! What a model is, as far as its file says: nothing of it is loaded.

/// One model, or one part of a model that is a model itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Estimator {
    /// Where it is: `.steps[1]`; empty for the outermost.
    pub(crate) at: String,
    /// The class with its module, such as `sklearn.svm._classes.SVC`; of ONNX the operator, such as `ai.onnx.ml.SVMClassifier`.
    pub(crate) class: String,
    /// The version of the library that wrote it, where the file says.
    pub(crate) version: Option<String>,
    /// What it was told before it was fitted, by name.
    pub(crate) settings: Vec<(String, String)>,
    /// Its arrays: the attribute's name and the lengths along each dimension.
    pub(crate) arrays: Vec<(String, Vec<u64>)>,
    /// How many numbers it holds beside its settings.
    pub(crate) parameters: u64,
}
