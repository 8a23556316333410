//! Where an attempt stands, from what lies in its folder; it needs no memory, so that a restart knows what was known before.

use super::{Task, container};
use crate::confine::{Fence, Ground};
use crate::durable;
use crate::house::House;
use crate::protocol::{Id, Standing};
use std::fs::File;
use std::io::{Error, ErrorKind};

/// Where an attempt stands. Its keeper holds a lock as long as it lives, and writes the end before it lets go.
pub(crate) fn observe(house: &House, fence: &Id) -> Standing {
    let folder = house.attempt(fence);
    let Ok(lock) = File::open(folder.join("lock")) else {
        return if folder.exists() { Standing::Lost } else { Standing::Unknown };
    };
    // The lock first: an end that is written between the two questions is still seen.
    let free = lock.try_lock_shared().is_ok();
    let end = std::fs::read(folder.join("end.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match end {
        Some(end) => Standing::Ended(Box::new(end)),
        None if free => Standing::Lost,
        None => Standing::Running,
    }
}

/// As [`observe`]; what runs in spite of an order to stop, because nothing of it ran when the order came, is swept away.
pub(crate) fn look_after(house: &House, ground: &Ground, fence: &Id) -> Standing {
    let standing = observe(house, fence);
    match standing {
        Standing::Running if house.stop(fence).exists() => {
            // Whoever looks again tries again.
            let _ = Fence::parse(fence.as_str()).map(|name| ground.sweep(&name));
            container::clear(house, fence);
        }
        Standing::Lost => container::clear_away(house, fence),
        _ => {}
    }
    standing
}

/// What an attempt was to do.
pub(crate) fn task(house: &House, fence: &Id) -> Option<Task> {
    let bytes = std::fs::read(house.attempt(fence).join("task.json")).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Ends an attempt: its keeper finds the order beside the corpse.
pub(crate) fn order_stop(house: &House, ground: &Ground, fence: &Id) -> Result<(), Error> {
    let order = durable::write(&house.stop(fence), b"", 0o600);
    let name = Fence::parse(fence.as_str()).map_err(Error::other)?;
    // Stopping comes first: where the disk is full, the keeper has no order to find, and says that it failed. Without cgroups it has to
    // find it.
    ground.sweep(&name).map_err(Error::other)?;
    container::clear(house, fence);
    match order {
        Err(error) if error.kind() == ErrorKind::StorageFull && ground.limits() => Ok(()),
        order => order,
    }
}
