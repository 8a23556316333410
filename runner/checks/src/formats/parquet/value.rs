//! Values of a Parquet file, and how they are written in a table: as pandas and others write them to csv.

use super::schema::{Leaf, Meaning, Physical};
use crate::formats::calendar::{date, stamp};

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Bool(bool),
    Int(i64),
    Float(f32),
    Double(f64),
    Bytes(Vec<u8>),
}

/// The day that is number 0 of Unix time, in the Julian calendar's numbers.
const EPOCH: i64 = 2_440_588;

impl Value {
    /// The value as a number, if it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(u8::from(*value).into()),
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some((*value).into()),
            Self::Double(value) => Some(*value),
            Self::Bytes(_) => None,
        }
    }

    /// The value as a text.
    pub(super) fn text(&self, leaf: &Leaf) -> String {
        match (self, leaf.meaning) {
            (Self::Bool(true), _) => "True".to_owned(),
            (Self::Bool(false), _) => "False".to_owned(),
            (Self::Int(days), Meaning::Date) => date(*days),
            (Self::Int(time), Meaning::Time(unit)) => {
                stamp(time.div_euclid(unit.into()), time.rem_euclid(unit.into()), unit)
            }
            (Self::Int(value), Meaning::Decimal(scale)) => decimal((*value).into(), scale),
            (Self::Int(value), Meaning::Unsigned) if leaf.physical == Physical::Int32 => (*value as u32).to_string(),
            (Self::Int(value), Meaning::Unsigned) => (*value as u64).to_string(),
            (Self::Int(value), _) => value.to_string(),
            (Self::Float(value), _) => format!("{value:?}"),
            (Self::Double(value), _) => format!("{value:?}"),
            (Self::Bytes(bytes), Meaning::Half) => bytes
                .first_chunk()
                .map_or(String::new(), |two| format!("{:?}", half::f16::from_le_bytes(*two).to_f32())),
            (Self::Bytes(bytes), Meaning::Decimal(scale)) if bytes.len() <= 16 => {
                let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
                let start = if negative { -1i128 } else { 0 };
                decimal(bytes.iter().fold(start, |all, byte| all << 8 | i128::from(*byte)), scale)
            }
            (Self::Bytes(bytes), Meaning::Julian) => julian(bytes).unwrap_or_default(),
            (Self::Bytes(bytes), _) => match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(_) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            },
        }
    }
}

fn decimal(value: i128, scale: u32) -> String {
    if scale == 0 {
        return value.to_string();
    }
    let digits = format!("{:0width$}", value.unsigned_abs(), width = scale as usize + 1);
    let (whole, part) = digits.split_at_checked(digits.len() - scale as usize).unwrap_or((&digits, ""));
    format!("{}{whole}.{part}", if value < 0 { "-" } else { "" })
}

fn julian(bytes: &[u8]) -> Option<String> {
    let (nanos, rest) = bytes.split_first_chunk::<8>()?;
    let (nanos, day) = (i64::from_le_bytes(*nanos), i64::from(u32::from_le_bytes(*rest.first_chunk()?)));
    let seconds = (day - EPOCH).checked_mul(86_400)?.checked_add(nanos.div_euclid(1_000_000_000))?;
    Some(stamp(seconds, nanos.rem_euclid(1_000_000_000), 1_000_000_000))
}
