//! The layers of the sandbox, so that tests can show what each one is for. The product has them all.

/// Which layers are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers(u16);

/// One layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Layer {
    /// The cgroup limits (the leafs are there without them).
    Limits = 1 << 0,
    /// The network namespace.
    Network = 1 << 1,
    /// Read-only mounts.
    ReadOnly = 1 << 2,
    /// The second user and mount namespace.
    Lock = 1 << 3,
    /// The job's own user.
    User = 1 << 4,
    /// Dropping of capabilities.
    Capabilities = 1 << 5,
    /// no_new_privs.
    Privileges = 1 << 6,
    /// Landlock.
    Landlock = 1 << 7,
    /// Both system call filters.
    Seccomp = 1 << 8,
    /// The restricted view of /proc.
    Proc = 1 << 9,
    /// Closing of inherited descriptors.
    Descriptors = 1 << 10,
    /// Resource limits of the process.
    Rlimits = 1 << 11,
    /// The cover over inputs.
    Cover = 1 << 12,
}

impl Layers {
    /// Every layer: the only value that the product can have.
    pub const ALL: Self = Self(u16::MAX);

    /// All layers but these.
    #[cfg(feature = "ablation")]
    pub fn without(off: &[Layer]) -> Self {
        Self(off.iter().fold(Self::ALL.0, |on, layer| on & !(*layer as u16)))
    }

    /// Whether a layer is on.
    pub(crate) fn has(self, layer: Layer) -> bool {
        self.0 & layer as u16 != 0
    }
}
