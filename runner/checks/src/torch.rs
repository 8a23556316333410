//! Models of PyTorch: an archive of a pickle and of the storages that its tensors are parts of (PyTorch `torch/serialization.py`).

use crate::anatomy::{Anatomy, Body, Fault};
use crate::data::Data;
use crate::finding::Finding;
use crate::model::Estimator;
use crate::pickle::{self, Beside};
use crate::say::quoted;
use std::collections::BTreeMap;

/// Most bytes of a member that says a version or the like.
const WORD: u64 = 64;
/// Most arrays that a state dict lists.
const LISTED: usize = 1000;

/// The number 0x1950a86a20f9469cfc6c as the first pickle of a file: how torch began files before 1.6.
const LEGACY: &[u8] = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

/// Whether these first bytes are those of a file as torch wrote it before 1.6.
pub(crate) fn is_legacy(head: &[u8]) -> bool {
    head.starts_with(LEGACY)
}

/// The folder in an archive that holds a model: the one with `data.pkl` and `version`.
pub(crate) fn folder(members: &[(String, Data)]) -> Option<&str> {
    let folder = members.iter().find_map(|(name, _)| name.strip_suffix("/data.pkl"))?;
    let version = members.iter().any(|(name, _)| name.strip_prefix(folder) == Some("/version"));
    Some(folder).filter(|_| version)
}

/// Reads the members of an archive that [`folder`] knows.
pub(crate) fn read_torch(members: &[(String, Data)], at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let folder = folder(members).ok_or_else(|| Fault::new("it holds no data.pkl beside a version"))?;
    let (mut main, mut big_endian) = (None, false);
    let mut storages = BTreeMap::new();
    for (name, data) in members {
        let inside = name.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        let twice = match inside.split_once('/') {
            None if inside == "data.pkl" => main.replace(data).is_some(),
            None if inside == "byteorder" => {
                big_endian = order(data)?;
                false
            }
            None if matches!(inside, "version" | ".format_version" | ".storage_alignment") => {
                word(name, data, anatomy)?
            }
            Some((".data", "serialization_id")) => word(name, data, anatomy)?,
            Some(("data", key)) if is_key(key) => storages.insert(key.to_owned(), data.clone()).is_some(),
            Some(("code", _)) => {
                return Err(Fault::new("it holds code: save the state dict, model.state_dict(), instead of a script"));
            }
            None if inside == "constants.pkl" => {
                return Err(Fault::new("it holds a script's constants: save the state dict instead"));
            }
            _ => return Err(Fault::new(format!("it holds {}, which torch writes into no state dict", quoted(name)))),
        };
        if twice {
            return Err(Fault::new(format!("it holds {} twice", quoted(name))));
        }
    }
    let main = main.ok_or_else(|| Fault::new("it holds no data.pkl"))?;
    let place = if at.is_empty() { "data.pkl".to_owned() } else { format!("{at}/data.pkl") };
    let before = (anatomy.parts.len(), anatomy.estimators.len());
    let spare = pickle::examine(main, &place, Some(Beside { storages: &storages, big_endian }), anatomy)?;
    if anatomy.estimators.len() == before.1 {
        let state = state_dict(anatomy, before.0, &place);
        anatomy.estimators.push(state);
    }
    for (key, data) in spare {
        let message = format!("{} bytes of the storage {} belong to no tensor", data.len(), quoted(&key));
        anatomy.remark("F5", Finding::review(message, "save tensors that are no parts of larger ones: tensor.clone()"));
        anatomy.add(format!("data/{key}"), Body::Bytes(data))?;
    }
    Ok(())
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.len() < 20 && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn order(data: &Data) -> Result<bool, Fault> {
    match data.head(WORD as usize)?.as_slice() {
        b"little" => Ok(false),
        b"big" => Ok(true),
        _ => Err(Fault::new("its byteorder is neither little nor big")),
    }
}

/// Looks at a member that holds a number and nothing else.
fn word(name: &str, data: &Data, anatomy: &mut Anatomy) -> Result<bool, Fault> {
    let number = data.len() <= WORD && data.bytes()?.trim_ascii_end().iter().all(u8::is_ascii_digit);
    if !number {
        anatomy.remark("F5", Finding::review(format!("{} holds more than a number", quoted(name)), ""));
        anatomy.add(name, Body::Bytes(data.clone()))?;
    }
    Ok(false)
}

/// What a state dict is as a model: its tensors.
fn state_dict(anatomy: &Anatomy, from: usize, place: &str) -> Estimator {
    let (mut arrays, mut parameters) = (Vec::new(), 0);
    for part in anatomy.parts.iter().skip(from) {
        // Numbers that stand at no path of their own are no tensors.
        let Body::Array(array) = &part.body else { continue };
        if part.at == place {
            continue;
        }
        parameters += array.len();
        if arrays.len() < LISTED {
            let name = part.at.strip_prefix(place).unwrap_or(&part.at).trim_start_matches(": ");
            let name = name.strip_prefix("[\"").and_then(|name| name.strip_suffix("\"]")).unwrap_or(name);
            arrays.push((name.replace("\"][\"", "."), array.shape.clone()));
        }
    }
    Estimator { class: "torch state dict".to_owned(), arrays, parameters, ..Estimator::default() }
}
