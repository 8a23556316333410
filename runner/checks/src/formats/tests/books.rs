//! Workbooks: what cells show is found, and what they don't show is told.

use super::archives::{stored, zip};
use super::{amiss, look, opened, sample, texts};

const NAMESPACE: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The parts of a workbook with one sheet.
pub(super) fn parts(sheet: &str) -> Vec<(String, String)> {
    let part = |name: &str, text: String| (name.to_owned(), text);
    vec![
        part("[Content_Types].xml", "<Types/>".to_owned()),
        part("xl/workbook.xml", format!("<workbook xmlns=\"{NAMESPACE}\"><sheets><sheet name=\"first\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")),
        part("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"x\" Target=\"worksheets/sheet1.xml\"/></Relationships>".to_owned()),
        part("xl/sharedStrings.xml", "<sst><si><t>auc</t></si><si><r><t>rec</t></r><r><t>all</t></r></si></sst>".to_owned()),
        part("xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>".to_owned()),
        part("xl/worksheets/sheet1.xml", sheet.to_owned()),
    ]
}

pub(super) fn packed(parts: &[(String, String)]) -> Vec<u8> {
    zip(&parts.iter().map(|(name, text)| stored(name, text.as_bytes())).collect::<Vec<_>>())
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

const ROWS: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>\
    <row r=\"3\"><c r=\"B3\"><v>0.91</v></c><c r=\"C3\" t=\"inlineStr\"><is><t>a &amp; b</t></is></c>\
    <c r=\"D3\" s=\"1\"><v>45351</v></c><c r=\"E3\" s=\"2\"><v>45351.5</v></c><c r=\"F3\" t=\"b\"><v>1</v></c></row>";

#[test]
fn cells_are_shown_as_their_reader_shows_them() {
    let found = texts(&opened("a.xlsx", packed(&parts(&sheet(ROWS)))));
    for text in ["auc", "recall", "0.91", "a & b", "2024-02-29", "2024-02-29 12:00:00", "True"] {
        assert!(found.iter().any(|known| known == text), "{text}: {found:?}");
    }
    for name in ["openpyxl.xlsx", "writer.xlsx", "two_ways.xlsx"] {
        let found = texts(&opened(name, sample(name)));
        for text in ["metric", "value", "auc", "0.91"] {
            assert!(found.iter().any(|known| known == text), "{name}, {text}: {found:?}");
        }
    }
}

#[test]
fn workbooks_with_more_than_cells_block() {
    let with = |rows: &str| packed(&parts(&sheet(&format!("{ROWS}{rows}"))));
    let and = |name: &str, text: &str| {
        let mut all = parts(&sheet(ROWS));
        all.push((name.to_owned(), text.to_owned()));
        packed(&all)
    };
    let bent = |from: &str, to: &str| {
        let all: Vec<_> = parts(&sheet(ROWS)).into_iter().map(|(name, text)| (name, text.replace(from, to))).collect();
        packed(&all)
    };
    for (what, bytes) in [
        ("a macro", and("xl/vbaProject.bin", "x")),
        ("comments", and("xl/comments1.xml", "<comments/>")),
        ("a drawing", and("xl/drawings/drawing1.xml", "<wsDr/>")),
        ("a picture", and("xl/media/image1.png", "x")),
        ("an object", and("xl/embeddings/oleObject1.bin", "x")),
        ("another workbook", and("xl/externalLinks/externalLink1.xml", "<externalLink/>")),
        ("a connection", and("xl/connections.xml", "<connections/>")),
        ("data for a pivot table", and("xl/pivotCache/pivotCacheRecords1.xml", "<x/>")),
        ("custom data", and("customXml/item1.xml", "<x/>")),
        ("custom properties", and("docProps/custom.xml", "<x/>")),
        ("a printer's settings", and("xl/printerSettings/printerSettings1.bin", "x")),
        ("a sheet that isn't listed", and("xl/worksheets/sheet2.xml", &sheet(ROWS))),
        (
            "a link to elsewhere",
            and(
                "xl/worksheets/_rels/sheet1.xml.rels",
                "<Relationships><Relationship Id=\"x\" Target=\"https://x\" TargetMode=\"External\"/></Relationships>",
            ),
        ),
        ("a hidden sheet", bent("sheetId=\"1\"", "sheetId=\"1\" state=\"hidden\"")),
        ("a very hidden sheet", bent("sheetId=\"1\"", "sheetId=\"1\" state=\"veryHidden\"")),
        ("a hidden row", bent("<row r=\"3\"", "<row r=\"3\" hidden=\"1\"")),
        ("a row without height", bent("<row r=\"3\"", "<row r=\"3\" ht=\"0\"")),
        ("a hidden column", bent("<sheetData>", "<cols><col min=\"2\" max=\"2\" hidden=\"true\"/></cols><sheetData>")),
        (
            "a name for a value",
            bent("</sheets>", "</sheets><definedNames><definedName name=\"x\">\"hidden\"</definedName></definedNames>"),
        ),
        ("a formula without a value", with("<row r=\"4\"><c r=\"A4\"><f>1+1</f></c></row>")),
        (
            "a formula that fetches",
            with("<row r=\"4\"><c r=\"A4\" t=\"str\"><f>WEBSERVICE(\"https://x\")</f><v>x</v></c></row>"),
        ),
        (
            "a formula that starts a program",
            with("<row r=\"4\"><c r=\"A4\" t=\"str\"><f>cmd|'/c calc'!A1</f><v>x</v></c></row>"),
        ),
        ("links", bent("</sheetData>", "</sheetData><hyperlinks><hyperlink ref=\"A1\"/></hyperlinks>")),
        ("extensions", bent("</sheetData>", "</sheetData><extLst><ext>hidden</ext></extLst>")),
        ("a comment of XML", bent("<sheetData>", "<sheetData><!-- hidden -->")),
        ("a text that no cell shows", bent("</sst>", "<si><t>P10037;43;f;north</t></si></sst>")),
        ("how a text is spoken", bent("</si></sst>", "<rPh sb=\"0\"><t>hidden</t></rPh></si></sst>")),
        ("characters that can't be seen", bent("a &amp; b", "a\u{200b}b")),
        ("a definition", bent("<sst>", "<!DOCTYPE x [<!ENTITY a \"b\">]><sst>")),
        ("a bomb", bent("<sst>", "<!DOCTYPE x [<!ENTITY a \"&b;&b;\">]><sst>&a;")),
        ("an unknown word", bent("a &amp; b", "a &hidden; b")),
        ("an instruction", bent("<sst>", "<?run x?><sst>")),
        ("a text that doesn't exist", bent("<v>1</v></c></row>", "<v>7</v></c></row>")),
        ("a truth that is none", bent("<v>1</v></c></row>", "<v>maybe</v></c></row>")),
        ("a number that is none", bent("0.91", "hidden")),
        ("a text beside a number", bent("<v>0.91</v>", "<v>0.91</v><is><t>hidden</t></is>")),
        ("a cell in another row", bent("r=\"B3\"", "r=\"B4\"")),
        ("a cell twice", bent("r=\"C3\"", "r=\"B3\"")),
        ("a cell beyond all columns", bent("r=\"F3\"", "r=\"ZZZ3\"")),
        ("rows out of order", with("<row r=\"2\"/>")),
        ("a row beyond all rows", with("<row r=\"1048577\"/>")),
        ("a cell outside of rows", bent("<sheetData>", "<sheetData><c r=\"A1\"><v>1</v></c>")),
        ("a missing sheet", bent("worksheets/sheet1.xml", "worksheets/sheet9.xml")),
        ("a missing part", {
            let mut all = parts(&sheet(ROWS));
            all.remove(2);
            packed(&all)
        }),
        ("an element that doesn't end", bent("</sheetData>", "")),
        ("two roots", bent("</worksheet>", "</worksheet><worksheet/>")),
        ("text behind the root", bent("</worksheet>", "</worksheet>hidden")),
        ("an attribute twice", bent("<row r=\"3\"", "<row r=\"3\" r=\"3\"")),
        ("deep nesting", bent("<sheetData>", &format!("{}<sheetData>", "<x>".repeat(1000)))),
        ("bytes that aren't UTF-8", {
            let mut all: Vec<_> =
                parts(&sheet(ROWS)).iter().map(|(name, text)| stored(name, text.as_bytes())).collect();
            all[5] = stored("xl/worksheets/sheet1.xml", b"\xff\xfe<\0");
            zip(&all)
        }),
        ("many empty cells", {
            let row = |line: usize| format!("<row r=\"{line}\"><c r=\"XFD{line}\"><v>1</v></c></row>");
            packed(&parts(&sheet(&(1..400).map(row).collect::<String>())))
        }),
        ("an older workbook's name", sample("openpyxl.xlsx")[..200].to_vec()),
    ] {
        let name = if what == "a macro" { "a.xlsm" } else { "a.xlsx" };
        assert!(!amiss(name, bytes).is_empty(), "{what} is let through");
    }
    opened("a.xlsx", bent("<Types/>", "<?xml version=\"1.0\"?><Types/>"));
    let (_, forgotten) = look("a.xlsx", bent("</sst>", "<si><t>P10037;43;f;north</t></si></sst>"));
    assert!(texts(&forgotten).contains(&"P10037;43;f;north".to_owned()));
    let hidden = bent("<sheetData>", "<sheetData note=\"P10037;43;f;north\">");
    assert!(texts(&opened("a.xlsx", hidden)).contains(&"P10037;43;f;north".to_owned()));
    let (kind, formula) = look("a.xlsx", with("<row r=\"4\"><c r=\"A4\"><f>1+1</f><v>2</v></c></row>"));
    assert!(kind.is_ok() && formula.remarks.len() == 1 && texts(&formula).contains(&"1+1".to_owned()));
}
