//! Arrays in which nothing is found, as most are: how fast they are looked through, beside how fast their bytes can be read at all.

use super::examined::{Examined, Peak, busy};
use super::peer::target;
use super::{median, rows};
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Numbers in a row of the array, and its rows.
const WIDTH: usize = 1024;
const LARGE: usize = 64 << 10;
/// Rows of the input.
const ROWS: u64 = 100_000;
const ROUNDS: usize = 3;

/// `checks.copyout_vs_memory`: bytes of 32-bit weights that C5 looks through in a second, by those that a core reads out of memory. What C5 takes
/// for the input alone isn't counted.
pub(super) fn run(peak: &mut Peak, put: &mut impl FnMut(&str, f64)) {
    let folder = target("bench-memory");
    fs::create_dir_all(&folder).expect("a folder");
    let (input, large, small) =
        (folder.join("cohort.csv"), folder.join("large.safetensors"), folder.join("small.safetensors"));
    rows::write(&input, 0, ROWS, |_| false);
    write(&large, LARGE);
    write(&small, 1);
    let words: Vec<u64> =
        fs::read(&large).expect("the array").as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let bytes = (LARGE * WIDTH * size_of::<f32>()) as f64;
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let [large, small] = [&large, &small].map(|file| {
            let examined = Examined::by("C5", file, Some(&input), peak);
            assert!(examined.blocks("C5").next().is_none());
            examined.busy
        });
        ours.push(bytes / (large - small));
        let before = busy();
        black_box(black_box(&words).iter().fold(0u64, |all, word| all ^ word));
        plain.push(bytes / (busy() - before));
    }
    let (ours, plain) = (median(ours), median(plain));
    eprintln!("  {:.2} of {:.2} GB/s", ours / 1e9, plain / 1e9);
    put("copyout_vs_memory", ours / plain);
    fs::remove_dir_all(folder).expect("the folder");
}

/// Weights, evenly distributed around zero as layers of nets begin with them.
fn write(path: &Path, rows: usize) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    let (count, bytes) = (rows * WIDTH, rows * WIDTH * size_of::<f32>());
    let header = format!(r#"{{"layer":{{"dtype":"F32","shape":[{rows},{WIDTH}],"data_offsets":[0,{bytes}]}}}}"#);
    let len = header.len().next_multiple_of(8);
    file.write_all(&(len as u64).to_le_bytes()).expect("room");
    write!(file, "{header:<len$}").expect("room");
    let mut state = 7_u64;
    for _ in 0..count {
        // Knuth's MMIX generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let weight = (state >> 40) as f32 / (1 << 24) as f32 - 0.5;
        file.write_all(&(weight * 0.2).to_le_bytes()).expect("room");
    }
    file.flush().expect("room");
}
