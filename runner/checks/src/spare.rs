//! M2: how many people there are for each number that a model was fitted with, and groups that it counts.

use crate::anatomy::Body;
use crate::finding::Finding;
use crate::model::Estimator;
use crate::say::{many, quoted};
use crate::subject::Subject;

/// Most numbers of an array of counts that are looked at.
const COUNTED: u64 = 1 << 20;
/// What naive Bayes counts: people of each class, and those of a class that have a feature or are of a category
/// (scikit-learn, `sklearn/naive_bayes.py`).
const COUNTS: [&str; 3] = ["class_count_", "feature_count_", "category_count_"];

/// Looks at linear models, and at arrays of counts.
pub(crate) fn run(subject: &Subject<'_>) -> Vec<Finding> {
    freedom(subject).into_iter().chain(groups(subject)).collect()
}

/// A model with nearly as many coefficients as there are people can be solved for these. (Bond, Brandt and de Wolf, *Guidelines for Output
/// Checking*, 2015: at least 10 degrees of freedom.)
fn freedom(subject: &Subject<'_>) -> Option<Finding> {
    let fitted = subject.anatomy.estimators.iter().filter_map(|model| Some((coefficients(model)?, model)));
    let (most, model) = fitted.max_by_key(|(most, _)| *most)?;
    let people = subject.sources.iter().filter_map(|source| Some(source.index().ok()?.rows)).max()?;
    let least: u64 = subject.evidence.profile.min_people.into();
    (most.saturating_add(least) > people).then(|| {
        let message =
            format!("{} was fitted with {most} coefficients to at most {people} people", quoted(&model.class));
        let remedy = format!("fit fewer coefficients: at least {least} people more than these");
        Finding::review(message, remedy).with("coefficients", most).with("people", people)
    })
}

/// How many coefficients a linear model has for each of its outcomes, with the one that stands alone.
fn coefficients(model: &Estimator) -> Option<u64> {
    let shape = |name: &str| model.arrays.iter().find(|(known, _)| known == name).map(|(_, shape)| shape.as_slice());
    let all = match (shape("coef_"), shape("coefficients"), shape("intercepts")) {
        (Some(coefficients), ..) => *coefficients.last()?,
        // ONNX writes those of all outcomes into one list.
        (_, Some([coefficients]), Some([outcomes])) if model.class.contains("Linear") => {
            coefficients / (*outcomes).max(1)
        }
        _ => return None,
    };
    Some(all.saturating_add(1))
}

/// Groups of too few people, by what a model counts of them.
fn groups(subject: &Subject<'_>) -> Option<Finding> {
    let least = subject.evidence.profile.min_people;
    let (mut small, mut empty, mut places) = (0, 0, Vec::new());
    for part in &subject.anatomy.parts {
        let Body::Array(array) = &part.body else { continue };
        let mut names = part.at.rsplit('.').map(|name| name.split('[').next().unwrap_or_default());
        if !names.next().is_some_and(|name| COUNTS.contains(&name)) {
            continue;
        }
        let mut counts = Vec::new();
        array.read(0, array.len().min(COUNTED) as usize, &mut counts).ok()?;
        let few = counts.iter().filter(|count| **count > 0.0 && **count < least.into()).count();
        small += few;
        empty += counts.iter().filter(|count| **count == 0.0).count();
        places.extend((few > 0).then(|| part.at.clone()));
    }
    (small + empty > 0).then(|| {
        let message = format!(
            "it counts {} of fewer than {least} people, and {empty} of nobody, which have no probability",
            many(small, "group")
        );
        let remedy = "merge classes and categories until each has enough people";
        Finding::review(message, remedy).at_parts(places).with("small_groups", small).with("empty_groups", empty)
    })
}
