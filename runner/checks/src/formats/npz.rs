//! NumPy's archives of arrays: a zip archive with an array in each member.

use super::zip::Member;
use super::{inside, npy};
use crate::anatomy::{Anatomy, Fault};
use crate::say::quoted;

/// Reads each array.
pub(crate) fn read(members: &[Member], at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    for member in members {
        let at = inside(at, member.name.strip_suffix(".npy").unwrap_or(&member.name));
        npy::read(&member.data, &at, anatomy)
            .map_err(|fault| Fault { what: format!("{}: {}", quoted(&member.name), fault.what), ..fault })?;
    }
    Ok(())
}
