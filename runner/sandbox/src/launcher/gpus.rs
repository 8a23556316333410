//! Rule 5 for GPUs: one serves one attempt at a time, and is kept back for as long as it can't be shown to be idle.

use super::beside::Runs;
use super::desk::Desk;
use crate::cdi::{self, Gpu};
use crate::host;
use semla_policy::{Marking, Refusal};

impl Desk {
    /// So many GPUs for an attempt with this marking.
    pub(super) fn gpus(&self, wanted: u32, next: &Marking) -> Result<Vec<Gpu>, Refusal> {
        if wanted == 0 {
            return Ok(Vec::new());
        }
        let all = cdi::gpus(&self.house.settings().cdi).map_err(|error| {
            Refusal::new(8, format!("the host's GPUs can't be used: {error}"), "mend their specification")
        })?;
        let wanted = wanted as usize;
        if all.len() < wanted {
            let what = format!("the job asks for {wanted} GPUs, and this host has {}", all.len());
            return Err(Refusal::new(8, what, "lower `gpus` under `needs`"));
        }
        let mut given = Vec::new();
        let mut kept = None;
        for gpu in all.into_iter().filter(|gpu| self.running.values().all(|other| other.leaves(gpu, next))) {
            // A part of a GPU whose other part serves the same people is in use, and may be.
            let shared = self.running.values().any(|other| other.gpus.iter().any(|theirs| theirs.touches(&gpu)));
            match if shared { None } else { host::holder(&gpu.own) } {
                None => given.push(gpu),
                Some(holder) => kept = Some(format!("`{}` is kept back: {holder} has it open", gpu.name)),
            }
        }
        if given.len() < wanted {
            let what = kept.unwrap_or_else(|| "the host's GPUs serve other jobs".to_owned());
            return Err(Refusal::new(5, what, "wait until that has ended; `semla doctor` shows who has a GPU open"));
        }
        given.truncate(wanted);
        Ok(given)
    }
}

impl Runs {
    /// Whether this attempt leaves a GPU to another one.
    fn leaves(&self, gpu: &Gpu, next: &Marking) -> bool {
        let same = (&self.marking.label, &self.marking.permit) == (&next.label, &next.permit);
        self.gpus.iter().all(|mine| mine != gpu && (same || !mine.touches(gpu)))
    }
}
