//! What the daemon may ask of the launcher. It names objects by id; it never gives a path, and never a label that is believed.

mod answer;
mod checked;
mod id;
mod known;
mod offer;
mod request;

pub use answer::{Answer, Content, End, Reply, Standing, Taken};
pub use checked::{Checked, Notice};
pub use id::{Id, IdError};
pub use known::{NOTE, TRACEBACK, note, note_id, traceback};
pub use offer::{Archive, Offer, Taking};
pub use request::{Call, Lower, Request, Work};

/// Most bytes of one message.
pub const MESSAGE: usize = 160 << 10;
