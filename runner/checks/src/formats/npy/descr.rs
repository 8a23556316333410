//! What the elements of a NumPy array are made of (numpy.lib.format, `descr`; the array interface protocol, `typestr`).

use crate::anatomy::Fault;
use crate::array::Number;
use crate::formats::literal::Literal;

/// Most fields of a record.
const FIELDS: usize = 10_000;

/// A field of a record, or the whole element.
#[derive(Debug)]
pub(super) struct Field {
    /// Empty where the element is no record.
    pub(super) name: String,
    /// Where in the element it begins.
    pub(super) offset: u64,
    pub(super) what: What,
    pub(super) big_endian: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Numbers of a kind, and how many.
    Number(Number, u64),
    /// A text in four bytes for each character, or one.
    Text(Letters),
    /// A pickle stands for all of it.
    Object,
    /// Bytes that may hold anything.
    Bytes,
}

/// How a text is written, and in how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    Bytes(u64),
    Wide(u64),
}

/// The fields of an element, and its size.
pub(super) fn fields(descr: &Literal) -> Result<(Vec<Field>, u64), Fault> {
    let (mut fields, mut size) = (Vec::new(), 0);
    gather(descr, "", 1, &mut fields, &mut size)?;
    Ok((fields, size))
}

fn broken() -> Fault {
    Fault::at(8, "its elements are of a type that no check reads")
}

/// Adds the fields of one type, `each` times over.
fn gather(descr: &Literal, name: &str, each: u64, fields: &mut Vec<Field>, size: &mut u64) -> Result<(), Fault> {
    match descr {
        Literal::Text(text) => {
            let (what, big_endian, one) = simple(text, each)?;
            fields.push(Field { name: name.to_owned(), offset: *size, what, big_endian });
            let all = one.checked_mul(each).and_then(|all| size.checked_add(all));
            *size = all.ok_or_else(broken)?;
        }
        Literal::List(records) if each == 1 => {
            for record in records {
                if fields.len() >= FIELDS {
                    return Err(broken());
                }
                let Literal::List(record) = record else { return Err(broken()) };
                let (own, descr, shape) = match record.as_slice() {
                    [Literal::Text(own), descr] => (own, descr, None),
                    [Literal::Text(own), descr, Literal::List(shape)] => (own, descr, Some(shape)),
                    _ => return Err(broken()),
                };
                let times = |all: u64, more: &Literal| match more {
                    Literal::Number(more) => all.checked_mul(*more),
                    _ => None,
                };
                let each = shape.map_or(Some(1), |shape| shape.iter().try_fold(1, times)).ok_or_else(broken)?;
                let name = if name.is_empty() { own.clone() } else { format!("{name}.{own}") };
                gather(descr, &name, each, fields, size)?;
            }
        }
        _ => return Err(broken()),
    }
    Ok(())
}

/// What a type's short name says, and the bytes of one.
fn simple(text: &str, each: u64) -> Result<(What, bool, u64), Fault> {
    let (order, rest) = text.split_at_checked(1).ok_or_else(broken)?;
    let (kind, rest) = rest.split_at_checked(1).ok_or_else(broken)?;
    // Times have a unit behind their size, in brackets.
    let digits = match kind {
        "M" | "m" => rest.split_once('[').map_or(rest, |(digits, _)| digits),
        _ => rest,
    };
    let size: u64 = if kind == "O" && rest.is_empty() { 8 } else { digits.parse().map_err(|_| broken())? };
    if !["<", ">", "|"].contains(&order) {
        return Err(broken());
    }
    let (what, bytes) = match (kind, size) {
        ("b", 1) => (What::Number(Number::Bool, each), 1),
        ("i", 1) => (What::Number(Number::I8, each), 1),
        ("i", 2) => (What::Number(Number::I16, each), 2),
        ("i", 4) => (What::Number(Number::I32, each), 4),
        ("i" | "M" | "m", 8) => (What::Number(Number::I64, each), 8),
        ("u", 1) => (What::Number(Number::U8, each), 1),
        ("u", 2) => (What::Number(Number::U16, each), 2),
        ("u", 4) => (What::Number(Number::U32, each), 4),
        ("u", 8) => (What::Number(Number::U64, each), 8),
        ("f", 2) => (What::Number(Number::F16, each), 2),
        ("f", 4) => (What::Number(Number::F32, each), 4),
        ("f", 8) => (What::Number(Number::F64, each), 8),
        // A complex number is two.
        ("c", 8) => (What::Number(Number::F32, each.saturating_mul(2)), 8),
        ("c", 16) => (What::Number(Number::F64, each.saturating_mul(2)), 16),
        ("S" | "a", size) if each == 1 => (What::Text(Letters::Bytes(size)), size),
        ("U", size) if each == 1 => {
            let bytes = size.checked_mul(4).ok_or_else(broken)?;
            (What::Text(Letters::Wide(bytes)), bytes)
        }
        ("O", _) => (What::Object, size),
        ("U", size) => (What::Bytes, size.checked_mul(4).ok_or_else(broken)?),
        ("V" | "S" | "a", size) => (What::Bytes, size),
        _ => return Err(broken()),
    };
    Ok((what, order == ">", bytes))
}
