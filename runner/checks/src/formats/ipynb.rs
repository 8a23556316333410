//! Notebooks (nbformat 4, "The Notebook file format"): texts and code, without results.

use super::{inside, text};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::formats::json::{hidden, keep};
use crate::tree::Node;

const STRIP: &str = "clear all outputs before saving, for instance with `jupyter nbconvert --clear-output`";
/// What a browser runs or fetches in a cell of text.
const ACTIVE: [&str; 9] = ["<script", "<iframe", "<object", "<embed", "<svg", "<img", "javascript:", "data:", "<style"];

/// Reads the cells.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let text = text::read(data, anatomy)?;
    keep(&text, anatomy)?;
    let tree = Node::read(&text).map_err(|error| Fault::new(format!("it isn't plain JSON: {error}")))?;
    let member = |wanted: &str| tree.children().into_iter().find(|(name, _)| *name == wanted).map(|(_, node)| node);
    let (Some(Node::List(cells)), Some(Node::Number(version))) = (member("cells"), member("nbformat")) else {
        return Err(Fault::new("it is no notebook"));
    };
    if version != "4" {
        return Err(Fault::new("it is a notebook of a version that no check reads"));
    }
    let mut texts = Vec::new();
    for (name, node) in tree.children() {
        match name {
            "cells" | "nbformat" | "nbformat_minor" => (),
            "metadata" => {
                if node.children().iter().any(|(name, _)| *name == "widgets") {
                    block(anatomy, "the notebook holds the state of widgets");
                }
                gather(node, &mut texts);
            }
            _ => {
                block(anatomy, "the notebook holds more than cells");
                gather(node, &mut texts);
            }
        }
    }
    for (number, node) in cells.iter().enumerate() {
        cell(node, &inside(at, &format!("cell {}", number + 1)), &mut texts, anatomy)?;
    }
    anatomy.add(inside(at, "metadata"), Body::Texts(texts.into()))
}

fn block(anatomy: &mut Anatomy, what: &str) {
    anatomy.block_once("F6", what, STRIP);
}

fn cell(node: &Node, at: &str, texts: &mut Vec<String>, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let fault = || Fault::new(format!("{at} isn't what the format says"));
    let kind = node.children().into_iter().find(|(name, _)| *name == "cell_type").and_then(|(_, kind)| kind.scalar());
    let kind = kind.ok_or_else(fault)?;
    for (name, value) in node.children() {
        match (name, value) {
            ("cell_type", _) => (),
            ("source", _) => {
                let source = source(value).ok_or_else(fault)?;
                if let Some(what) = hidden(&Node::Text(source.clone())) {
                    return Err(Fault::new(format!("{at}: {what}")));
                }
                let small = source.to_ascii_lowercase();
                match kind {
                    "markdown" if ACTIVE.iter().any(|word| small.contains(word)) => {
                        block(anatomy, "a cell of text holds markup that a browser runs or fetches");
                    }
                    "raw" => texts.push(source.clone()),
                    "code" | "markdown" => (),
                    _ => return Err(fault()),
                }
                anatomy.room.keep(source.len())?;
                anatomy.add(at, Body::Words(source))?;
            }
            ("outputs", Node::List(outputs)) if outputs.is_empty() => (),
            ("outputs", _) => {
                block(anatomy, "the notebook holds results of its cells");
                gather(value, texts);
            }
            ("attachments", value) => {
                if !value.children().is_empty() {
                    block(anatomy, "the notebook holds other files");
                }
                gather(value, texts);
            }
            ("execution_count" | "id" | "metadata", _) => gather(value, texts),
            _ => {
                block(anatomy, "a cell holds more than its text");
                gather(value, texts);
            }
        }
    }
    Ok(())
}

/// A text, or the lines of one.
fn source(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone()),
        Node::List(lines) => {
            lines.iter().map(|line| if let Node::Text(line) = line { Some(line.as_str()) } else { None }).collect()
        }
        _ => None,
    }
}

/// All names and values in a tree, as texts.
fn gather(node: &Node, texts: &mut Vec<String>) {
    if let Node::Text(text) | Node::Number(text) = node {
        texts.push(text.clone());
    }
    for (name, child) in node.children() {
        if !name.is_empty() {
            texts.push(name.to_owned());
        }
        gather(child, texts);
    }
}
