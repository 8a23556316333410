use super::*;

fn nameable() -> Nameable {
    let classes = ["ValueError", "KeyError", "SyntaxError", "numpy.linalg.LinAlgError"].map(str::to_owned).into();
    let code = BTreeMap::from([("train.py".to_owned(), 40), ("lib/fit.py".to_owned(), 9)]);
    Nameable { classes, code }
}

fn found(log: &str) -> Option<String> {
    nameable().find(log.as_bytes()).unwrap().map(|found| found.to_string())
}

const PLAIN: &str = "epoch 1\nTraceback (most recent call last):\n  File \"/code/train.py\", line 37, in <module>\n    fit(rows)\n  \
     File \"/code/lib/fit.py\", line 4, in fit\n    raise ValueError(rows[0])\n           ^^^^^^^\n  \
     File \"/usr/lib/python3/dist-packages/sklearn/base.py\", line 1234, in check\nValueError: patient 4711 has 7\n";

#[test]
fn it_is_the_innermost_place_in_the_code_and_nothing_of_the_message() {
    assert_eq!(found(PLAIN).as_deref(), Some("ValueError at lib/fit.py, line 4\n"));
}

#[test]
fn of_several_it_is_the_last() {
    let two = format!(
        "{PLAIN}\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  \
         File \"/code/train.py\", line 40, in <module>\nKeyError: 'age'\n"
    );
    assert_eq!(found(&two).as_deref(), Some("KeyError at train.py, line 40\n"));
    let syntax = "  File \"/code/train.py\", line 3\n    x =\n       ^\nSyntaxError: invalid syntax\n";
    assert_eq!(found(syntax).as_deref(), Some("SyntaxError at train.py, line 3\n"));
    let dotted = PLAIN.replace("ValueError:", "numpy.linalg.LinAlgError:");
    assert_eq!(found(&dotted).as_deref(), Some("numpy.linalg.LinAlgError at lib/fit.py, line 4\n"));
    let bare = PLAIN.replace("ValueError: patient 4711 has 7", "KeyError");
    assert_eq!(found(&bare).as_deref(), Some("KeyError at lib/fit.py, line 4\n"));
}

#[test]
fn a_log_names_no_other_class_file_or_line() {
    for other in [
        PLAIN.replace("ValueError:", "Patient4711:"),
        PLAIN.replace("/code/lib/fit.py", "/code/patient-4711.py").replace("/code/train.py", "/code/../etc/passwd"),
        PLAIN.replace("line 4,", "line 4711,").replace("line 37,", "line 0,"),
        PLAIN.replace("/code/", "/tmp/"),
        "ValueError: without a place\n".to_owned(),
        "  File \"/code/train.py\", line 3\nsome words\nValueError: later\n".to_owned(),
        String::new(),
    ] {
        assert_eq!(found(&other), None, "{other}");
    }
    let long = format!("{}{PLAIN}", "x".repeat(100_000));
    assert!(found(&long).is_some(), "a long line before it hides nothing");
    assert!(nameable().find(&[0xff, b'\n', 0x00][..]).unwrap().is_none());
}

#[test]
fn what_is_let_through_is_exactly_what_is_found() {
    let text = found(PLAIN).unwrap();
    assert!(nameable().allows(&text));
    for other in [
        text.trim_end().to_owned(),
        format!("{text}\n"),
        format!("{text}patient 4711\n"),
        text.replace("line 4", "line 04"),
        text.replace("line 4", "line +4"),
        text.replace("line 4", "line 10"),
        text.replace("lib/fit.py", "lib/other.py"),
        text.replace("ValueError", "Patient4711"),
        text.replace(" at ", "  at "),
        String::new(),
    ] {
        assert!(!nameable().allows(&other), "{other:?}");
    }
}

#[test]
fn the_code_is_read_from_its_archive() {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, text) in [("train.py", "a\nb\nc"), ("lib/fit.py", "a\n"), ("empty.py", "")] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        archive.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    let read = code(archive.into_inner().unwrap().as_slice()).unwrap();
    let expected = [("empty.py", 0), ("lib/fit.py", 1), ("train.py", 3)];
    assert_eq!(read, expected.map(|(name, lines)| (name.to_owned(), lines)).into());
    assert!(code(&b"no archive at all, but long enough to be taken for one by somebody who doesn't look"[..]).is_err());
}
