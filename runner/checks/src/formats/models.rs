//! Models that are pickles, read by the machine for them.

use crate::anatomy::{Anatomy, Fault};
use crate::data::Data;
use crate::formats::zip::Member;
use crate::torch;

/// What PyTorch writes: an archive of a pickle and of arrays.
pub(crate) fn torch(members: &[Member], at: &str, anatomy: &mut Anatomy) -> Result<(), Fault> {
    let members: Vec<(String, Data)> =
        members.iter().map(|member| (member.name.clone(), member.data.clone())).collect();
    torch::read_torch(&members, at, anatomy)
}
