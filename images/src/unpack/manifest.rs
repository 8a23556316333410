//! Container archives: which layers they say there are.

use super::UnpackError;
use super::layers::{Layer, Promise};
use super::source::{Index, Part, Source, verify};
use crate::sha256;
use crate::walk::show;
use serde::Deserialize;

/// Most layers that an image may have; Docker's own limit is 127.
const LAYERS: usize = 512;

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
    size: u64,
    #[serde(default)]
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    architecture: String,
    os: String,
}

/// An index or a manifest: which of the two is told by what it lists.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    manifests: Vec<Descriptor>,
    #[serde(default)]
    layers: Option<Vec<Descriptor>>,
}

#[derive(Deserialize)]
struct Saved {
    #[serde(rename = "Config")]
    config: String,
    #[serde(rename = "Layers")]
    layers: Vec<String>,
}

#[derive(Deserialize)]
struct Config {
    rootfs: RootFs,
}

#[derive(Deserialize)]
struct RootFs {
    diff_ids: Vec<String>,
}

/// The layers of an OCI layout, lowest first. Every document on the way is checked against its digest.
pub(super) fn oci(source: &Source, index: &Index) -> Result<Vec<Layer>, UnpackError> {
    let mut document: Document = parse(&source.text(part(index, "index.json")?, "`index.json`")?, "index.json")?;
    // An index may list an index: `docker save` writes one for images that were built for several machines.
    for _ in 0..4 {
        if let Some(layers) = document.layers {
            return bounded(layers)?.iter().map(|layer| stored(index, layer)).collect();
        }
        let chosen = choose(&document.manifests)?;
        let (part, hex) = blob(index, chosen)?;
        let bytes = source.text(part, "a manifest")?;
        let what = format!("the manifest `{hex}`");
        verify(&mut bytes.as_slice(), hex, &what)?;
        document = parse(&bytes, hex)?;
    }
    Err(UnpackError::Layout("the archive's indexes are nested more than four deep".to_owned()))
}

/// The layers of a `docker save` archive, lowest first.
pub(super) fn docker(source: &Source, index: &Index) -> Result<Vec<Layer>, UnpackError> {
    let bytes = source.text(part(index, "manifest.json")?, "`manifest.json`")?;
    let saved: Vec<Saved> = parse(&bytes, "manifest.json")?;
    let [image] = saved.as_slice() else {
        let text = format!("the archive holds {} images; save one alone", saved.len());
        return Err(UnpackError::Layout(text));
    };
    let config = source.text(part(index, &image.config)?, "the image's configuration")?;
    let promised = image.config.trim_start_matches("blobs/sha256/").trim_end_matches(".json");
    if sha256::of(&config) != promised {
        let what = "the image's configuration".to_owned();
        return Err(UnpackError::Digest { what, promised: promised.to_owned(), found: sha256::of(&config) });
    }
    let config: Config = parse(&config, &image.config)?;
    let (names, ids) = (bounded(image.layers.clone())?, config.rootfs.diff_ids);
    if names.len() != ids.len() {
        let text = format!("the archive lists {} layers and its configuration {}", names.len(), ids.len());
        return Err(UnpackError::Layout(text));
    }
    let layers = names.iter().zip(&ids).map(|(name, id)| {
        let promise = Promise::Inflated(hex(id)?.to_owned());
        Ok(Layer { part: part(index, name)?, what: format!("the layer `{name}`"), promise })
    });
    layers.collect()
}

fn choose(manifests: &[Descriptor]) -> Result<&Descriptor, UnpackError> {
    // Attestations about an image are listed beside it, for a machine called `unknown`.
    let images = || manifests.iter().filter(|one| one.platform.as_ref().is_none_or(|on| on.os != "unknown"));
    let here = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let ours = || {
        let fits = |on: &Platform| on.os == "linux" && on.architecture == here;
        images().filter(move |one| one.platform.as_ref().is_some_and(fits))
    };
    let found = if images().count() == 1 { images().next() } else { ours().next().filter(|_| ours().count() == 1) };
    found.ok_or_else(|| {
        let text =
            format!("the archive holds {} images, and not one alone for linux/{here}; save one", images().count());
        UnpackError::Layout(text)
    })
}

fn stored(index: &Index, descriptor: &Descriptor) -> Result<Layer, UnpackError> {
    let (part, hex) = blob(index, descriptor)?;
    Ok(Layer { part, what: format!("the layer `{hex}`"), promise: Promise::Stored(hex.to_owned()) })
}

fn blob<'a>(index: &Index, descriptor: &'a Descriptor) -> Result<(Part, &'a str), UnpackError> {
    let hex = hex(&descriptor.digest)?;
    let part = part(index, &format!("blobs/sha256/{hex}"))?;
    if part.size != descriptor.size {
        let text = format!("the blob `{hex}` has {} bytes, and not {} as its archive says", part.size, descriptor.size);
        return Err(UnpackError::Layout(text));
    }
    Ok((part, hex))
}

fn hex(digest: &str) -> Result<&str, UnpackError> {
    digest
        .strip_prefix("sha256:")
        .filter(|hex| hex.len() == 64)
        .ok_or_else(|| UnpackError::Layout(format!("`{}` isn't a SHA-256 digest", show(digest.as_bytes()))))
}

fn part(index: &Index, name: &str) -> Result<Part, UnpackError> {
    index.get(name).copied().ok_or_else(|| {
        let name = show(name.as_bytes());
        UnpackError::Layout(format!("the archive speaks of `{name}`, but doesn't hold it; save it again"))
    })
}

fn bounded<T>(layers: Vec<T>) -> Result<Vec<T>, UnpackError> {
    match layers.len() {
        0 => Err(UnpackError::Layout("the image has no layers".to_owned())),
        count if count > LAYERS => {
            Err(UnpackError::Layout(format!("the image has {count} layers; {LAYERS} are the most")))
        }
        _ => Ok(layers),
    }
}

fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8], name: &str) -> Result<T, UnpackError> {
    serde_json::from_slice(bytes)
        .map_err(|error| UnpackError::Layout(format!("`{}` can't be read: {error}", show(name.as_bytes()))))
}
