//! Names that people and jobs choose: of files, and of what a scheme has.
#![allow(clippy::unwrap_used)]

use semla_policy::*;

#[test]
fn a_file_name_is_shown_and_opened_without_surprise() {
    let longest = "ä".repeat(127) + "a";
    for good in ["a", "Z9", "a-b_c.csv", "a b", "Größe.csv", "表.csv", "a.", &"x".repeat(255), &longest] {
        assert!(is_file_name(good), "{good:?}");
    }
    for bad in [
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "/",
        "a\n",
        "a\0",
        "a\u{7f}",
        "a\u{85}",
        &"x".repeat(256),
        &(longest.clone() + "a"),
    ] {
        assert!(!is_file_name(bad), "{bad:?}");
    }
    // What can't be seen, or turns the reading direction: the first and the last of each range, and their neighbours.
    for (first, last) in [('\u{200b}', '\u{200f}'), ('\u{202a}', '\u{202e}'), ('\u{2060}', '\u{206f}')] {
        let beside = [first as u32 - 1, last as u32 + 1].map(|code| char::from_u32(code).unwrap());
        assert!(![first, last].iter().any(|c| is_file_name(&format!("a{c}"))), "{first:?}");
        assert!(beside.iter().all(|c| is_file_name(&format!("a{c}"))), "{first:?}");
    }
    assert!(!is_file_name("a\u{feff}"));
}

#[test]
fn a_relative_path_consists_of_file_names() {
    let longest = format!("{}/{}", "x".repeat(127), "y".repeat(127));
    for good in ["a", "a/b.csv", "a/b/c", &longest] {
        assert!(is_relative_path(good), "{good:?}");
    }
    for bad in ["", "/", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "a/.b", &(longest + "z")] {
        assert!(!is_relative_path(bad), "{bad:?}");
    }
}

fn scheme(levels: &[&str], categories: &[&str], audiences: &[&str]) -> Scheme {
    let [levels, categories, audiences] =
        [levels, categories, audiences].map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    Scheme { levels, categories, audiences }
}

#[test]
fn a_scheme_has_so_many_names_each_of_which_a_label_can_be_written_with() {
    let sixty_four = "x".repeat(64);
    assert_eq!(scheme(&["a", "b.c", "d-e", "f_g", &sixty_four], &["a"], &["a"]).faults(), []);
    assert_eq!(scheme(&[], &[], &[]).faults(), [SchemeError::NoLevel]);
    let long = "x".repeat(65);
    for bad in ["", "any", "a b", "a/b", "a,b", "rel:x", "ä", &long] {
        let name = [SchemeError::Name(bad.into())];
        assert_eq!(scheme(&["a", bad], &[], &[]).faults(), name);
        assert_eq!(scheme(&["a"], &[bad], &[]).faults(), name);
        assert_eq!(scheme(&["a"], &[], &[bad]).faults(), name);
    }
    assert_eq!(scheme(&["a"], &["b", "c", "b"], &["b"]).faults(), [SchemeError::Twice("b".into())]);
    let many = |count: usize| (0..count).map(|number| format!("n{number}")).collect::<Vec<_>>();
    let of = |levels, categories, audiences| Scheme {
        levels: many(levels),
        categories: many(categories),
        audiences: many(audiences),
    };
    assert_eq!(of(64, 1024, 1024).faults(), []);
    let too = |kind, count, most| SchemeError::TooMany { kind, count, most };
    let all = [too("levels", 65, 64), too("categories", 1025, 1024), too("audiences", 1026, 1024)];
    assert_eq!(of(65, 1025, 1026).faults(), all);
}

#[test]
fn a_label_is_written_in_one_form() {
    let scheme = scheme(&["low", "high"], &["health", "genomics"], &["LU", "DE"]);
    for text in ["low", "high", "high/health", "high/health,genomics", "low rel:LU", "high/genomics rel:LU,DE"] {
        assert_eq!(scheme.show(&scheme.label(text).unwrap()), text);
        assert_eq!(scheme.show_clearance(&scheme.clearance(text).unwrap()), text);
    }
    assert_eq!(scheme.label("  high / health"), Err(LabelError::Shape("  high / health".into())));
    for text in ["", "/health", "high/", "high/,", "high rel:", "high rel:LU,", "high rel:any", "hi gh", "high  relLU"]
    {
        assert_eq!(scheme.label(text), Err(LabelError::Shape(text.into())), "{text:?}");
    }
    for (text, kind) in [("middle", "level"), ("high/LU", "category"), ("high rel:health", "audience")] {
        let unknown = |error: LabelError| matches!(error, LabelError::Unknown { kind: of, .. } if of == kind);
        assert!(scheme.label(text).is_err_and(unknown) && scheme.clearance(text).is_err_and(unknown), "{text}");
    }
}
