//! M1: models that keep training rows, known by their type or found by what is in them.

use crate::finding::{Finding, Outcome};
use crate::formats::Kind;
use crate::model::Estimator;
use crate::say::{many, quoted};
use crate::subject::Subject;

const REMEDY: &str =
    "release a model that keeps no rows, such as a linear one or a forest with enough people a leaf; or its scores";

/// Types that can't predict without rows of their training data, or of what a step before made of these, and what they keep of them.
/// The names are those of scikit-learn's classes (sections 1.4, 1.6, 1.7, 1.14, 2.2, 2.3, 2.8, 6.4 and 6.7 of its user guide) and
/// of ONNX's operators (ai.onnx.ml).
const KEEPERS: [(&str, &str); 31] = [
    ("KNeighborsClassifier", "all rows, to find the nearest"),
    ("KNeighborsRegressor", "all rows, to find the nearest"),
    ("KNeighborsTransformer", "all rows, to find the nearest"),
    ("RadiusNeighborsClassifier", "all rows, to find the nearest"),
    ("RadiusNeighborsRegressor", "all rows, to find the nearest"),
    ("RadiusNeighborsTransformer", "all rows, to find the nearest"),
    ("NearestNeighbors", "all rows, to find the nearest"),
    ("LocalOutlierFactor", "all rows, to find the nearest"),
    ("KNNImputer", "all rows, to find the nearest"),
    ("KernelDensity", "all rows, as centres of its kernels"),
    ("SVC", "the rows at the border between classes"),
    ("NuSVC", "the rows at the border between classes"),
    ("SVR", "the rows at the border of its tube"),
    ("NuSVR", "the rows at the border of its tube"),
    ("OneClassSVM", "the rows at the border"),
    ("SVMClassifier", "the rows at the border between classes"),
    ("SVMRegressor", "the rows at the border of its tube"),
    ("Scan", "points, to tell how far what it is given is from each"),
    ("GaussianProcessClassifier", "all rows, as points of its process"),
    ("GaussianProcessRegressor", "all rows, as points of its process"),
    ("_BinaryGaussianProcessClassifierLaplace", "all rows, as points of its process"),
    ("KernelRidge", "all rows, as centres of its kernels"),
    ("KernelPCA", "all rows, as centres of its kernels"),
    ("Nystroem", "some rows, as centres of its kernels"),
    ("LabelPropagation", "all rows, with and without labels"),
    ("LabelSpreading", "all rows, with and without labels"),
    ("Isomap", "all rows, to find the nearest"),
    ("LocallyLinearEmbedding", "all rows, to find the nearest"),
    ("HDBSCAN", "all rows, to build its hierarchy"),
    ("DBSCAN", "the rows in the cores of its clusters"),
    ("AffinityPropagation", "the rows that stand for their clusters"),
];

/// Looks at every model in the file.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    let estimators = &subject.anatomy.estimators;
    if estimators.is_empty() && !subject.kind.as_ref().is_ok_and(|kind| is_model(kind)) {
        return Vec::new();
    }
    let known = estimators.iter().filter_map(|estimator| Some((estimator, keeps(estimator)?)));
    let mut findings: Vec<Finding> = known.map(|(estimator, what)| by_type(estimator, what)).collect();
    // What can't be compared blocks as well, and isn't known to be of anybody.
    let of_people =
        |finding: &&Finding| finding.outcome == Outcome::Block && finding.evidence.contains_key("input_rows");
    let found = subject.deep().iter().filter(of_people);
    if findings.is_empty() {
        findings.extend(found.map(|found| by_match(estimators.first(), found)));
    }
    if findings.is_empty() {
        findings.push(Finding::pass(match estimators.len() {
            0 => "nothing in the model is a row of an input".to_owned(),
            count => {
                format!("{}, none of a type that keeps rows, and no row of an input in them", many(count, "model"))
            }
        }));
    }
    findings
}

fn is_model(kind: &Kind) -> bool {
    ["pickle", "pickle without a sign", "joblib", "torch", "safetensors", "onnx"].contains(&kind.name)
}

/// What a model of a known type keeps.
fn keeps(estimator: &Estimator) -> Option<&'static str> {
    let class = estimator.class.rsplit('.').next().unwrap_or_default();
    KEEPERS.iter().find(|(keeper, _)| *keeper == class).map(|(_, what)| *what)
}

fn by_type(estimator: &Estimator, what: &str) -> Finding {
    let at = if estimator.at.is_empty() { String::new() } else { format!(" at {}", quoted(&estimator.at)) };
    Finding::block(format!("{}{at} keeps {what}", quoted(&estimator.class)), REMEDY)
        .at_parts((!estimator.at.is_empty()).then(|| estimator.at.clone()))
        .with("class", estimator.class.as_str())
}

fn by_match(estimator: Option<&Estimator>, found: &Finding) -> Finding {
    let class = estimator.map_or("the model".to_owned(), |estimator| quoted(&estimator.class));
    let message = format!("{class} keeps rows or values of its training data: see C5");
    Finding::block(message, REMEDY).at_parts(found.place.parts.iter().cloned())
}
