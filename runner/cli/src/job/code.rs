//! The code of a job: where it lies, and what may not be in it. Reviewers read all of it.

use crate::fail::{Fail, trying};
use crate::output::plain;
use semla_images::secrets;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The folder that a job file's `code` names. It is the file's own or lies below it, links followed: a job file comes along with other
/// people's code, and nobody looks for somebody's whole home behind it.
pub(super) fn folder(file: &Path, code: &str) -> Result<PathBuf, Fail> {
    let shown = format!("`code = \"{}\"` in `{}`", plain(code), file.display());
    let home = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let found = |path: &Path| path.canonicalize().ok().filter(|path| path.is_dir());
    let home = found(home).ok_or_else(|| Fail::usage(format!("`{}` has no folder; check the path", file.display())))?;
    let folder = found(&home.join(code)).ok_or_else(|| {
        Fail::usage(format!(
            "{shown} names no folder that can be read; name one beside the file, or leave `code` out for the file's own folder"
        ))
    })?;
    match folder.starts_with(&home) {
        true => Ok(folder),
        false => Err(Fail::usage(format!(
            "{shown} leads out of the file's folder, and only what lies there is sent; put the job file above its code"
        ))),
    }
}

/// Jobs get no secrets: a key in the code would be readable by every checker.
pub(super) fn innocent(tar: &[u8], env: &BTreeMap<String, String>) -> Result<(), Fail> {
    let mut hits = secrets::scan_environment(env.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().map_err(trying("read the snapshot"))? {
        let mut entry = entry.map_err(trying("read the snapshot"))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(trying("read the snapshot"))?;
        hits.extend(secrets::scan(&name, &bytes));
    }
    if hits.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = hits.iter().map(|hit| format!("{}:{}: {}", hit.file, hit.line, hit.kind)).collect();
    Err(Fail::new(format!(
        "the code or environment looks like it carries a secret; jobs get none: take it out\n       {}",
        lines.join("\n       ")
    )))
}

#[cfg(test)]
mod tests {
    use super::folder;
    use std::path::Path;

    #[test]
    fn code_lies_in_the_folder_of_its_job_file() {
        let root = std::env::temp_dir().join(format!("semla-code-{}", std::process::id()));
        std::fs::create_dir_all(root.join("job/src")).unwrap();
        std::os::unix::fs::symlink("src", root.join("job/link")).unwrap();
        std::os::unix::fs::symlink("/etc", root.join("job/away")).unwrap();
        let root = root.canonicalize().unwrap();
        let file = root.join("job/job.toml");
        std::fs::write(&file, "").unwrap();
        for (code, is) in [(".", "job"), ("", "job"), ("src", "job/src"), ("link", "job/src"), ("src/..", "job")] {
            assert_eq!(folder(&file, code).unwrap(), root.join(is), "{code}");
        }
        for code in ["..", "../..", "src/../..", "/etc", "away"] {
            assert!(folder(&file, code).unwrap_err().text.contains("leads out"), "{code}");
        }
        for code in ["nowhere", "../nowhere", "job.toml"] {
            let told = folder(&file, code).unwrap_err().text;
            assert!(told.contains("names no folder") && told.contains(code), "{told}");
        }
        assert!(folder(Path::new("job.toml"), ".").is_ok(), "a file where one is");
        std::fs::remove_dir_all(&root).unwrap();
    }
}
