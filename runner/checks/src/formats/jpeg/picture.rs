//! A JPEG's coefficients, before any of them is read.

use super::bits::broken;
use crate::anatomy::Fault;
use crate::figure::PIXELS;
use crate::formats::walk::Walk;
use crate::room::Room;

/// Coefficients of a block.
pub(super) const BLOCK: usize = 64;

/// The coefficients of a picture, and how they are quantised.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) is_progressive: bool,
    pub(super) components: Vec<Component>,
    /// Whether the components are red, green and blue; otherwise brightness and two differences of colour.
    pub(super) is_rgb: bool,
    /// Blocks of one unit, over all components, in each direction: the largest of the sampling factors.
    pub(super) most: (usize, usize),
}

/// One component.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors across and down.
    pub(super) factors: (usize, usize),
    pub(super) table: u8,
    /// The divisors of its coefficients, in zigzag order, as they were when it was first scanned.
    pub(super) divisors: Option<[u8; BLOCK]>,
    /// Blocks that show pixels.
    pub(super) shown: (usize, usize),
    /// Blocks across, with those that only fill up a unit.
    pub(super) across: usize,
    /// All blocks, row by row, each in zigzag order.
    pub(super) blocks: Vec<i16>,
    /// Which coefficients a scan has given, as bits.
    pub(super) given: u64,
}

impl Picture {
    /// Reads a frame's header (T.81, B.2.2) and makes room for its coefficients.
    pub(super) fn read(walk: &mut Walk<'_>, is_progressive: bool, room: &mut Room) -> Result<Self, Fault> {
        let precision = walk.u8()?;
        let (height, width) = (usize::from(walk.u16_big()?), usize::from(walk.u16_big()?));
        let count = walk.u8()?;
        let pixels = width as u64 * height as u64;
        if precision != 8 || ![1, 3].contains(&count) || pixels == 0 {
            return Err(Fault::at(walk.at(), "it has a depth or colours that no check reads"));
        }
        if pixels > PIXELS {
            return Err(Fault::new(format!("it has {pixels} pixels, and at most {PIXELS} can be examined")));
        }
        room.draw(pixels)?;
        let mut described = Vec::new();
        for _ in 0..count {
            let (id, factors, table) = (walk.u8()?, walk.u8()?, walk.u8()?);
            let factors = (usize::from(factors >> 4), usize::from(factors & 15));
            if ![factors.0, factors.1].iter().all(|factor| (1..=4).contains(factor)) || table > 3 {
                return Err(broken(walk));
            }
            // The factors of a single component mean nothing (T.81, A.2.2).
            described.push((id, if count == 1 { (1, 1) } else { factors }, table));
        }
        let most = described.iter().fold((1, 1), |most, (_, own, _)| (most.0.max(own.0), most.1.max(own.1)));
        let blocks: usize = described.iter().map(|(_, own, _)| own.0 * own.1).sum();
        if !walk.is_empty() || blocks > 10 {
            return Err(broken(walk));
        }
        let units = (width.div_ceil(8 * most.0), height.div_ceil(8 * most.1));
        let component = |(id, factors, table): (u8, (usize, usize), u8)| {
            let blocks = |pixels: usize, own: usize, most: usize| (pixels * own).div_ceil(most).div_ceil(8);
            let (across, down) = (units.0 * factors.0, units.1 * factors.1);
            Component {
                id,
                factors,
                table,
                divisors: None,
                shown: (blocks(width, factors.0, most.0), blocks(height, factors.1, most.1)),
                across,
                blocks: vec![0; across * down * BLOCK],
                given: 0,
            }
        };
        let components = described.into_iter().map(component).collect();
        Ok(Self { width, height, is_progressive, components, is_rgb: false, most })
    }

    /// Units across and down.
    pub(super) fn units(&self) -> (usize, usize) {
        (self.width.div_ceil(8 * self.most.0), self.height.div_ceil(8 * self.most.1))
    }
}

impl Component {
    /// A block by its place.
    pub(super) fn block(&mut self, x: usize, y: usize) -> Result<&mut [i16; BLOCK], Fault> {
        let start = (y * self.across + x) * BLOCK;
        let block = self.blocks.get_mut(start..).and_then(|rest| rest.first_chunk_mut());
        block.ok_or_else(|| Fault::new("a block lies outside the picture"))
    }
}
