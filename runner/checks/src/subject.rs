//! The file under examination, taken apart once for all checks.

use crate::anatomy::{Anatomy, Fault, Part};
use crate::copies::{self, Source};
use crate::data::Data;
use crate::evidence::{Evidence, Input};
use crate::finding::Finding;
use crate::formats::{self, Kind};
use crate::information;
use crate::wrapped;
use std::cell::OnceCell;
use std::fs::File;
use std::rc::Rc;

/// A file, and what it holds.
pub(crate) struct Subject<'a> {
    pub(crate) evidence: &'a Evidence,
    /// Bytes.
    pub(crate) size: u64,
    /// All of the file, if it can be read.
    pub(crate) data: Option<Data>,
    /// What the name says that it is: its ending, in small letters.
    pub(crate) ending: String,
    /// What it is, or why that can't be told.
    pub(crate) kind: Result<&'static Kind, Fault>,
    pub(crate) anatomy: Anatomy,
    /// How many of the parts lie in the file as they are; the others were wrapped up in them.
    plain: usize,
    /// What is wrapped up in it and can't be opened.
    pub(crate) closed: Option<Fault>,
    /// The files of all inputs.
    pub(crate) sources: Vec<Source<'a>>,
    deep: OnceCell<Vec<Finding>>,
    information: OnceCell<u64>,
}

impl<'a> Subject<'a> {
    pub(crate) fn read(evidence: &'a Evidence) -> Self {
        let size = evidence.file.metadata().map_or(u64::MAX, |facts| facts.len());
        let mut anatomy = Anatomy::default();
        let data = Data::of(&evidence.file);
        let kind = match &data {
            Ok(data) => formats::open(data, &evidence.name, "", &mut anatomy),
            Err(error) => Err(Fault::new(format!("it can't be read ({error})"))),
        };
        let plain = anatomy.parts.len();
        let closed = wrapped::open(&mut anatomy).err();
        let files = |input: &'a Input| input.files.iter().map(move |(path, file)| (input, path, file));
        let work = Rc::default();
        let source =
            |(input, path, file): (&'a Input, &'a String, &'a File)| Source::new(input, path, file).sharing(&work);
        let sources = evidence.inputs.iter().flat_map(files).map(source).collect();
        Self {
            evidence,
            size,
            data: data.ok(),
            ending: formats::ending(&evidence.name),
            kind,
            anatomy,
            plain,
            closed,
            sources,
            deep: OnceCell::new(),
            information: OnceCell::new(),
        }
    }

    /// The parts that anybody sees who opens the file.
    pub(crate) fn plain(&self) -> &[Part] {
        self.anatomy.parts.get(..self.plain).unwrap_or(&[])
    }

    /// Bits that it can say at most.
    pub(crate) fn information(&self) -> u64 {
        *self.information.get_or_init(|| information::bits(self))
    }

    /// What was found in its numbers and wrappings: several checks ask.
    pub(crate) fn deep(&self) -> &[Finding] {
        self.deep.get_or_init(|| copies::look_deep(self))
    }
}
