//! Image recipes, and the unpacking of root filesystems inside a sandbox.
