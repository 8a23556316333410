//! Tables in files of their own: every cell is found, and nothing else is in the file.

use super::{amiss, look, numbers, opened, sample, texts};
use crate::anatomy::{Anatomy, Body};

fn rows(anatomy: &Anatomy) -> Vec<Vec<String>> {
    let tables = anatomy.parts.iter().filter_map(|part| match &part.body {
        Body::Tables(tables) => Some(tables),
        _ => None,
    });
    tables.flatten().flat_map(|table| &table.rows).map(|row| row.cells.clone()).collect()
}

#[test]
fn every_cell_is_found_however_it_is_packed() {
    let expected = [["metric", "value", "n"], ["auc", "0.91", "200"], ["recall", "0.88", "300"], ["", "0.5", "400"]];
    for name in [
        "pandas.parquet",
        "fast.parquet",
        "none.parquet",
        "snappy.parquet",
        "gzip.parquet",
        "zstd.parquet",
        "lz4.parquet",
        "second_pages.parquet",
        "delta.parquet",
        "lengths.parquet",
    ] {
        assert_eq!(rows(&opened(name, sample(name))), expected, "{name}");
    }
    for name in ["polars.parquet", "duck.parquet"] {
        assert_eq!(rows(&opened(name, sample(name)))[..2], [["metric", "value"], ["auc", "0.91"]], "{name}");
    }
}

#[test]
fn values_of_every_type_are_written_as_people_do() {
    let kinds = opened("kinds.parquet", sample("kinds.parquet"));
    let found = rows(&kinds);
    assert_eq!(found[0], ["flag", "small", "half", "day", "time", "bytes", "struct.a", "price", "code"]);
    assert_eq!(found[1], ["True", "1", "1.5", "1970-01-02", "1970-01-01 00:00:00.000001", "a", "1.5", "12.30", "7"]);
    assert_eq!(found[2], ["", "2", "2.5", "2024-02-29", "1969-12-31 23:59:59", "b", "2.5", "-0.05", "4000000000"]);
    assert_eq!(found[3], ["False", "3", "", "1970-01-04", "1970-01-01 00:00:00.000003", "", "", "", "9"]);
    assert_eq!(numbers(&kinds), [1.0, 2.0]);
    let groups = rows(&opened("groups.parquet", sample("groups.parquet")));
    assert_eq!(groups.len(), 901);
    assert!((0..900).all(|at| groups[at + 1] == [at.to_string(), format!("{:?}", at as f64 / 7.0)]));
}

#[test]
fn values_that_no_row_has_are_told_and_found() {
    for (name, what, value) in [
        ("forged_statistics.parquet", "statistics", "P10037;43;f;north"),
        ("unused_codes.parquet", "dictionary", "P10037;43;f;north"),
    ] {
        let (kind, anatomy) = look(name, sample(name));
        assert!(kind.is_ok(), "{name}: {kind:?}");
        assert!(anatomy.remarks.iter().any(|remark| remark.check == "F6" && remark.message.contains(what)), "{name}");
        assert!(texts(&anatomy).iter().any(|text| text.contains(value)), "{name}");
    }
    // Statistics of the table's own values say nothing more.
    for name in ["statistics.parquet", "indexed.parquet", "filter.parquet"] {
        opened(name, sample(name));
    }
    let mut filter = sample("filter.parquet");
    // One bit more: the filter of the first column begins there, with 16 bytes or less of description.
    filter[886 + 40] ^= 0x10;
    assert!(amiss("a.parquet", filter).concat().contains("fingerprints"));
}

/// A file whose description is replaced, and its length with it.
fn with_footer(bytes: &[u8], change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let end = bytes.len() - 8;
    let len = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize;
    let mut footer = bytes[end - len..end].to_vec();
    change(&mut footer);
    [&bytes[..end - len], &footer, &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat()
}

#[test]
fn parquet_files_with_spare_room_block() {
    let plain = sample("none.parquet");
    let end = plain.len() - 8;
    let start = end - u32::from_le_bytes(plain[end..end + 4].try_into().unwrap()) as usize;
    opened("a.parquet", with_footer(&plain, |_| ()));
    for (what, bytes) in [
        ("bytes before the description", [&plain[..start], b"hidden", &plain[start..]].concat()),
        ("bytes behind the description", with_footer(&plain, |footer| footer.extend(b"hidden"))),
        ("bytes behind the end", [&plain[..], b"hidden"].concat()),
        (
            "a field that doesn't exist",
            with_footer(&plain, |footer| {
                footer.pop();
                footer.extend([0x08, 100, 6]);
                footer.extend(b"hidden\0");
            }),
        ),
        ("a file behind a file", [&plain[..], &plain[..]].concat()),
        ("an encrypted description", [&plain[..plain.len() - 4], b"PARE"].concat()),
        ("a description beyond the file", [&plain[..end], &[0xff; 4], b"PAR1"].concat()),
        ("no description", b"PAR1\0\0\0\0PAR1".to_vec()),
        ("nothing but its beginning", b"PAR1".to_vec()),
        ("half of it", plain[..plain.len() / 2].to_vec()),
        (
            "lists in lists",
            [b"PAR1".to_vec(), [0x19; 2000].to_vec(), 2000u32.to_le_bytes().to_vec(), b"PAR1".to_vec()].concat(),
        ),
        ("a list of many", {
            let footer = [0x15, 2, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f];
            [&b"PAR1"[..], &footer, &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat()
        }),
        (
            "more rows than values",
            with_footer(&plain, |footer| {
                // The number of rows, 3, is written as 6: zigzag.
                let at = footer.windows(2).position(|pair| pair == [0x16, 6]).unwrap();
                footer[at + 1] = 8;
            }),
        ),
        ("brotli", sample("brotli.parquet")),
        ("hidden characters", sample("unseen.parquet")),
    ] {
        assert!(!amiss("a.parquet", bytes).is_empty(), "{what} is let through");
    }
}

#[test]
fn notebooks_with_results_block_and_without_them_open() {
    let cell = |kind: &str, more: &str| {
        format!(r##"{{"cell_type": "{kind}", "metadata": {{}}, "source": ["# x\n", "y"]{more}}}"##)
    };
    let book = |cells: &str, more: &str| {
        format!(r#"{{"cells": [{cells}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5{more}}}"#)
    };
    let code = cell("code", r#", "outputs": [], "execution_count": null"#);
    let plain = opened("a.ipynb", book(&format!("{code}, {}", cell("markdown", "")), ""));
    assert!(texts(&plain).contains(&"# x\ny".to_owned()));
    let result = r#", "outputs": [{"output_type": "stream", "name": "stdout", "text": ["P10037;43;f;north"]}], "execution_count": 1"#;
    let (_, shown) = look("a.ipynb", book(&cell("code", result), ""));
    assert!(texts(&shown).contains(&"P10037;43;f;north".to_owned()));
    for (what, text) in [
        ("results", book(&cell("code", result), "")),
        ("attachments", book(&cell("markdown", r#", "attachments": {"a.png": {"image/png": "aaaa"}}"#), "")),
        (
            "the state of widgets",
            book(&code, "").replace(r#""metadata": {}, "nbformat""#, r#""metadata": {"widgets": {}}, "nbformat""#),
        ),
        ("a script", book(&cell("markdown", "").replace("# x", "<SCRIPT>"), "")),
        ("a link that runs", book(&cell("markdown", "").replace("# x", "[x](javascript:x)"), "")),
        ("a further member", book(&code, r#", "x": 1"#)),
        ("a further member of a cell", book(&cell("code", r#", "x": 1"#), "")),
        ("a hidden character", book(&cell("code", "").replace("# x", "\\u200b"), "")),
        ("an unknown cell", book(&cell("other", ""), "")),
        ("a cell without a kind", book(r#"{"source": "x"}"#, "")),
        ("version 3", book(&code, "").replace("\"nbformat\": 4", "\"nbformat\": 3")),
        ("no version", "{\"cells\": []}".to_owned()),
        ("a name twice", book(&code, r#", "cells": []"#)),
        ("a list", "[]".to_owned()),
    ] {
        assert!(!amiss("a.ipynb", text).is_empty(), "{what} is let through");
    }
}
