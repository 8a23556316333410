//! Documents: what they show is found, and what they do or hide is told.

use super::{amiss, look, numbers, opened, sample, texts};

/// A document of objects, with a table that lists them.
pub(super) fn document(objects: &[(u32, String)]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects {
        places.push((*number, bytes.len()));
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let start = bytes.len();
    bytes.extend(b"xref\n0 1\n0000000000 65535 f \n");
    for (number, place) in places {
        bytes.extend(format!("{number} 1\n{place:010} 00000 n \n").bytes());
    }
    bytes.extend(format!("trailer\n<< /Size 99 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

pub(super) fn stream(dictionary: &str, content: &str) -> String {
    format!("<< {dictionary} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

pub(super) fn objects() -> Vec<(u32, String)> {
    let text = |text: &str| text.to_owned();
    vec![
        (1, text("<< /Type /Catalog /Pages 2 0 R >>")),
        (2, text("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")),
        (3, text("<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 99.5 99] >>")),
        (4, stream("", "BT /F1 12 Tf 10.25 10 Td (The area \\050AUC\\051) Tj [(is 0) -10 (.91) -300 (now)] TJ ET")),
    ]
}

/// A document with one more entry in its catalog, and more objects.
fn with(entry: &str, more: &[(u32, &str)]) -> Vec<u8> {
    let mut all = objects();
    all[0].1 = format!("<< /Type /Catalog /Pages 2 0 R {entry} >>");
    all.extend(more.iter().map(|(number, object)| (*number, (*object).to_owned())));
    document(&all)
}

fn drawing(content: &str) -> Vec<u8> {
    let mut all = objects();
    all[3].1 = stream("", content);
    document(&all)
}

#[test]
fn what_a_document_shows_is_found() {
    let plain = opened("a.pdf", document(&objects()));
    let found = texts(&plain).join("\n");
    assert!(found.contains("The area (AUC)") && found.contains("is 0.91 now"), "{found}");
    assert!(numbers(&plain).contains(&99.5) && numbers(&plain).contains(&10.25));
    for name in ["reportlab.pdf", "fpdf.pdf", "streams.pdf"] {
        assert!(texts(&opened(name, sample(name))).join("\n").contains("The area under the curve is 0.91."), "{name}");
    }
    for name in ["plot.pdf", "truetype.pdf"] {
        let words = texts(&opened(name, sample(name))).join("\n");
        assert!(words.contains("AUC") && words.contains("0.91"), "{name}: {words}");
    }
    let info = opened("a.pdf", with("/Lang (P10037;43;f;north)", &[]));
    assert!(texts(&info).contains(&"P10037;43;f;north".to_owned()));
}

#[test]
fn documents_that_act_or_hide_block() {
    let plain = document(&objects());
    let end = plain.len() - 6;
    let table = plain.windows(4).position(|window| window == b"xref").unwrap();
    opened("a.pdf", with("/OpenAction [3 0 R /FitH null]", &[]));
    opened("a.pdf", with("/Names 5 0 R", &[(5, "<< /Dests << >> >>")]));
    let bent = |from: &str, to: &str| String::from_utf8(plain.clone()).unwrap().replacen(from, to, 1).into_bytes();
    let incremental = {
        let more = b"4 0 obj\n(new)\nendobj\n";
        let start = plain.len() + more.len();
        let tail = format!(
            "xref\n4 1\n{:010} 00000 n \ntrailer\n<< /Size 9 /Root 1 0 R /Prev {table} >>\nstartxref\n{start}\n%%EOF\n",
            plain.len()
        );
        [&plain[..], more, tail.as_bytes()].concat()
    };
    for (what, bytes) in [
        ("a script", with("/OpenAction << /S /JavaScript /JS (app.alert) >>", &[])),
        ("a script elsewhere", with("/OpenAction 5 0 R", &[(5, "<< /S /JavaScript /JS (x) >>")])),
        ("a script's name in digits", with("/X << /S /Java#53cript /J#53 (x) >>", &[])),
        ("actions", with("/AA << /O 3 0 R >>", &[])),
        ("a program", with("/X << /S /Launch /F (x) >>", &[])),
        ("a form that is sent", with("/X << /S /SubmitForm >>", &[])),
        ("another document", with("/X << /S /GoToR >>", &[])),
        ("other files", with("/Names << /EmbeddedFiles << >> >>", &[])),
        ("another file", with("/X << /Type /EmbeddedFile >>", &[])),
        ("a form", with("/AcroForm << /Fields [] >>", &[])),
        ("a form of XML", with("/X << /XFA (x) >>", &[])),
        ("a film", with("/X << /Subtype /RichMedia >>", &[])),
        ("a note", with("/X << /Type /Annot /Subtype /Text /Contents (x) >>", &[])),
        ("layers", with("/OCProperties << >>", &[])),
        ("a layer", with("/X << /Type /OCG >>", &[])),
        ("a program's data", with("/PieceInfo << >>", &[])),
        ("a small picture", with("/Thumb 5 0 R", &[(5, "<< >>")])),
        ("an object that nothing refers to", with("", &[(5, "(hidden)")])),
        ("a stream that nothing refers to", with("", &[(5, &stream("", "hidden"))])),
        ("an object twice", with("/X 5 0 R", &[(5, "(one)"), (5, "(two)")])),
        ("a later version", incremental),
        ("bytes behind the end", [&plain[..], b"hidden"].concat()),
        ("a document behind the end", [&plain[..], &plain[..]].concat()),
        ("bytes before the beginning", [&b"hidden\n"[..], &plain[..]].concat()),
        ("bytes between objects", bent("endobj\n2 0", "endobj\nhidden\n2 0")),
        ("a text between objects", bent("endobj\n2 0", "endobj\n(hidden)\n2 0")),
        ("a table that points elsewhere", bent("0000000009 00000 n", "0000000010 00000 n")),
        ("a shorter stream", {
            let mut all = objects();
            all[3].1 = stream("", "BT ET").replace("/Length 5", "/Length 3");
            document(&all)
        }),
        ("an object that isn't listed", bent(" 00000 n \ntrailer", " 00000 f \ntrailer")),
        ("an end that points elsewhere", bent("startxref\n", "startxref\n1")),
        ("encryption", bent("/Root 1 0 R", "/Root 1 0 R /Encrypt << >>")),
        ("a stream in another file", {
            let mut all = objects();
            all[3].1 = stream("/F (x) /Filter /FlateDecode", "x");
            document(&all)
        }),
        ("a stream of another length", bent("/Length ", "/Length 1")),
        ("an unknown packing", {
            let mut all = objects();
            all[3].1 = stream("/Filter /LZWDecode", "x");
            document(&all)
        }),
        ("a broken packing", {
            let mut all = objects();
            all[3].1 = stream("/Filter /FlateDecode", "x");
            document(&all)
        }),
        ("letters behind what is packed", {
            let mut all = objects();
            all[3].1 = stream("/Filter /ASCII85Decode", "87cURD]~>hidden");
            document(&all)
        }),
        ("a text that isn't drawn", drawing("BT 3 Tr (hidden) Tj ET")),
        ("a text without an end", drawing("BT (x Tj ET")),
        ("a picture without an end", drawing("BI /W 1 ID abc")),
        ("lists in lists", with(&format!("/X {}", "[".repeat(1000)), &[])),
        ("closed lists in lists", with(&format!("/X {}{}", "[".repeat(1000), "]".repeat(1000)), &[])),
        ("a name twice", with("/Pages 2 0 R", &[])),
        ("a dictionary without an end", bent("/Count 1 >>", "/Count 1")),
        ("a later generation", bent("3 0 obj", "3 1 obj")),
        ("an object of a huge number", bent("3 0 obj", "99999999999 0 obj")),
        ("half of it", plain[..plain.len() / 2].to_vec()),
        ("no end", plain[..end].to_vec()),
        ("its beginning", b"%PDF-1.7\n%%EOF".to_vec()),
        ("a linear document", sample("linear.pdf")),
        ("an encrypted document", sample("encrypted.pdf")),
        ("a document with another file", sample("attached.pdf")),
    ] {
        assert!(!amiss("a.pdf", bytes).is_empty(), "{what} is let through");
    }
    let (_, attached) = look("a.pdf", sample("attached.pdf"));
    assert!(texts(&attached).join("\n").contains("P10037;43;f;north"));
    let (_, forgotten) = look("a.pdf", with("", &[(5, &stream("", "P10037;43;f;north"))]));
    assert!(texts(&forgotten).contains(&"P10037;43;f;north".to_owned()));
}
