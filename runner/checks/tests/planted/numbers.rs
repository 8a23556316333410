//! Numbers in which rows are planted: arrays of every type and order, in files of models, in bytes.

use super::packers::{Matrix, Type, npy, onnx, pickled_array, pickled_rows, safetensors, torch, zip, zlib};
use super::table::{Draw, Kind, Table, stranger};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What is done to the numbers.
pub const TRANSFORMS: [&str; 7] = ["identity", "scaled", "least to most", "codes", "fixed", "negated", "other width"];

/// Where they are kept.
pub const CARRIERS: [&str; 14] = [
    "npy",
    "npz",
    "safetensors",
    "onnx raw",
    "onnx packed",
    "onnx each",
    "pickled array",
    "pickled rows",
    "torch",
    "base64",
    "hex",
    "zlib",
    "bytes as integers",
    "columns apart",
];

/// The types that each carrier can hold.
fn types(carrier: &str) -> &'static [Type] {
    use Type::{Bf16, F16, F32, F64, I8, I16, I32, I64};
    match carrier {
        "npy" | "npz" => &[F16, F32, F64, I8, I16, I32, I64],
        "onnx raw" | "onnx packed" | "onnx each" | "torch" => &[F32],
        "pickled array" => &[F32, F64, I64],
        "pickled rows" => &[F64],
        "bytes as integers" => &[F32, F64],
        _ => &[Bf16, F16, F32, F64, I8, I16, I32, I64],
    }
}

/// What can't be found, and why: for the type, and for what is done to the numbers.
pub fn excluded(table: &Table, kind: Type, transform: &str, carrier: &str) -> Option<&'static str> {
    // Beside integers, numbers so large that their fraction says little are looked for in integers.
    let range = |kind: &Kind| match *kind {
        Kind::Integer(_, most) => Some(most),
        Kind::Decimal(least, most, _) if least >= 100.0 => Some(most as i64),
        _ => None,
    };
    let integers: Vec<i64> = table.kinds.iter().filter_map(range).collect();
    let most = match kind {
        Type::I8 => 127,
        Type::I16 => 32_767,
        _ => i64::MAX,
    };
    let fit = integers.iter().filter(|own| **own <= most).count();
    let is_short = matches!(kind, Type::F16 | Type::Bf16);
    match (kind, transform) {
        _ if is_packed(carrier) && 0.8 * bits(table, kind) < TELLING => {
            Some("among all readings of some bytes, numbers of few digits tell too little")
        }
        (Type::I8 | Type::I16 | Type::I32 | Type::I64, "scaled" | "least to most" | "negated") => {
            Some("scaled numbers aren't kept as integers")
        }
        (Type::I8 | Type::I16, "fixed") => Some("numbers in units of the last digit don't fit"),
        (Type::I8 | Type::I16, _) if fit * 5 < integers.len() * 4 => {
            Some("more than a fifth of the integers don't fit")
        }
        (_, "fixed" | "negated") if is_short => Some("figures of two bytes tell too little"),
        (_, "fixed" | "negated") if is_packed(carrier) => Some("of bytes nobody knows that they are numbers"),
        (_, "scaled" | "least to most") if carrier != "safetensors" => Some("there is no scaler in the file"),
        (_, "scaled" | "least to most") if is_short => Some("scaled back, numbers of two bytes tell too little"),
        _ => None,
    }
}

/// Bits that tell a row among 300 others, in all of some 100,000 stretches of bytes, with a risk of one in a hundred.
const TELLING: f64 = 36.0;

/// The bits of a row in a type, less those that say where among its neighbours each number stands.
fn bits(table: &Table, kind: Type) -> f64 {
    let numbers = table.kinds.iter().filter(|kind| kind.is_number()).count() as f64;
    let places = |least: f64, most: f64, unit: f64| match kind {
        Type::F16 => (most - least) / (most.max(-least) / 1024.0).max(unit),
        Type::Bf16 => (most - least) / (most.max(-least) / 128.0).max(unit),
        Type::F32 | Type::F64 => (most - least) / unit,
        _ => (most - least) / unit.max(1.0),
    };
    let own = |kind: &Kind| match *kind {
        Kind::Integer(least, most) => places(least as f64, most as f64, 1.0),
        Kind::Decimal(least, most, digits) => places(least, most, 10f64.powi(-(digits as i32))),
        _ => 1.0,
    };
    table.kinds.iter().map(own).map(|places| (places / (1.25 * numbers)).log2().max(0.0)).sum()
}

/// Whether a carrier keeps bytes of which nobody knows that they are numbers.
fn is_packed(carrier: &str) -> bool {
    matches!(carrier, "base64" | "hex" | "zlib" | "bytes as integers")
}

/// One case.
pub struct Case<'a> {
    pub table: &'a Table,
    pub planted: &'a [usize],
    pub carrier: &'a str,
    pub transform: &'a str,
    pub kind: Type,
}

/// A type that a carrier can hold.
pub fn some_type(carrier: &str, draw: &mut Draw) -> Type {
    *draw.one(types(carrier))
}

/// The file: its name, and what is in it.
pub fn write(case: &Case<'_>, draw: &mut Draw) -> (String, Vec<u8>) {
    let places: Vec<usize> = (0..case.table.kinds.len()).filter(|at| case.table.kinds[*at].is_number()).collect();
    let mut rows: Vec<Vec<String>> = (0..4 + draw.below(40)).map(|at| stranger(case.table, at, draw)).collect();
    rows.extend(case.planted.iter().map(|row| case.table.rows[*row].clone()));
    let rows: Vec<Vec<f64>> = draw.shuffled(rows).iter().map(|row| numbers(row, &places)).collect();
    let order: Vec<usize> = draw.shuffled((0..places.len()).collect());
    let mut columns: Vec<Vec<f64>> = order.iter().map(|at| column(case, &places, &rows, *at)).collect();
    if case.transform == "codes" {
        // Codes of categories beside them: as integers, and one column for each.
        let codes: Vec<usize> = rows.iter().map(|_| draw.below(4)).collect();
        columns.push(codes.iter().map(|code| *code as f64).collect());
        columns.extend((0..4).map(|which| codes.iter().map(|code| f64::from(u8::from(*code == which))).collect()));
    }
    let (height, width) = (rows.len(), columns.len());
    let by_column = draw.below(2) == 0 && !matches!(case.carrier, "torch" | "onnx raw" | "onnx packed" | "onnx each");
    let mut values: Vec<f64> = match by_column {
        true => columns.concat(),
        false => (0..height).flat_map(|row| columns.iter().map(move |column| column[row])).collect(),
    };
    let mut shape = [height, width];
    if case.transform == "other width" && !by_column {
        let other = 2 + draw.below(2 * width);
        values.resize(values.len().next_multiple_of(other), 0.0);
        shape = [values.len() / other, other];
    }
    let matrix = Matrix { kind: case.kind, shape, by_column, values };
    let scaler = scaler(case, &order, &places);
    packed(case, &matrix, &columns, &scaler)
}

fn numbers(row: &[String], places: &[usize]) -> Vec<f64> {
    places.iter().map(|at| row[*at].parse().unwrap()).collect()
}

/// One column as the transform leaves it.
fn column(case: &Case<'_>, places: &[usize], rows: &[Vec<f64>], at: usize) -> Vec<f64> {
    let (centre, spread) = spread(case, places[at]);
    let units =
        if let Kind::Decimal(_, _, digits) = case.table.kinds[places[at]] { 10f64.powi(digits as i32) } else { 1.0 };
    let each = |row: &Vec<f64>| match case.transform {
        "scaled" | "least to most" => (row[at] - centre) / spread,
        "fixed" => (row[at] * units).round(),
        "negated" => -row[at],
        _ => row[at],
    };
    rows.iter().map(each).collect()
}

/// What a column of the table is scaled by: its mean and deviation, or its least and its range.
fn spread(case: &Case<'_>, place: usize) -> (f64, f64) {
    let all: Vec<f64> = case.table.rows.iter().map(|row| row[place].parse().unwrap()).collect();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match case.transform {
        "least to most" => (least, most - least),
        _ => (mean, (all.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / all.len() as f64).sqrt()),
    }
}

/// The arrays of a scaler, by the names that scikit-learn gives them.
fn scaler(case: &Case<'_>, order: &[usize], places: &[usize]) -> Vec<(&'static str, Matrix)> {
    let own: Vec<(f64, f64)> = order.iter().map(|at| spread(case, places[*at])).collect();
    let array = |values: Vec<f64>| Matrix { kind: Type::F64, shape: [1, values.len()], by_column: false, values };
    match case.transform {
        "scaled" => vec![
            ("s.mean_", array(own.iter().map(|(centre, _)| *centre).collect())),
            ("s.scale_", array(own.iter().map(|(_, spread)| *spread).collect())),
        ],
        "least to most" => vec![
            ("s.min_", array(own.iter().map(|(least, range)| -least / range).collect())),
            ("s.scale_", array(own.iter().map(|(_, range)| 1.0 / range).collect())),
        ],
        _ => Vec::new(),
    }
}

fn packed(case: &Case<'_>, matrix: &Matrix, columns: &[Vec<f64>], scaler: &[(&str, Matrix)]) -> (String, Vec<u8>) {
    let bytes = matrix.kind.bytes(&matrix.values);
    let (name, file) = match case.carrier {
        "npy" => ("a.npy", npy(matrix)),
        "npz" => ("a.npz", zip(&[("x.npy", npy(matrix))])),
        "safetensors" => {
            let all = [("x", matrix)].into_iter().chain(scaler.iter().map(|(name, array)| (*name, array)));
            ("a.safetensors", safetensors(&all.collect::<Vec<_>>()))
        }
        "onnx raw" => ("a.onnx", onnx(matrix, 0)),
        "onnx packed" => ("a.onnx", onnx(matrix, 1)),
        "onnx each" => ("a.onnx", onnx(matrix, 2)),
        "pickled array" => ("a.pkl", pickled_array(matrix)),
        "pickled rows" => {
            let row = |at: usize| columns.iter().map(|column| column[at]).collect();
            ("a.pkl", pickled_rows(&(0..columns[0].len()).map(row).collect::<Vec<_>>()))
        }
        "torch" => ("a.pt", torch(matrix)),
        "base64" => ("a.txt", (STANDARD.encode(&bytes) + "\n").into_bytes()),
        "hex" => ("a.txt", bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes()),
        "zlib" => ("a.txt", (STANDARD.encode(zlib(&bytes)) + "\n").into_bytes()),
        "bytes as integers" => {
            let values = bytes.iter().map(|byte| f64::from(*byte as i8)).collect::<Vec<_>>();
            ("a.npy", npy(&Matrix { kind: Type::I8, shape: [1, values.len()], by_column: false, values }))
        }
        _ => {
            let each = |values: &Vec<f64>| Matrix {
                kind: case.kind,
                shape: [1, values.len()],
                by_column: false,
                values: values.clone(),
            };
            let arrays: Vec<(String, Matrix)> =
                columns.iter().enumerate().map(|(at, values)| (format!("c{at}"), each(values))).collect();
            (
                "a.safetensors",
                safetensors(&arrays.iter().map(|(name, array)| (name.as_str(), array)).collect::<Vec<_>>()),
            )
        }
    };
    (name.to_owned(), file)
}
