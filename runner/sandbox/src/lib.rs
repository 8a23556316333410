//! The launcher, the keeper, and the confinement of one attempt.
