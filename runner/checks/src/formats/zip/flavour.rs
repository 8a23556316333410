//! What a zip archive is by its members: models, arrays, workbooks and programs are packed as zip, too.

use super::Member;
use crate::anatomy::Fault;
use crate::formats::kind::Kind;

/// Tells what an archive is. What shows two kinds is one of those that nothing reads, or a plain archive.
pub(crate) fn flavour(members: &[Member]) -> Result<&'static Kind, Fault> {
    let has = |name: &str| members.iter().any(|member| member.name.eq_ignore_ascii_case(name));
    let ends = |end: &str| members.iter().any(|member| member.name.to_ascii_lowercase().ends_with(end));
    let within = |folder: &str| members.iter().any(|member| member.name.contains(folder));
    let program = has("META-INF/MANIFEST.MF")
        || has("AndroidManifest.xml")
        || within(".dist-info/")
        || has("EGG-INFO/PKG-INFO")
        || has("__main__.py")
        || ends(".class");
    let arrays = !members.is_empty() && members.iter().all(|member| member.name.ends_with(".npy"));
    let name = match () {
        () if program => "program in a zip",
        () if has("[Content_Types].xml") && has("xl/workbook.xml") && !ends("vbaproject.bin") => "xlsx",
        () if has("[Content_Types].xml") || has("mimetype") || has("META-INF/manifest.xml") => "office document",
        () if has("model.weights.h5") || has("config.json") && has("metadata.json") => "keras",
        () if is_skops(members)? => "skops",
        () if is_torch(members) => "torch",
        () if arrays => "npz",
        () => "zip",
    };
    Kind::called(name)
}

/// PyTorch puts everything into one folder: a pickle, its version, and arrays (torch/serialization.py).
fn is_torch(members: &[Member]) -> bool {
    let folder = |member: &Member| member.name.split_once('/').map(|(folder, _)| folder.to_owned());
    members
        .iter()
        .find(|member| member.name.ends_with("/data.pkl"))
        .and_then(folder)
        .is_some_and(|top| members.iter().all(|member| folder(member).as_ref() == Some(&top)))
}

/// A skops model is a schema that names classes by their modules.
fn is_skops(members: &[Member]) -> Result<bool, Fault> {
    const SCHEMA: &[u8] = b"\"__loader__\"";
    match members.iter().find(|member| member.name == "schema.json") {
        Some(schema) => {
            let head = schema.data.head(1 << 16)?;
            Ok(head.windows(SCHEMA.len()).any(|window| window == SCHEMA))
        }
        None => Ok(false),
    }
}
