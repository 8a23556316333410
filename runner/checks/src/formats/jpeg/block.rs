//! One block of a scan, by one of the five ways of coding it (T.81, annexes F.2 and G.2).

use super::bits::{Bits, Table};
use super::picture::BLOCK;
use crate::anatomy::Fault;

/// Which coefficients a scan gives, and which of their bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Band {
    pub(super) first: u8,
    pub(super) last: u8,
    /// Bits that an earlier scan gave already; none for a first scan.
    pub(super) high: u8,
    /// Bits that later scans give.
    pub(super) low: u8,
}

/// Why a coefficient isn't one.
fn put(block: &mut [i16; BLOCK], place: u8, value: i32, bits: &Bits<'_>) -> Result<(), Fault> {
    let value = i16::try_from(value).map_err(|_| bits.fault())?;
    *block.get_mut(usize::from(place)).ok_or_else(|| bits.fault())? = value;
    Ok(())
}

/// The first coefficient of a block, as a difference to the one before.
pub(super) fn first(
    bits: &mut Bits<'_>,
    table: &Table,
    before: &mut i32,
    low: u8,
    block: &mut [i16; BLOCK],
) -> Result<(), Fault> {
    let count = bits.symbol(table)?;
    if count > 11 {
        return Err(bits.fault());
    }
    *before += bits.number(count)?;
    put(block, 0, *before << low, bits)
}

/// The other coefficients: runs of zeros, and what follows each. `skip` is how many blocks have none any more.
pub(super) fn others(
    bits: &mut Bits<'_>,
    table: &Table,
    band: Band,
    skip: &mut u32,
    block: &mut [i16; BLOCK],
    is_progressive: bool,
) -> Result<(), Fault> {
    if *skip > 0 {
        *skip -= 1;
        return Ok(());
    }
    let mut place = band.first.max(1);
    while place <= band.last {
        let symbol = bits.symbol(table)?;
        let (run, count) = (symbol >> 4, symbol & 15);
        match (run, count) {
            (15, 0) => place += 16,
            (run, 0) if run == 0 || is_progressive => {
                *skip = (1 << run) - 1 + bits.bits(run)?;
                return Ok(());
            }
            (_, 1..=10) => {
                place += run;
                let value = bits.number(count)?;
                if place > band.last {
                    return Err(bits.fault());
                }
                put(block, place, value << band.low, bits)?;
                place += 1;
            }
            _ => return Err(bits.fault()),
        }
    }
    Ok(())
}

/// One bit more of the first coefficient.
pub(super) fn refine_first(bits: &mut Bits<'_>, low: u8, block: &mut [i16; BLOCK]) -> Result<(), Fault> {
    let [first, ..] = block;
    *first |= (bits.bit()? << low) as i16;
    Ok(())
}

/// One bit more of the others, and those that are new (T.81, G.1.2.3).
pub(super) fn refine_others(
    bits: &mut Bits<'_>,
    table: &Table,
    band: Band,
    skip: &mut u32,
    block: &mut [i16; BLOCK],
) -> Result<(), Fault> {
    let unit = 1i16 << band.low;
    let mut place = band.first;
    while place <= band.last && *skip == 0 {
        let symbol = bits.symbol(table)?;
        let (mut run, count) = (symbol >> 4, symbol & 15);
        let new = match count {
            0 if run < 15 => {
                *skip = (1 << run) + bits.bits(run)?;
                break;
            }
            0 => 0,
            1 => {
                if bits.bit()? == 1 {
                    unit
                } else {
                    -unit
                }
            }
            _ => return Err(bits.fault()),
        };
        // What is known already gets its next bit on the way over as many zeros as the run says.
        loop {
            let value = block.get_mut(usize::from(place)).ok_or_else(|| bits.fault())?;
            if *value != 0 {
                refine(bits, value, unit)?;
            } else if run == 0 {
                *value = new;
                place += 1;
                break;
            } else {
                run -= 1;
            }
            place += 1;
            if place > band.last {
                if new != 0 {
                    return Err(bits.fault());
                }
                break;
            }
        }
    }
    if *skip > 0 {
        for value in block.iter_mut().take(usize::from(band.last) + 1).skip(usize::from(place)) {
            if *value != 0 {
                refine(bits, value, unit)?;
            }
        }
        *skip -= 1;
    }
    Ok(())
}

fn refine(bits: &mut Bits<'_>, value: &mut i16, unit: i16) -> Result<(), Fault> {
    if bits.bit()? == 1 && *value & unit == 0 {
        *value = value.checked_add(if *value > 0 { unit } else { -unit }).ok_or_else(|| bits.fault())?;
    }
    Ok(())
}
