//! An RFC 6962 Merkle log with C2SP checkpoints, and the attestations that rest on it.
