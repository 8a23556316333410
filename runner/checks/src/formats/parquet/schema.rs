//! The columns of a Parquet file (parquet.thrift, SchemaElement and LogicalType; LogicalTypes.md).

use super::thrift::Fields;
use crate::anatomy::Fault;

/// Most columns.
const COLUMNS: usize = 10_000;
/// Deepest nesting of columns.
const DEEP: u32 = 16;

/// One column of values.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// The names on the way to it, with points between them.
    pub(super) name: String,
    pub(super) path: Vec<String>,
    pub(super) physical: Physical,
    pub(super) meaning: Meaning,
    /// The level of definition at which a value is there, and that of repetition at which it is one of several.
    pub(super) defined: u32,
    pub(super) repeated: u32,
}

/// How a value is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Physical {
    Bool,
    Int32,
    Int64,
    Float,
    Double,
    Bytes,
    /// So many bytes; twelve of them are a time that Impala writes.
    Fixed(usize),
}

/// What a value means beyond how it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Plain,
    Unsigned,
    /// Digits behind the decimal point.
    Decimal(u32),
    /// Days since 1970.
    Date,
    /// Parts of a second since 1970.
    Time(u32),
    /// A day of the Julian calendar and nanoseconds in it.
    Julian,
    Half,
}

fn broken() -> Fault {
    Fault::new("its schema is broken")
}

/// All columns of values, from the elements in the order of a walk through the tree.
pub(super) fn leaves(elements: &[&Fields]) -> Result<Vec<Leaf>, Fault> {
    let (root, mut rest) = elements.split_first().ok_or_else(broken)?;
    let mut leaves = Vec::new();
    let children = root.known(10)?.count(5).unwrap_or(0);
    for _ in 0..children {
        rest = gather(rest, &[], (0, 0), DEEP, &mut leaves)?;
    }
    if !rest.is_empty() || leaves.is_empty() && children > 0 {
        return Err(broken());
    }
    Ok(leaves)
}

fn gather<'a>(
    elements: &'a [&'a Fields],
    above: &[String],
    levels: (u32, u32),
    depth: u32,
    leaves: &mut Vec<Leaf>,
) -> Result<&'a [&'a Fields], Fault> {
    let depth = depth.checked_sub(1).ok_or_else(broken)?;
    let (element, mut rest) = elements.split_first().ok_or_else(broken)?;
    let own = element.known(10)?.text(4).ok_or_else(broken)?;
    let path = [above, &[own]].concat();
    let (defined, repeated) = match element.int(3) {
        Some(0) => levels,
        Some(1) => (levels.0 + 1, levels.1),
        Some(2) => (levels.0 + 1, levels.1 + 1),
        _ => return Err(broken()),
    };
    match element.count(5).filter(|count| *count > 0) {
        Some(children) if element.get(1).is_none() => {
            for _ in 0..children {
                rest = gather(rest, &path, (defined, repeated), depth, leaves)?;
            }
        }
        Some(_) => return Err(broken()),
        None => {
            let physical = physical(element).ok_or_else(broken)?;
            let meaning = meaning(element, physical);
            if leaves.len() >= COLUMNS {
                return Err(Fault::new(format!("it has more than {COLUMNS} columns")));
            }
            leaves.push(Leaf { name: path.join("."), path, physical, meaning, defined, repeated });
        }
    }
    Ok(rest)
}

fn physical(element: &Fields) -> Option<Physical> {
    Some(match element.int(1)? {
        0 => Physical::Bool,
        1 => Physical::Int32,
        2 => Physical::Int64,
        3 => Physical::Fixed(12),
        4 => Physical::Float,
        5 => Physical::Double,
        6 => Physical::Bytes,
        7 => Physical::Fixed(element.count(2).and_then(|len| usize::try_from(len).ok()).filter(|len| *len > 0)?),
        _ => return None,
    })
}

fn meaning(element: &Fields, physical: Physical) -> Meaning {
    let unit = |fields: &Fields| match fields.fields(2) {
        Some(unit) if unit.get(1).is_some() => 1_000,
        Some(unit) if unit.get(3).is_some() => 1_000_000_000,
        _ => 1_000_000,
    };
    let scale = element.count(7).and_then(|scale| u32::try_from(scale).ok()).filter(|scale| *scale < 40).unwrap_or(0);
    let logical = element.fields(10);
    let is = |number: i64| logical.is_some_and(|logical| logical.get(number).is_some());
    match (physical, element.int(6)) {
        (Physical::Fixed(12), None) if logical.is_none() && element.int(1) == Some(3) => Meaning::Julian,
        (Physical::Fixed(2), _) if is(15) => Meaning::Half,
        (Physical::Int32, Some(6)) => Meaning::Date,
        (Physical::Int32, _) if is(6) => Meaning::Date,
        (_, Some(5)) => Meaning::Decimal(scale),
        (_, _) if is(5) => Meaning::Decimal(scale),
        (Physical::Int64, Some(9)) => Meaning::Time(1_000),
        (Physical::Int64, Some(10)) => Meaning::Time(1_000_000),
        (Physical::Int64, _) if is(8) => {
            logical.and_then(|logical| logical.fields(8)).map_or(Meaning::Plain, |time| Meaning::Time(unit(time)))
        }
        (Physical::Int32 | Physical::Int64, Some(11..=14)) => Meaning::Unsigned,
        _ => Meaning::Plain,
    }
}
