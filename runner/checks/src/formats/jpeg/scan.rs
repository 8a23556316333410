//! One scan of a JPEG: some components' coefficients, block by block (T.81, A.2, B.2.3 and G.1.1.1).

use super::bits::{Bits, Table, broken};
use super::block::{self, Band};
use super::picture::{BLOCK, Picture};
use crate::anatomy::Fault;
use crate::formats::walk::Walk;

/// Tables as they are when a scan begins.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) first: [Option<Table>; 4],
    pub(super) others: [Option<Table>; 4],
    pub(super) divisors: [Option<[u8; BLOCK]>; 4],
    /// Units between two restarts; none for no restarts.
    pub(super) interval: usize,
}

/// A component's part in a scan.
struct Share {
    /// Which component.
    component: usize,
    first: Option<Table>,
    others: Option<Table>,
    before: i32,
}

/// Reads a scan's header and what follows it; gives where that ends.
pub(super) fn read(walk: &mut Walk<'_>, bytes: &[u8], tables: &Tables, picture: &mut Picture) -> Result<usize, Fault> {
    let mut shares = Vec::new();
    for _ in 0..walk.u8()? {
        let (id, chosen) = (walk.u8()?, walk.u8()?);
        let component =
            picture.components.iter().position(|component| component.id == id).ok_or_else(|| broken(walk))?;
        if shares.iter().any(|share: &Share| share.component >= component) {
            return Err(broken(walk));
        }
        let table = |tables: &[Option<Table>; 4], number: u8| tables.get(usize::from(number)).cloned().flatten();
        let (first, others) = (table(&tables.first, chosen >> 4), table(&tables.others, chosen & 15));
        shares.push(Share { component, first, others, before: 0 });
    }
    let (first, last, bits) = (walk.u8()?, walk.u8()?, walk.u8()?);
    let band = Band { first, last, high: bits >> 4, low: bits & 15 };
    if shares.is_empty() || !walk.is_empty() {
        return Err(broken(walk));
    }
    for share in &shares {
        admit(picture, share.component, band, shares.len(), tables).ok_or_else(|| broken(walk))?;
    }
    let start = usize::try_from(walk.at()).map_err(|_| broken(walk))?;
    units(Bits::new(bytes, start), &mut shares, band, tables.interval, picture)
}

/// Whether a scan may give these coefficients now: each is given once, and refined by one bit at a time after that.
fn admit(picture: &mut Picture, component: usize, band: Band, shares: usize, tables: &Tables) -> Option<()> {
    let progressive = picture.is_progressive;
    let component = picture.components.get_mut(component)?;
    let alone = band.first == 0 && band.last == 0 || band.first > 0 && shares == 1;
    let fits = match progressive {
        true => alone && band.first <= band.last && band.last < 64 && band.low <= 13,
        false => (band.first, band.last, band.high, band.low) == (0, 63, 0, 0),
    };
    let mask = (band.first..=band.last.min(63)).fold(0u64, |all, place| all | 1 << place);
    let divisors = tables.divisors.get(usize::from(component.table))?.as_ref()?;
    let same = component.divisors.get_or_insert(*divisors) == divisors;
    let told = match band.high {
        0 => component.given & mask == 0,
        high => component.given & mask == mask && high == band.low + 1,
    };
    component.given |= mask;
    (fits && told && same).then_some(())
}

/// Reads all blocks of a scan; gives where they end.
fn units(
    mut bits: Bits<'_>,
    shares: &mut [Share],
    band: Band,
    interval: usize,
    picture: &mut Picture,
) -> Result<usize, Fault> {
    // A component alone has only the blocks that show something; together they fill units.
    let single = match shares {
        [share] => picture.components.get(share.component).map(|component| component.shown),
        _ => None,
    };
    let (across, down) = single.unwrap_or_else(|| picture.units());
    let mut skip = 0;
    for unit in 0..across * down {
        if interval > 0 && unit > 0 && unit % interval == 0 {
            bits.restart(unit / interval - 1)?;
            shares.iter_mut().for_each(|share| share.before = 0);
            if skip > 0 {
                return Err(bits.fault());
            }
        }
        let (column, row) = (unit % across, unit / across);
        for share in shares.iter_mut() {
            let fault = || Fault::new("a scan names no component");
            let progressive = picture.is_progressive;
            let component = picture.components.get_mut(share.component).ok_or_else(fault)?;
            let (wide, high) = if single.is_some() { (1, 1) } else { component.factors };
            for place in 0..wide * high {
                let (x, y) = (column * wide + place % wide, row * high + place / wide);
                let target = component.block(x, y)?;
                share.block(&mut bits, band, &mut skip, target, progressive)?;
            }
        }
    }
    if skip > 0 { Err(bits.fault()) } else { Ok(bits.end()) }
}

impl Share {
    fn block(
        &mut self,
        bits: &mut Bits<'_>,
        band: Band,
        skip: &mut u32,
        target: &mut [i16; BLOCK],
        progressive: bool,
    ) -> Result<(), Fault> {
        if band.first == 0 && band.high > 0 {
            return block::refine_first(bits, band.low, target);
        }
        if band.first == 0 {
            let table = self.first.as_ref().ok_or_else(|| bits.fault())?;
            block::first(bits, table, &mut self.before, band.low, target)?;
        }
        if band.last == 0 {
            return Ok(());
        }
        let table = self.others.as_ref().ok_or_else(|| bits.fault())?;
        match band.high {
            0 => block::others(bits, table, band, skip, target, progressive),
            _ => block::refine_others(bits, table, band, skip, target),
        }
    }
}
