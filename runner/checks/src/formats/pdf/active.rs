//! What in a PDF acts, hides or holds something else (ISO 32000-2, 7.11, 8.11, 12.5 to 12.7, 13 and 14).

use super::object::Object;
use crate::finding::Outcome;

/// Names of entries, and why they are told.
const ENTRIES: &[(&str, Outcome, &str)] = &[
    ("JS", Outcome::Block, "scripts"),
    ("JavaScript", Outcome::Block, "scripts"),
    ("AA", Outcome::Block, "actions"),
    ("Launch", Outcome::Block, "actions"),
    ("EmbeddedFiles", Outcome::Block, "other files"),
    ("EF", Outcome::Block, "other files"),
    ("AF", Outcome::Block, "other files"),
    ("Collection", Outcome::Block, "other files"),
    ("RichMedia", Outcome::Block, "films or sounds"),
    ("RichMediaContent", Outcome::Block, "films or sounds"),
    ("AcroForm", Outcome::Block, "forms"),
    ("XFA", Outcome::Block, "forms"),
    ("OCProperties", Outcome::Block, "layers that can be hidden"),
    ("PieceInfo", Outcome::Block, "a program's own data"),
    ("LastModified", Outcome::Block, "a program's own data"),
    ("Perms", Outcome::Block, "signatures"),
    ("DSS", Outcome::Block, "signatures"),
    ("Threads", Outcome::Review, "threads of reading"),
    ("URI", Outcome::Review, "links to elsewhere"),
    ("StructTreeRoot", Outcome::Review, "texts for readers aloud"),
    ("Alternates", Outcome::Block, "other pictures"),
    ("Thumb", Outcome::Block, "other pictures"),
    ("OPI", Outcome::Block, "other pictures"),
    ("Ref", Outcome::Block, "pages of other files"),
];

/// Kinds of actions and annotations, by the name in `S`, `Subtype` or `Type`, that may be there.
const PLAIN_ACTIONS: [&str; 2] = ["GoTo", "URI"];
const ACTIONS: [&str; 18] = [
    "GoToR",
    "GoToE",
    "GoToDp",
    "Launch",
    "Thread",
    "Sound",
    "Movie",
    "Hide",
    "Named",
    "SubmitForm",
    "ResetForm",
    "ImportData",
    "JavaScript",
    "SetOCGState",
    "Rendition",
    "Trans",
    "GoTo3DView",
    "RichMediaExecute",
];
const ANNOTATIONS: [&str; 27] = [
    "Text",
    "FreeText",
    "Line",
    "Square",
    "Circle",
    "Polygon",
    "PolyLine",
    "Highlight",
    "Underline",
    "Squiggly",
    "StrikeOut",
    "Caret",
    "Stamp",
    "Ink",
    "Popup",
    "FileAttachment",
    "Sound",
    "Movie",
    "Screen",
    "Widget",
    "PrinterMark",
    "TrapNet",
    "Watermark",
    "3D",
    "Redact",
    "Projection",
    "RichMedia",
];

/// Why an entry is told, if it is.
pub(super) fn told(name: &str, object: &Object) -> Option<(Outcome, &'static str)> {
    if let Some((_, outcome, what)) = ENTRIES.iter().find(|(own, ..)| *own == name) {
        return Some((*outcome, what));
    }
    match (name, object) {
        // Where to begin is no action: a page, and how to show it.
        ("OpenAction", Object::Array(_)) => None,
        ("OpenAction", _) => Some((Outcome::Block, "actions")),
        ("S", Object::Name(kind)) if ACTIONS.contains(&kind.as_str()) && !PLAIN_ACTIONS.contains(&kind.as_str()) => {
            Some((Outcome::Block, "actions"))
        }
        ("Type", Object::Name(kind)) => match kind.as_str() {
            "EmbeddedFile" | "Filespec" => Some((Outcome::Block, "other files")),
            "OCG" | "OCMD" => Some((Outcome::Block, "layers that can be hidden")),
            "Sig" => Some((Outcome::Block, "signatures")),
            _ => None,
        },
        ("Subtype", Object::Name(kind)) if ANNOTATIONS.contains(&kind.as_str()) => {
            Some((Outcome::Block, "annotations"))
        }
        ("Subtype", Object::Name(kind)) if kind == "PS" => Some((Outcome::Block, "scripts")),
        _ => None,
    }
}
