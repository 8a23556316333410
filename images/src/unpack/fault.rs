//! Why an archive isn't unpacked.

use crate::walk::WalkError;

/// An archive that isn't unpacked.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The archive or the destination can't be opened.
    #[error("failed to open `{path}`")]
    Open {
        /// Which of the two.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The destination can't be opened.
    #[error(transparent)]
    Destination(#[from] WalkError),
    /// The archive can't be read, or is cut short or broken.
    #[error("failed to read the archive; it may be cut short or broken")]
    Read(#[source] std::io::Error),
    /// Something can't be written.
    #[error("failed to write `{path}`")]
    Write {
        /// Which entry.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A name that could do harm.
    #[error("the archive holds the name `{name}`, which {why}")]
    Name {
        /// The name, escaped.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A path that leads through something that is no directory.
    #[error("`{path}` leads through a link or a file; links are never followed when unpacking")]
    Through {
        /// The entry's path.
        path: String,
    },
    /// A hard link to nothing.
    #[error("`{path}` is a hard link to `{target}`, which isn't a file of this archive")]
    HardLink {
        /// The link.
        path: String,
        /// What it should be the same as.
        target: String,
    },
    /// Something that this content may not have.
    #[error("`{path}` is {what}; {why}")]
    Kind {
        /// The entry's path.
        path: String,
        /// What it is.
        what: &'static str,
        /// Why that is refused.
        why: &'static str,
    },
    /// Too many entries.
    #[error("the archive has more than {0} entries")]
    Entries(u64),
    /// Too many bytes.
    #[error("the archive unpacks to more than {0} bytes")]
    Bytes(u64),
    /// Compressed in a way that isn't read.
    #[error("{what} is compressed with {with}; save the image again with gzip or without compression")]
    Compression {
        /// The archive or a layer.
        what: String,
        /// The compression's name.
        with: &'static str,
    },
    /// The container archive's own files don't fit together.
    #[error("{0}")]
    Layout(String),
    /// A blob isn't what its name promises.
    #[error("{what} has the digest `sha256:{found}`, and not `sha256:{promised}` as its archive says; fetch it again")]
    Digest {
        /// Which blob.
        what: String,
        /// What was promised.
        promised: String,
        /// What was found.
        found: String,
    },
}
