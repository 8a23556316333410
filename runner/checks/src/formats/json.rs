//! JSON: one value, or one in each line (jsonlines.org).

use super::text;
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::Finding;
use crate::plain;
use crate::tree::Node;

/// What a value in memory takes beside its letters.
const VALUE: usize = size_of::<Node>();
/// The names at the top by which models are known that write themselves as JSON.
const MODELS: [(&str, [&str; 2]); 4] = [
    ("xgboost", ["learner", "version"]),
    ("catboost", ["oblivious_trees", "features_info"]),
    ("lightgbm", ["tree_info", "feature_names"]),
    ("tensorflow.js", ["modelTopology", "weightsManifest"]),
];

/// A file of one value.
pub(crate) fn json(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let text = text::read(data, anatomy)?;
    let tree = node(&text, anatomy)?;
    let has = |name: &str| tree.children().into_iter().any(|(known, _)| known == name);
    if let Some((model, _)) = MODELS.iter().find(|(_, names)| names.iter().all(|name| has(name))) {
        let message = format!("no check reads {model} models: their trees can't be compared with the data");
        anatomy.remark("F5", Finding::block(message, "write the model as onnx").with("type", *model));
    }
    anatomy.add(at, Body::Tree(tree))
}

/// A file of one value in each line: together they are a list.
pub(crate) fn lines(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let text = text::read(data, anatomy)?;
    let mut values = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let value = node(line, anatomy);
        values.push(value.map_err(|fault| Fault::new(format!("line {}: {}", number + 1, fault.what)))?);
    }
    anatomy.add(at, Body::Tree(Node::List(values)))
}

/// Reads one value, of which nothing may be kept from view by escapes.
pub(crate) fn node(text: &str, anatomy: &mut Anatomy) -> Result<Node, Fault> {
    keep(text, anatomy)?;
    let tree = Node::read(text).map_err(|error| Fault::new(format!("it isn't plain JSON: {error}")))?;
    match hidden(&tree) {
        Some(what) => Err(Fault::new(what)),
        None => Ok(tree),
    }
}

/// Makes room for the values of a text.
pub(crate) fn keep(text: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let values = text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{' | b':')).count();
    anatomy.room.keep(text.len().saturating_add(values.saturating_mul(VALUE)))?;
    Ok(())
}

/// What is wrong with a text inside a tree that escapes had kept from view.
pub(crate) fn hidden(tree: &Node) -> Option<String> {
    let faulty = |text: &str| plain::read(text.as_bytes().to_vec()).err().map(|fault| fault.what);
    let own = match tree {
        Node::Text(text) => faulty(text),
        _ => None,
    };
    own.or_else(|| tree.children().into_iter().find_map(|(name, child)| faulty(name).or_else(|| hidden(child))))
}
