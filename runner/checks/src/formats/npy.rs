//! NumPy's arrays (numpy.lib.format, versions 1 to 3).

mod descr;
mod strings;

use super::inside;
use super::literal::{self, Literal};
use super::walk::{Walk, piece};
use crate::anatomy::{Anatomy, Body, Fault};
use crate::array::{Array, Order};
use crate::data::Data;
use crate::finding::Finding;
use descr::{Field, What};

/// Most bytes of a header: more than NumPy itself reads.
const HEADER: u64 = 1 << 16;
/// Most numbers that one field of a record holds.
const NUMBERS: u64 = 64;

/// What a header says.
struct Header {
    fields: Vec<Field>,
    /// Bytes of one element.
    size: u64,
    order: Order,
    shape: Vec<u64>,
    /// Where the elements begin.
    body: u64,
}

/// Reads an array: numbers, texts, or records of such.
pub(crate) fn read(data: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let header = header(data)?;
    let body = data.after(header.body).ok_or_else(|| Fault::new("it ends too early"))?;
    if header.fields.iter().any(|field| field.what == What::Object) {
        // Whoever loads them runs them.
        return Err(Fault::new(
            "object arrays hold pickles: save numbers, and texts as texts of a fixed width (dtype \"U\")",
        ));
    }
    let count = header.shape.iter().try_fold(1u64, |all, more| all.checked_mul(*more));
    let promised = count.and_then(|count| count.checked_mul(header.size));
    if promised != Some(body.len()) {
        return Err(Fault::at(header.body, "it has another size than its header promises"));
    }
    for field in &header.fields {
        let at = if field.name.is_empty() { at.to_owned() } else { inside(at, &field.name) };
        let from = body.after(field.offset).unwrap_or_else(|| Vec::new().into());
        add(field, &header, &from, &at, anatomy)?;
    }
    let names: Vec<String> =
        header.fields.into_iter().map(|field| field.name).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { Ok(()) } else { anatomy.add(inside(at, "names"), Body::Texts(names.into())) }
}

/// Adds the values of one field, which begin at `from` and lie one element's size apart.
fn add(field: &Field, header: &Header, from: &Data, at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    match field.what {
        What::Number(number, each) if each <= NUMBERS => {
            let size = number.size() as u64;
            let packed = header.fields.len() == 1 && each == 1;
            for item in 0..each {
                let data = from.after(item * size).unwrap_or_else(|| Vec::new().into());
                let mut array = Array::packed(number, header.shape.clone(), header.order, data);
                array.big_endian = field.big_endian;
                array.step = if packed { size } else { header.size };
                anatomy.add(at, Body::Array(array))?;
            }
            Ok(())
        }
        What::Text(size) => {
            let texts = strings::read(field, size, header.size, &header.shape, from, anatomy)?;
            anatomy.add(at, Body::Texts(texts.into()))
        }
        _ => {
            let remedy = "write the columns as arrays of their own";
            anatomy.remark("F5", Finding::block("it has elements that aren't plain numbers or texts", remedy));
            anatomy.add(at, Body::Bytes(from.clone()))
        }
    }
}

fn header(data: &Data) -> Result<Header, Fault> {
    let start = piece(data, 0, data.len().min(12))?;
    let mut walk = Walk::new(&start, 0);
    let (signature, major, minor) = (walk.take(6)?, walk.u8()?, walk.u8()?);
    let len = match (major, minor) {
        (1, 0) => walk.u16()?.into(),
        (2 | 3, 0) => u64::from(walk.u32()?),
        _ => return Err(Fault::at(6, "it is of a version that no check reads")),
    };
    if signature != b"\x93NUMPY" || len > HEADER {
        return Err(Fault::at(6, "its header is too long"));
    }
    let broken = || Fault::at(8, "its header isn't what NumPy writes");
    let text = piece(data, walk.at(), len)?;
    let (literal, filling) = literal::read(std::str::from_utf8(&text).map_err(|_| broken())?)?;
    if filling.trim_start_matches(' ') != "\n" {
        return Err(broken());
    }
    let Literal::Dictionary(mut pairs) = literal else { return Err(broken()) };
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let [(descr, kind), (order, Literal::Bool(columns)), (shape, Literal::List(lengths))] = pairs.as_slice() else {
        return Err(broken());
    };
    if [descr, order, shape] != ["descr", "fortran_order", "shape"] {
        return Err(broken());
    }
    let length = |length: &Literal| if let Literal::Number(length) = length { Some(*length) } else { None };
    let shape = lengths.iter().map(length).collect::<Option<Vec<u64>>>().ok_or_else(broken)?;
    let (fields, size) = descr::fields(kind)?;
    let order = if *columns { Order::Columns } else { Order::Rows };
    Ok(Header { fields, size, order, shape, body: walk.at() + len })
}
