//! The text of a label, in files that are read without a scheme.

use super::value::Value;
use crate::scheme::{LabelError, Scheme};

/// A text with the form of a label or a clearance. Whether there are such names is judged where the scheme is known.
pub(super) fn shaped(value: &Value<'_, '_>) -> Option<String> {
    let nameless = Scheme { levels: vec![], categories: vec![], audiences: vec![] };
    value.parsed(|text| {
        let shape = nameless.mistakes(text).find(|error| matches!(error, LabelError::Shape(_)));
        shape.map_or_else(|| Ok(text.to_owned()), Err)
    })
}
