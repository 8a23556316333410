use super::*;

fn line(what: &str) -> AuditLine {
    AuditLine {
        at: "2026-03-01T00:00:00Z".into(),
        by: "anna".into(),
        event: "read".into(),
        about: "j-1".into(),
        what: what.into(),
        label: "internal".into(),
        permit: None,
    }
}

fn rows(lines: &[AuditLine]) -> String {
    String::from_utf8(sheet(lines).unwrap()).unwrap()
}

#[test]
fn a_sheet_is_rfc_4180() {
    let sheet = rows(&[line("plain"), line("with \"quotes\", a comma\nand a break")]);
    let begins = "at,by,event,about,what,label,permit\r\n2026-03-01T00:00:00Z,anna,read,j-1,plain,internal,\r\n";
    assert!(sheet.starts_with(begins), "{sheet}");
    assert!(sheet.ends_with("\"with \"\"quotes\"\", a comma\nand a break\",internal,\r\n"), "{sheet}");
}

#[test]
fn no_cell_is_a_formula() {
    for begins in ["=", "+", "-", "@", "\t", "\r"] {
        let formula = format!("{begins}SUM(A1:A9)");
        let sheet = rows(&[line(&formula)]);
        let mut read = csv::Reader::from_reader(sheet.as_bytes());
        let row = read.records().next().unwrap().unwrap();
        assert_eq!(row.get(4), Some(format!("'{formula}").as_str()));
    }
    assert!(rows(&[line("a=b")]).contains(",a=b,"), "control: other text stays as it is");
}

#[test]
fn digests_are_cut_for_people() {
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    assert_eq!(short(&format!("code {digest}, data a@1")), "code sha256:0123456789ab, data a@1");
    assert_eq!(short("sha256:short"), "sha256:short");
}

#[test]
fn an_empty_audit_says_in_which_days() {
    let day = |text: &str| Some(text.parse().unwrap());
    let audit = |from, to| Audit {
        about: About { dataset: Some("a@1".into()), person: None, permit: None, ehds: None },
        from,
        to,
        csv: false,
    };
    assert!(nothing(&audit(None, None)).contains("nothing of it that"));
    assert!(nothing(&audit(day("2026-03-01"), day("2026-03-31"))).contains("from 2026-03-01 to 2026-03-31"));
    assert!(nothing(&audit(None, day("2026-03-31"))).contains("until 2026-03-31"));
}
