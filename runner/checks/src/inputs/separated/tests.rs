#![allow(clippy::unwrap_used)]

use super::Separated;
use crate::inputs::Value;
use proptest::prelude::*;
use std::io::Read;

/// Hands out a few bytes at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(self.1);
        self.0.read(buffer.get_mut(..most).unwrap())
    }
}

fn rows(text: &[u8], separator: u8, at_once: usize) -> Vec<(Vec<Value>, Vec<Vec<u8>>)> {
    let mut reader = Separated::new(Slow(text, at_once), separator);
    let mut rows = Vec::new();
    while reader.advance().unwrap() {
        rows.push((reader.values().to_vec(), reader.cells()));
    }
    rows
}

/// What another reader sees.
fn expected(text: &[u8], separator: u8) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text);
    reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect()).collect()
}

#[test]
fn rows_are_those_that_another_reader_sees() {
    for text in [
        "a,b\n1,2\n",
        "a,b\r\n1.50,-2\r\n\r\n\n3,x",
        "\"a,\"\"b\",c\n\"two\nlines\",1e3\n",
        "1,,3\n,,\n",
        "x\n",
        "",
        "\"open,1\n2",
        "0.1,00012,-0,123456789012345678901,3.14159265358979,1.2.3,--1,.5,5.",
    ] {
        for at_once in [1, 3, 1000] {
            let found: Vec<_> = rows(text.as_bytes(), b',', at_once).into_iter().map(|(_, cells)| cells).collect();
            assert_eq!(found, expected(text.as_bytes(), b','), "{text:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_table_is_read_as_another_reader_reads_it(
        cells in prop::collection::vec(prop::collection::vec("[ -~]{0,6}|-?[0-9]{1,9}(\\.[0-9]{0,8})?", 2..5), 1..8),
        separator in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        at_once in 1usize..40,
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
        cells.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = writer.into_inner().unwrap();
        let found = rows(&text, separator, at_once);
        let expected = expected(&text, separator);
        prop_assert_eq!(found.iter().map(|(_, cells)| cells.clone()).collect::<Vec<_>>(), expected.clone());
        for ((values, _), cells) in found.iter().zip(&expected) {
            let read: Vec<Value> = cells.iter().map(|cell| Value::read(cell)).collect();
            prop_assert_eq!(values, &read);
        }
    }
}
