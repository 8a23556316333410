//! What one attempt may use: each limit is set before the job's first instruction.

use serde::{Deserialize, Serialize};

/// The limits of one attempt. There is no "unlimited": whoever starts an attempt says how much it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Memory in bytes, everything counted: anonymous pages, files in /tmp, /dev/shm and /out, kernel memory. No swap beyond it.
    pub memory: u64,
    /// Processes and threads at one time, the sandbox's own init included.
    pub pids: u32,
    /// Processor time, in thousandths of one processor.
    pub cpu_milli: u32,
    /// Open files for each process. The keeper's own hard limit bounds it.
    pub open_files: u64,
    /// The size of one file in bytes.
    pub file_size: u64,
    /// The size of /tmp.
    pub tmp: Space,
    /// The size of /dev/shm.
    pub shm: Space,
}

/// How much a memory-backed directory may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Bytes of content. The kernel rounds up to whole pages, and reads zero as no limit: it is raised to one page.
    pub bytes: u64,
    /// Files, directories and links together. Zero would mean no limit: it is raised to one.
    pub inodes: u64,
}

impl Space {
    /// So many bytes, in so many files.
    pub const fn new(bytes: u64, inodes: u64) -> Self {
        Self { bytes, inodes }
    }
}

impl Default for Limits {
    /// Enough for a small training job: 2 GiB, 512 processes, one processor, /tmp and /dev/shm of 256 MiB each.
    fn default() -> Self {
        Self {
            memory: 2 << 30,
            pids: 512,
            cpu_milli: 1000,
            open_files: 4096,
            file_size: 16 << 30,
            tmp: Space::new(256 << 20, 65_536),
            shm: Space::new(256 << 20, 4096),
        }
    }
}
