//! The user ids of attempts: two that no other one has at the same time.

use super::spec::JOB_ID;
use crate::error::{At, LaunchError, Step};
use nix::errno::Errno;
use std::fs;
use std::io;

/// The host's ids of one running attempt, and of nobody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    number: u32,
    root: u32,
    job: u32,
}

/// All slots that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    first: u32,
    /// From one slot's root to the next one's.
    step: u32,
    /// From a slot's root to its job.
    job: u32,
    count: u32,
}

impl Slots {
    /// On the host: above what login systems hand out, and below the kernel's reserved ids.
    const HOST: Self =
        Self { first: 0x6000_0000, step: 0x1_0000, job: JOB_ID, count: (0xffff_0000 - 0x6000_0000) / 0x1_0000 };

    /// In a user namespace, whose ids are few: above what a system itself uses.
    const FIRST_INNER: u32 = 1024;

    /// Below the ids of the daemon and of brokers.
    const LAST_INNER: u32 = 60_000;

    /// The slots of the user namespace that this process is in.
    pub(crate) fn here() -> io::Result<Self> {
        Self::within(&fs::read_to_string("/proc/self/uid_map")?)
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
    }

    /// The slots that a map of user ids leaves (user_namespaces(7)): lines of the first id inside, the first outside, and how many.
    fn within(map: &str) -> Option<Self> {
        let extent = |line: &str| {
            let mut numbers = line.split_whitespace().map(str::parse::<u64>);
            let (first, _, count) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
            Some((first, first + count))
        };
        let extents: Vec<_> = map.lines().filter_map(extent).collect();
        // A set of lines that follow one another is one range.
        let holds = |id: u32| extents.iter().any(|(first, end)| (*first..*end).contains(&id.into()));
        if holds(Self::HOST.first) {
            return Some(Self::HOST);
        }
        let ids = (Self::FIRST_INNER..Self::LAST_INNER).take_while(|id| holds(*id)).count();
        let count = u32::try_from(ids).ok()? / 2;
        (count > 0).then_some(Self { first: Self::FIRST_INNER, step: 2, job: 1, count })
    }

    /// How many there are.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether an id is one of theirs.
    pub(crate) fn has(self, id: u32) -> bool {
        (self.first..self.first.saturating_add(self.count.saturating_mul(self.step))).contains(&id)
    }

    /// Whether they are the host's.
    pub(crate) fn are_hosts(self) -> bool {
        self == Self::HOST
    }

    /// The slot with this number, or an error if there are fewer.
    pub fn slot(self, number: u32) -> Result<Slot, LaunchError> {
        match number < self.count {
            true => {
                let root = self.first + number * self.step;
                Ok(Slot { number, root, job: root + self.job })
            }
            false => Err(Errno::ERANGE).at(Step::Slot),
        }
    }
}

impl Slot {
    /// The host's slot with this number.
    pub fn new(number: u32) -> Result<Self, LaunchError> {
        Slots::HOST.slot(number)
    }

    /// The host id to which id 0 inside is mapped.
    pub fn host_root(self) -> u32 {
        self.root
    }

    /// The job's user and group in a user namespace that it doesn't have for itself.
    pub(crate) fn shared_job(self) -> u32 {
        JOB_ID + self.number
    }

    /// The host id of the job's user and group.
    pub fn host_job(self) -> u32 {
        self.job
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_hosts_ids_have_ranges_far_up() {
        let slots = Slots::within("         0          0 4294967295\n").unwrap();
        assert!(slots.are_hosts());
        let last = slots.slot(slots.count() - 1).unwrap();
        assert_eq!((last.host_root(), last.host_job()), (0xfffe_0000, 0xfffe_0000 + JOB_ID));
        assert!(slots.slot(slots.count()).is_err());
    }

    #[test]
    fn a_namespace_has_pairs_of_those_that_it_was_given() {
        let slots = Slots::within("0 1000 1\n1 100000 65536\n").unwrap();
        assert!(!slots.are_hosts());
        let all: Vec<_> = (0..slots.count()).map(|number| slots.slot(number).unwrap()).collect();
        assert_eq!((all[0].host_root(), all[0].host_job(), all[1].host_root()), (1024, 1025, 1026));
        assert!(all.iter().all(|slot| slot.host_job() < 60_000));
        let few = Slots::within("0 1000 1\n1 100000 1030\n").unwrap();
        assert_eq!(few.count(), 3, "ids 1024 to 1029, and one that is nobody's pair");
    }

    #[test]
    fn who_has_no_ids_has_no_slots() {
        for map in ["0 1000 1\n", "", "0 1000\n", "0 1000 1\n1 100000 1024\n"] {
            assert_eq!(Slots::within(map), None, "{map:?}");
        }
    }
}
