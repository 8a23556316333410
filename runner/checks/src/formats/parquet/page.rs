//! The pages of a column chunk in a Parquet file: each described, unpacked and read to its last byte.

use super::codec;
use super::encoding::{deltas, lengths, plain, prefixes, runs, split, width};
use super::schema::{Leaf, Physical};
use super::thrift::Fields;
use super::value::Value;
use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::formats::walk::{Walk, piece};

/// Most bytes of a page's description.
const DESCRIPTION: u64 = 1 << 16;
/// Most values of a page.
const VALUES: u64 = 1 << 22;
/// What a page may unpack to for each of its bytes, and what it may whatever its size (F3).
const RATIO: u64 = 100;
const SMALL: u64 = 1 << 20;
const LARGE: u64 = 128 << 20;

/// A column chunk that is read page by page.
pub(super) struct Pages<'a> {
    pub(super) data: &'a Data,
    pub(super) leaf: &'a Leaf,
    pub(super) codec: i64,
    at: u64,
    dictionary: Option<Vec<Value>>,
    /// Which values of the dictionary some row has.
    used: Vec<bool>,
    /// Minima and maxima that pages claim.
    pub(super) claims: Vec<Vec<u8>>,
}

/// The values of a page; none where a row has none. Each comes with its level of repetition.
pub(super) type Values = Vec<Option<Value>>;

impl<'a> Pages<'a> {
    pub(super) fn new(data: &'a Data, leaf: &'a Leaf, codec: i64) -> Self {
        Self { data, leaf, codec, at: 0, dictionary: None, used: Vec::new(), claims: Vec::new() }
    }

    /// The values of the next page that has any; none at the chunk's end.
    pub(super) fn next(&mut self, anatomy: &mut Anatomy) -> Result<Option<Values>, Fault> {
        while self.at < self.data.len() {
            let head = piece(self.data, self.at, DESCRIPTION.min(self.data.len() - self.at))?;
            let mut walk = Walk::new(&head, self.at);
            let header = Fields::read(&mut walk, &mut anatomy.room)?;
            let (size, packed) = header.known(8)?.count(2).zip(header.count(3)).ok_or_else(|| self.broken())?;
            let body = piece(self.data, walk.at(), packed)?;
            if size > packed.saturating_mul(RATIO).clamp(SMALL, LARGE) {
                return Err(Fault::at(self.at, "it unpacks to more than can be examined"));
            }
            let size = usize::try_from(size).map_err(|_| self.broken())?;
            self.at = walk.at() + packed;
            match (header.int(1), header.fields(5), header.fields(7), header.fields(8)) {
                (Some(2), None, Some(own), None) => {
                    let bytes = codec::unpack(self.codec, &body, size)?;
                    self.dictionary(own.known(3)?, &bytes)?;
                }
                (Some(0), Some(own), None, None) => {
                    let bytes = codec::unpack(self.codec, &body, size)?;
                    return self.first_kind(own.known(5)?, &bytes).map(Some);
                }
                (Some(3), None, None, Some(own)) => return self.second_kind(own.known(8)?, &body, size).map(Some),
                _ => return Err(self.broken()),
            }
        }
        Ok(None)
    }

    /// Values of the dictionary that no row has.
    pub(super) fn unused(&self) -> Vec<&Value> {
        let values = self.dictionary.iter().flatten();
        values.zip(&self.used).filter(|(_, used)| !**used).map(|(value, _)| value).collect()
    }

    fn broken(&self) -> Fault {
        Fault::new(format!("a page of its column {} is broken", crate::say::quoted(&self.leaf.name)))
    }

    fn count(&self, count: Option<u64>) -> Result<usize, Fault> {
        let count = count.ok_or_else(|| self.broken())?;
        if count > VALUES {
            return Err(Fault::new("one of its pages has more values than can be examined"));
        }
        usize::try_from(count).map_err(|_| self.broken())
    }

    fn dictionary(&mut self, own: &Fields, bytes: &[u8]) -> Result<(), Fault> {
        let count = self.count(own.count(1))?;
        let mut walk = Walk::new(bytes, 0);
        if self.dictionary.is_some() || ![Some(0), Some(2)].contains(&own.int(2)) {
            return Err(self.broken());
        }
        self.dictionary = Some(plain(&mut walk, self.leaf.physical, count)?);
        self.used = vec![false; count];
        if walk.is_empty() { Ok(()) } else { Err(self.broken()) }
    }

    /// A page whose levels are packed with its values, each kind with its length before it.
    fn first_kind(&mut self, own: &Fields, bytes: &[u8]) -> Result<Values, Fault> {
        let count = self.count(own.count(1))?;
        self.claim(own.fields(5))?;
        let mut walk = Walk::new(bytes, 0);
        let mut levels = |most: u32| {
            if most == 0 {
                return Ok(vec![0; count]);
            }
            let len = walk.u32()?;
            let mut stretch = Walk::new(walk.take(len as usize)?, 0);
            let levels = runs(&mut stretch, width(most), count)?;
            if stretch.is_empty() { Ok(levels) } else { Err(Fault::new("its levels are longer than they should be")) }
        };
        let packed = |number: i64, most: u32| most == 0 || own.int(number) == Some(3);
        if !packed(3, self.leaf.defined) || !packed(4, self.leaf.repeated) {
            return Err(self.broken());
        }
        levels(self.leaf.repeated)?;
        let defined = levels(self.leaf.defined)?;
        self.values(own.int(2), &mut walk, &defined)
    }

    /// A page whose levels stand before its packed values.
    fn second_kind(&mut self, own: &Fields, body: &[u8], size: usize) -> Result<Values, Fault> {
        let count = self.count(own.count(1))?;
        self.claim(own.fields(8))?;
        let mut walk = Walk::new(body, 0);
        let mut before = 0;
        let mut levels = |number: i64, most: u32| {
            let len = own.count(number).and_then(|len| usize::try_from(len).ok());
            let bytes = walk.take(len.ok_or_else(|| Fault::new("its levels are missing"))?)?;
            before += bytes.len();
            if most == 0 && bytes.is_empty() {
                return Ok(vec![0; count]);
            }
            let mut stretch = Walk::new(bytes, 0);
            let levels = runs(&mut stretch, width(most), count)?;
            if stretch.is_empty() { Ok(levels) } else { Err(Fault::new("its levels are longer than they should be")) }
        };
        levels(6, self.leaf.repeated)?;
        let defined = levels(5, self.leaf.defined)?;
        let size = size.checked_sub(before).ok_or_else(|| self.broken())?;
        let packed = own.get(7) != Some(&super::thrift::Thrift::Bool(false));
        let codec = if packed { self.codec } else { 0 };
        // Nothing is packed into nothing by some writers.
        let bytes = if size == 0 { Vec::new() } else { codec::unpack(codec, walk.rest(), size)? };
        self.values(own.int(4), &mut Walk::new(&bytes, 0), &defined)
    }

    fn values(&mut self, encoding: Option<i64>, walk: &mut Walk<'_>, defined: &[u32]) -> Result<Values, Fault> {
        let there = |level: &u32| *level == self.leaf.defined;
        if defined.iter().any(|level| *level > self.leaf.defined) {
            return Err(self.broken());
        }
        let count = defined.iter().filter(|level| there(level)).count();
        let bytes = |all: Vec<Vec<u8>>| all.into_iter().map(Value::Bytes).collect::<Vec<_>>();
        let physical = self.leaf.physical;
        let values = match (encoding, physical) {
            (Some(0), _) => plain(walk, physical, count)?,
            (Some(2 | 8), _) => self.looked_up(walk, count)?,
            (Some(3), Physical::Bool) => {
                let len = walk.u32()? as usize;
                let bits = runs(&mut Walk::new(walk.take(len)?, 0), 1, count)?;
                bits.into_iter().map(|bit| Value::Bool(bit == 1)).collect()
            }
            (Some(5), Physical::Int32) => {
                deltas(walk, count)?.into_iter().map(|value| Value::Int((value as i32).into())).collect()
            }
            (Some(5), Physical::Int64) => deltas(walk, count)?.into_iter().map(Value::Int).collect(),
            (Some(6), Physical::Bytes) => bytes(lengths(walk, count)?),
            (Some(7), Physical::Bytes | Physical::Fixed(_)) => bytes(prefixes(walk, count, LARGE as usize)?),
            (Some(9), _) => split(walk, physical, count)?,
            _ => return Err(Fault::new("its values are packed in a way that no check reads")),
        };
        // Some versions of fastparquet leave eight zeros behind the values.
        if values.len() != count || ![&[][..], &[0; 8]].contains(&walk.rest()) {
            return Err(self.broken());
        }
        let mut values = values.into_iter();
        Ok(defined.iter().map(|level| if there(level) { values.next() } else { None }).collect())
    }

    fn looked_up(&mut self, walk: &mut Walk<'_>, count: usize) -> Result<Vec<Value>, Fault> {
        let (broken, width) = (self.broken(), u32::from(walk.u8()?));
        if width > 32 {
            return Err(broken);
        }
        let dictionary = self.dictionary.as_ref().ok_or_else(|| broken.clone())?;
        let (mut values, mut room) = (Vec::with_capacity(count), LARGE);
        for place in runs(walk, width, count)? {
            let place = place as usize;
            let (value, used) = dictionary.get(place).zip(self.used.get_mut(place)).ok_or_else(|| broken.clone())?;
            *used = true;
            // One long text that many rows have would take the memory of many.
            let len = if let Value::Bytes(bytes) = value { bytes.len() } else { 0 };
            room =
                room.checked_sub(len as u64).ok_or_else(|| Fault::new("a page's texts are too long to be examined"))?;
            values.push(value.clone());
        }
        Ok(values)
    }

    /// Notes which values a page says are its least and greatest.
    fn claim(&mut self, statistics: Option<&Fields>) -> Result<(), Fault> {
        self.claims.extend(super::claimed(statistics)?);
        Ok(())
    }
}
