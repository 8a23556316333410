//! Store, reconciler, airlock and HTTP interface.
