//! The formats of files: [`open`] tells what a file is, holds that against its name, and hands it to the reader of its kind.

mod active;
mod calendar;
mod checksum;
mod gzip;
mod ipynb;
mod jpeg;
mod json;
mod kind;
mod literal;
mod models;
mod names;
mod npy;
pub(crate) mod npz;
mod onnx;
mod parquet;
mod pdf;
mod pixels;
mod png;
mod safetensors;
mod sight;
mod tar;
mod text;
mod unread;
mod walk;
mod wire;
mod xlsx;
mod xml;
pub(crate) mod zip;

use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::finding::Finding;
use crate::say::quoted;
use kind::Reading;
use sight::Sight;

pub(crate) use kind::Kind;

/// Under what name a remark says in which member of an archive something is.
const MEMBER: &str = "member";

/// Reads a file into its parts, after holding what it is against what its name says. `at` is where its parts are, as people would
/// write it: empty for a file of its own, `tables.zip: by_site.csv` in an archive. A kind that nothing reads leaves a remark that
/// blocks; so does all else that may not leave and doesn't keep the rest from being looked at.
pub(crate) fn open(data: &Data, name: &str, at: &str, anatomy: &mut Anatomy) -> Result<&'static Kind, Fault> {
    let ending = ending(name);
    let kind = sight::recognise(&Sight::of(data)?, &ending)?;
    match kind.reading {
        Reading::Whole(read) => read(data, at, anatomy)?,
        Reading::Named(read) => read(data, name, at, anatomy)?,
        Reading::Members(_) | Reading::Never { .. } if kind.is_zip() => return open_zip(data, &ending, at, anatomy),
        Reading::Members(_) => return Err(Fault::new("it is no archive")),
        Reading::Never { why, instead } => refuse(kind, why, instead, anatomy),
    }
    Ok(kind)
}

/// A zip archive is what its members make of it.
fn open_zip(data: &Data, ending: &str, at: &str, anatomy: &mut Anatomy) -> Result<&'static Kind, Fault> {
    let members = zip::members(data, at, anatomy)?;
    let kind = zip::flavour(&members)?;
    if !kind.endings.contains(&ending) {
        return Err(disagree(kind, ending));
    }
    match kind.reading {
        Reading::Members(read) => read(&members, at, anatomy)?,
        Reading::Never { why, instead } => refuse(kind, why, instead, anatomy),
        Reading::Whole(_) | Reading::Named(_) => return Err(Fault::new("it is an archive of no known kind")),
    }
    Ok(kind)
}

/// Opens what lies in an archive or a stream. What can't be read there is told, and the others are looked at nevertheless.
pub(crate) fn open_inside(data: &Data, name: &str, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    anatomy.room.inside()?;
    let at = inside(at, name);
    let before = anatomy.remarks.len();
    if let Err(fault) = open(data, name, &at, anatomy) {
        anatomy.remark("F1", Finding::block(fault.what, "mend that file, or leave it out"));
    }
    // What was said of something deeper inside says already where that is.
    for remark in anatomy.remarks.iter_mut().skip(before).filter(|remark| !remark.evidence.contains_key(MEMBER)) {
        remark.message = format!("{}: {}", quoted(&at), remark.message);
        remark.evidence.insert(MEMBER.to_owned(), at.clone().into());
    }
    anatomy.room.outside();
    Ok(())
}

/// How people would write where something is that lies in something else.
pub(crate) fn inside(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}: {name}") }
}

/// What a name says that a file is, in small letters; nothing if it says nothing.
pub(crate) fn ending(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

fn refuse(kind: &Kind, why: &str, instead: &str, anatomy: &mut Anatomy) {
    let finding = Finding::block(format!("no check reads {}: {why}", kind.name), instead);
    anatomy.remark("F1", finding.with("type", kind.name));
}

pub(crate) fn disagree(kind: &Kind, ending: &str) -> Fault {
    match ending {
        "" => Fault::new(format!("its name has no ending and it holds {}", kind.name)),
        ending => Fault::new(format!("it is called {} and holds {}", quoted(ending), kind.name)),
    }
    .of(kind.name)
    .but("give it the name of what it is")
}

#[cfg(test)]
mod tests;
