//! GPUs as the Container Device Interface describes them (CNCF CDI specification 0.5 to 1.0, in JSON).
//!
//! A specification is root's own file. What it asks for is done by the sandbox itself: nodes are made, files are mounted read-only,
//! links are laid. No hook of a vendor is run: of two, what they would do is read off their arguments.

mod edits;
mod error;
mod give;

pub use self::edits::{Library, Link, Node};
pub use self::error::CdiError;
pub use self::give::Given;

use self::edits::Edits;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// What a sandbox gets with one GPU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gpu {
    /// Its qualified name, such as `nvidia.com/gpu=0`.
    pub name: String,
    /// The nodes that are this GPU's; two devices that have one in common are parts of one GPU.
    pub own: Vec<Node>,
    /// The nodes that all devices of the vendor need.
    pub common: Vec<Node>,
    /// The driver's files.
    pub libraries: Vec<Library>,
    /// Links among them.
    pub links: Vec<Link>,
    /// Variables for the job's environment.
    pub env: Vec<(String, String)>,
}

/// The file, as far as it is used; what it says beside that is the business of container engines.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Specification {
    kind: String,
    #[serde(default)]
    devices: Vec<Device>,
    #[serde(default)]
    container_edits: Edits,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    name: String,
    #[serde(default)]
    container_edits: Edits,
}

/// A device that stands for every other one, which nobody gets.
const ALL: &str = "all";

/// The GPUs of the specifications in this folder, by name; none where there is no such folder.
pub fn gpus(folder: &Path) -> Result<Vec<Gpu>, CdiError> {
    let mut files: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(CdiError::File(folder.to_owned(), error)),
    };
    files.sort();
    let mut gpus: Vec<Gpu> = Vec::new();
    for path in files {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => gpus.extend(read(&path)?),
            Some("yaml" | "yml") => return Err(CdiError::Yaml(path)),
            _ => {}
        }
    }
    // A GPU that is listed by number and by id is one.
    let mut seen: Vec<Vec<Node>> = Vec::new();
    gpus.retain(|gpu| {
        let new = !seen.contains(&gpu.own);
        seen.push(gpu.own.clone());
        new
    });
    Ok(gpus)
}

fn read(path: &Path) -> Result<Vec<Gpu>, CdiError> {
    let text = fs::read(path).map_err(|error| CdiError::File(path.to_owned(), error))?;
    let read: Specification = serde_json::from_slice(&text).map_err(|error| CdiError::Shape(path.to_owned(), error))?;
    let common = read.container_edits;
    let single = read.devices.into_iter().filter(|device| device.name != ALL);
    let gpu = |device: Device| {
        let edits = device.container_edits;
        Ok(Gpu {
            name: format!("{}={}", read.kind, device.name),
            own: edits.nodes()?,
            common: common.nodes()?,
            libraries: [common.libraries()?, edits.libraries()?].concat(),
            links: [common.links()?, edits.links()?].concat(),
            env: [common.env(), edits.env()].concat(),
        })
    };
    single.map(gpu).filter(|gpu| gpu.as_ref().map_or(true, |gpu| !gpu.own.is_empty())).collect()
}

impl Gpu {
    /// Whether the two are, or are parts of, one piece of hardware.
    pub fn touches(&self, other: &Self) -> bool {
        self.own.iter().any(|node| other.own.contains(node))
    }
}

#[cfg(test)]
mod tests;
