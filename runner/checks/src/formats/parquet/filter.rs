//! The filter of a column chunk, which says of any value whether it may be there (apache/parquet-format, BloomFilter.md). It is made
//! once more from the values; what has more bits tells of values that no row has.

use super::schema::{Leaf, Physical};
use super::thrift::Fields;
use super::value::Value;
use crate::anatomy::Fault;
use crate::data::Data;
use crate::formats::walk::{Walk, piece};
use crate::room::Room;
use twox_hash::XxHash64;

/// Words of a block, each with the number that spreads its bits.
const SALT: [u32; 8] =
    [0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31];

/// A filter as it is in the file, and as it is made from values.
pub(super) struct Filter {
    written: Vec<[u32; 8]>,
    made: Vec<[u32; 8]>,
}

impl Filter {
    /// Reads a filter that fills a stretch.
    pub(super) fn read(data: &Data) -> Result<Self, Fault> {
        let bytes = piece(data, 0, data.len())?;
        let mut walk = Walk::new(&bytes, 0);
        let header = Fields::read(&mut walk, &mut Room::default())?;
        let plain = |number: i64| header.fields(number).is_some_and(|kind| kind.fields(1).is_some());
        let len = header.known(4)?.count(1).filter(|len| len % 32 == 0 && *len > 0);
        if len != Some(walk.rest().len() as u64) || !(2..=4).all(plain) {
            return Err(Fault::new("a filter of its values is of a kind that no check reads"));
        }
        let word = |four: &[u8; 4]| u32::from_le_bytes(*four);
        let block = |bytes: &[u8; 32]| {
            let mut words = [0; 8];
            words.iter_mut().zip(bytes.as_chunks::<4>().0).for_each(|(own, four)| *own = word(four));
            words
        };
        let written: Vec<_> = walk.rest().as_chunks::<32>().0.iter().map(block).collect();
        Ok(Self { made: vec![[0; 8]; written.len()], written })
    }

    /// Adds a value.
    pub(super) fn add(&mut self, value: &Value, leaf: &Leaf) {
        let hash = |bytes: &[u8]| XxHash64::oneshot(0, bytes);
        let hash = match value {
            Value::Bytes(own) => hash(own),
            Value::Bool(own) => hash(&[u8::from(*own)]),
            Value::Int(own) if leaf.physical == Physical::Int32 => hash(&(*own as i32).to_le_bytes()),
            Value::Int(own) => hash(&own.to_le_bytes()),
            Value::Float(own) => hash(&own.to_le_bytes()),
            Value::Double(own) => hash(&own.to_le_bytes()),
        };
        let place = ((hash >> 32) * self.made.len() as u64) >> 32;
        if let Some(block) = usize::try_from(place).ok().and_then(|place| self.made.get_mut(place)) {
            for (word, salt) in block.iter_mut().zip(SALT) {
                *word |= 1 << ((hash as u32).wrapping_mul(salt) >> 27);
            }
        }
    }

    /// Whether the filter in the file says no more than that the values that were added may be there.
    pub(super) fn is_true(&self) -> bool {
        self.made == self.written
    }
}
