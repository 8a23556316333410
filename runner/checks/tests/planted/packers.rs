//! Small writers of the formats in which rows are planted.

use std::io::Write;

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    F16,
    Bf16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
}

impl Type {
    pub fn bytes(self, values: &[f64]) -> Vec<u8> {
        let each = |value: &f64| match self {
            Self::F16 => half::f16::from_f64(*value).to_le_bytes().to_vec(),
            Self::Bf16 => half::bf16::from_f64(*value).to_le_bytes().to_vec(),
            Self::F32 => (*value as f32).to_le_bytes().to_vec(),
            Self::F64 => value.to_le_bytes().to_vec(),
            Self::I8 => (*value as i8).to_le_bytes().to_vec(),
            Self::I16 => (*value as i16).to_le_bytes().to_vec(),
            Self::I32 => (*value as i32).to_le_bytes().to_vec(),
            Self::I64 => (*value as i64).to_le_bytes().to_vec(),
        };
        values.iter().flat_map(each).collect()
    }
}

/// Numbers with a shape, written row by row or column by column.
pub struct Matrix {
    pub kind: Type,
    pub shape: [usize; 2],
    pub by_column: bool,
    pub values: Vec<f64>,
}

pub fn npy(matrix: &Matrix) -> Vec<u8> {
    let kind = ["<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8"][[
        Type::F16,
        Type::F32,
        Type::F64,
        Type::I8,
        Type::I16,
        Type::I32,
        Type::I64,
    ]
    .iter()
    .position(|kind| *kind == matrix.kind)
    .unwrap()];
    let order = if matrix.by_column { "True" } else { "False" };
    let mut header = format!(
        "{{'descr': '{kind}', 'fortran_order': {order}, 'shape': ({}, {}), }}",
        matrix.shape[0], matrix.shape[1]
    );
    header += &" ".repeat(63 - (header.len() + 10) % 64);
    header.push('\n');
    let len = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &len[..], header.as_bytes(), &matrix.kind.bytes(&matrix.values)].concat()
}

pub fn safetensors(tensors: &[(&str, &Matrix)]) -> Vec<u8> {
    let (mut members, mut body) = (Vec::new(), Vec::new());
    for (name, matrix) in tensors {
        let kind = format!("{:?}", matrix.kind).to_uppercase();
        let [rows, columns] = if matrix.by_column { [matrix.shape[1], matrix.shape[0]] } else { matrix.shape };
        let from = body.len();
        body.extend(matrix.kind.bytes(&matrix.values));
        let shape = if rows == 1 { format!("[{columns}]") } else { format!("[{rows},{columns}]") };
        members.push(format!(
            "\"{name}\":{{\"dtype\":\"{kind}\",\"shape\":{shape},\"data_offsets\":[{from},{}]}}",
            body.len()
        ));
    }
    let mut header = format!("{{{}}}", members.join(","));
    header += &" ".repeat(header.len().next_multiple_of(8) - header.len());
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &body].concat()
}

/// A field of a protocol buffer.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [varint(u64::from(number) << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn number(field: u8, value: u64) -> Vec<u8> {
    [varint(u64::from(field) << 3), varint(value)].concat()
}

/// A model of one initializer, its numbers raw, packed, or each on its own.
pub fn onnx(matrix: &Matrix, how: usize) -> Vec<u8> {
    let dims: Vec<u8> = matrix.shape.iter().flat_map(|side| number(1, *side as u64)).collect();
    let data = match how {
        0 => field(9, &Type::F32.bytes(&matrix.values)),
        1 => field(4, &Type::F32.bytes(&matrix.values)),
        _ => {
            let each = |value: &f64| [varint(4 << 3 | 5), Type::F32.bytes(&[*value])].concat();
            matrix.values.iter().flat_map(each).collect()
        }
    };
    let tensor = [dims, number(2, 1), data, field(8, b"w")].concat();
    let node = [field(1, b"x"), field(1, b"w"), field(2, b"y"), field(3, b"n"), field(4, b"MatMul")].concat();
    let graph = [field(1, &node), field(2, b"g"), field(5, &tensor)].concat();
    let opset = [field(1, b""), number(2, 15)].concat();
    [number(1, 8), field(7, &graph), field(8, &opset)].concat()
}

/// A pickle of an array of NumPy's, of protocol 4.
pub fn pickled_array(matrix: &Matrix) -> Vec<u8> {
    let kind =
        ["f4", "f8", "i8"][[Type::F32, Type::F64, Type::I64].iter().position(|kind| *kind == matrix.kind).unwrap()];
    let bytes = matrix.kind.bytes(&matrix.values);
    let text = |text: &str| [b"X".as_slice(), &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
    let int = |value: usize| [b"J".as_slice(), &(value as i32).to_le_bytes()].concat();
    [
        b"\x80\x04cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01".to_vec(),
        int(matrix.shape[0]),
        int(matrix.shape[1]),
        b"\x86cnumpy\ndtype\n".to_vec(),
        text(kind),
        b"\x89\x88\x87R(K\x03".to_vec(),
        text("<"),
        b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb".to_vec(),
        if matrix.by_column { b"\x88".to_vec() } else { b"\x89".to_vec() },
        [b"B".as_slice(), &(bytes.len() as u32).to_le_bytes(), &bytes].concat(),
        b"tb.".to_vec(),
    ]
    .concat()
}

/// A pickle of a list of rows, each a tuple or a list, of protocol 2.
pub fn pickled_rows(rows: &[Vec<f64>]) -> Vec<u8> {
    let row = |row: &Vec<f64>| {
        let cells: Vec<u8> = row.iter().flat_map(|value| [b"G".as_slice(), &value.to_be_bytes()].concat()).collect();
        [b"](".as_slice(), &cells, b"e"].concat()
    };
    [b"\x80\x02](".as_slice(), &rows.iter().flat_map(row).collect::<Vec<_>>(), b"e."].concat()
}

/// What `torch.save` writes of a dict with one tensor.
pub fn torch(matrix: &Matrix) -> Vec<u8> {
    let text = |text: &str| [b"X".as_slice(), &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
    let int = |value: usize| [b"J".as_slice(), &(value as i32).to_le_bytes()].concat();
    let pickle = [
        b"\x80\x02}".to_vec(),
        text("w"),
        b"ctorch._utils\n_rebuild_tensor_v2\n((".to_vec(),
        text("storage"),
        b"ctorch\nFloatStorage\n".to_vec(),
        text("0"),
        text("cpu"),
        int(matrix.values.len()),
        b"tQK\x00".to_vec(),
        int(matrix.shape[0]),
        int(matrix.shape[1]),
        b"\x86".to_vec(),
        int(matrix.shape[1]),
        b"K\x01\x86\x89ccollections\nOrderedDict\n)RtRs.".to_vec(),
    ]
    .concat();
    zip(&[
        ("m/data.pkl", pickle),
        ("m/byteorder", b"little".to_vec()),
        ("m/data/0", Type::F32.bytes(&matrix.values)),
        ("m/version", b"3\n".to_vec()),
    ])
}

/// An archive of members that are stored as they are.
pub fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in members {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let place = (all.len() as u32).to_le_bytes();
        let size = (data.len() as u32).to_le_bytes();
        let shared = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0][..],
            &crc.sum().to_le_bytes(),
            &size,
            &size,
            &(name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        all.extend([b"PK\x03\x04", shared.as_slice(), name.as_bytes(), data].concat());
        directory.extend([b"PK\x01\x02\x14\x00", shared.as_slice(), &[0; 10], &place, name.as_bytes()].concat());
    }
    let count = (members.len() as u16).to_le_bytes();
    let (size, place) = ((directory.len() as u32).to_le_bytes(), (all.len() as u32).to_le_bytes());
    let end = [b"PK\x05\x06\0\0\0\0", count.as_slice(), &count, &size, &place, &[0, 0]].concat();
    [all, directory, end].concat()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn tar(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, name, bytes).unwrap();
    builder.into_inner().unwrap()
}
