//! The main job: real patient data, a real model, a leak that is caught, two people who sign, a bundle that verifies; and then what
//! does not work.

mod cast;
mod limits;
mod story;

pub use cast::{Cast, OTHER, PERMIT, TYPES};
pub use story::{keys, main_job};

use crate::told::Told;

/// The whole story, from an empty folder on.
pub fn run() {
    let mut told = Told::default();
    let cast = Cast::assemble(&mut told);
    let mut told_from_here = Told::default();
    let released = main_job(&cast, &mut told_from_here);
    let seconds = told_from_here.seconds();
    let lines = [
        ("trained", format!("{}, by somebody who may not see a row", cast.trained())),
        ("caught", released.caught.join(", ")),
        ("released", format!("{}, approved by two checkers", released.files.join(", "))),
        ("verified", "the files, the attestation, the log and the signatures; not with one byte changed".to_owned()),
        ("main job", format!("{seconds:.1} s, from the rehearsal to the verified bundle")),
    ];
    limits::what_does_not_work(cast, &released, &mut told_from_here);
    told_from_here.summary(&lines);
}
