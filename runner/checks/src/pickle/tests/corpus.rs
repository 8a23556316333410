//! Files that real libraries wrote (`tests/corpus/make_pickles.py`): none of them is blocked.

use crate::anatomy::Anatomy;
use crate::data::Data;
use crate::finding::Outcome;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The kept files.
pub(super) fn benign() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/benign");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "pkl" || ending == "joblib"));
    files.sort();
    files
}

#[test]
fn no_file_of_a_real_library_is_blocked() {
    let files = benign();
    assert!(files.len() >= 36, "{} files", files.len());
    for path in files {
        let data = Data::of(&File::open(&path).unwrap()).unwrap();
        let mut anatomy = Anatomy::default();
        crate::joblib::read(&data, "", &mut anatomy).unwrap_or_else(|fault| panic!("{}: {fault:?}", path.display()));
        let blocks: Vec<_> = anatomy.remarks.iter().filter(|finding| finding.outcome != Outcome::Pass).collect();
        assert!(blocks.is_empty(), "{}: {blocks:?}", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("sklearn") || name.starts_with("statsmodels") {
            assert!(!anatomy.estimators.is_empty(), "{name}");
        }
    }
}

/// What `tests/corpus/make_hostile.py` changed in models, and a part of what has to be said about it.
const HOSTILE: &[(&str, &[&str])] = &[
    (
        "has no attribute",
        &[
            "attribute_of_table",
            "design_as_text",
            "documentation_link",
            "method_as_attribute",
            "representation",
            "specification_as_text",
            "unknown_attribute",
            "zone_in_kind",
            "zone_of_index",
        ],
    ),
    (
        "which its library doesn't put there",
        &[
            "arguments_of_functions",
            "array_for_best",
            "array_for_estimator",
            "codec",
            "file_for_text",
            "folder",
            "folder_in_search",
            "frame_for_step",
            "function_for_text",
            "method_by_name",
            "results_for_estimator",
            "text_for_functions",
        ],
    ),
    (
        "don't fit together",
        &[
            "bins",
            "boosting_begin",
            "boosting_none",
            "boosting_width",
            "boosting_zero",
            "categories_dropped",
            "categories_grouped",
            "categories_order",
            "categories_width",
            "centres",
            "cluster_columns",
            "cluster_halves",
            "cluster_links",
            "cluster_norms",
            "cluster_threads",
            "codes_of_categories",
            "codes_of_fewer",
            "codes_of_index",
            "codes_of_sparse",
            "columns_of_table",
            "distance_weights",
            "forest_columns",
            "hashes",
            "histogram_category",
            "histogram_child",
            "histogram_column",
            "isolation_columns",
            "labels_twice",
            "mask_of_fewer",
            "neighbour_bounds",
            "neighbour_classes",
            "neighbour_columns",
            "neighbour_fewer_labels",
            "neighbour_fields",
            "neighbour_labels",
            "neighbour_tree",
            "neighbours",
            "one_class_counts",
            "place_of_word",
            "processes",
            "products",
            "random_buffer",
            "random_place",
            "random_tuple",
            "regression_coefficients",
            "regression_places",
            "rows_of_fewer",
            "sparse_begins",
            "sparse_coordinates",
            "sparse_diagonals",
            "sparse_dimensions",
            "sparse_indices",
            "sparse_shape",
            "spline",
            "spline_knots",
            "support_chances",
            "support_coefficients",
            "support_counts",
            "support_lines",
            "tree_column",
            "tree_columns",
            "tree_count",
            "tree_depth",
            "tree_joined",
            "tree_loop",
            "words_in_order",
            "words_of_one_place",
        ],
    ),
    ("may take for ever", &["pattern"]),
    ("is markup", &["markup"]),
    ("is evaluated as Python", &["formula_in_brackets", "formula_in_quotes", "formula_with_string"]),
    ("which its library doesn't give it", &["zone_of_stamp"]),
    ("by joblib before 1.2", &["older_joblib"]),
    ("is hidden before an array", &["padding"]),
];

/// Reads a file, and tells what blocks it.
fn blocks(path: &Path) -> Vec<String> {
    let data = Data::of(&File::open(path).unwrap()).unwrap();
    let mut anatomy = Anatomy::default();
    let fault = crate::joblib::read(&data, "", &mut anatomy).err();
    let blocking = anatomy.remarks.iter().filter(|finding| finding.outcome == Outcome::Block);
    blocking.map(|finding| finding.message.clone()).chain(fault.map(|fault| fault.what)).collect()
}

#[test]
fn one_changed_attribute_blocks_a_model_for_that_reason_and_its_twin_passes() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut looked = 0;
    for (why, names) in HOSTILE {
        for name in *names {
            let ending = if matches!(*name, "older_joblib" | "padding") { "joblib" } else { "pkl" };
            let found = blocks(&corpus.join(format!("hostile/{name}.{ending}")));
            assert!(found.iter().any(|message| message.contains(why)), "{name}: {found:?}");
            let twin = blocks(&corpus.join(format!("benign/twin-{name}.{ending}")));
            assert!(twin.is_empty(), "{name}: {twin:?}");
            looked += 1;
        }
    }
    let kept = fs::read_dir(corpus.join("hostile")).unwrap().map(|entry| entry.unwrap().path());
    let pickles = kept.filter(|path| path.extension().is_some_and(|ending| ending == "pkl" || ending == "joblib"));
    assert_eq!(looked, pickles.count(), "every kept file is looked at");
}
