//! The segments of a JPEG (T.81, annex B), from its beginning to its end.

use super::bits::{Table, broken};
use super::picture::{BLOCK, Picture};
use super::scan::{self, Tables};
use crate::anatomy::Fault;
use crate::formats::walk::Walk;
use crate::room::Room;

/// Most blocks that all scans together go over: thirty times those of the largest picture.
const WORK: usize = 50_000_000;

/// What was found in a file.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) picture: Picture,
    /// Parts that aren't pixels, by name.
    pub(super) foreign: Vec<(String, Vec<u8>)>,
    /// Where the picture ends.
    pub(super) end: usize,
}

/// What was told so far.
#[derive(Default)]
struct Told {
    tables: Tables,
    picture: Option<Picture>,
    foreign: Vec<(String, Vec<u8>)>,
    jfif: bool,
    /// Of Adobe's segment, whether colours are transformed.
    transformed: Option<bool>,
    work: usize,
}

/// Reads all segments.
pub(super) fn read(bytes: &[u8], room: &mut Room) -> Result<Found, Fault> {
    let mut told = Told::default();
    let mut walk = Walk::new(bytes, 0);
    if walk.take(2)? != [0xff, 0xd8] {
        return Err(broken(&walk));
    }
    loop {
        let at = walk.at();
        let between = walk.rest().iter().position(|byte| *byte == 0xff).ok_or_else(|| broken(&walk))?;
        if between > 0 {
            told.foreign.push(("bytes between its parts".to_owned(), walk.take(between)?.to_vec()));
        }
        // Any number of bytes of ones may stand before a marker.
        let mut marker = walk.u8()?;
        while marker == 0xff {
            marker = walk.u8()?;
        }
        if marker == 0xd9 {
            break;
        }
        if matches!(marker, 0 | 1 | 0xd0..=0xd8) {
            return Err(Fault::at(at, "one of its parts is out of place"));
        }
        let len = usize::from(walk.u16_big()?).checked_sub(2).ok_or_else(|| broken(&walk))?;
        let body_at = walk.at();
        let mut body = Walk::new(walk.take(len)?, body_at);
        if let Some(end) = told.segment(marker, &mut body, bytes, room)? {
            walk = Walk::new(bytes.get(end..).unwrap_or(&[]), end as u64);
        }
    }
    let end = usize::try_from(walk.at()).map_err(|_| broken(&walk))?;
    let mut picture = told.picture.ok_or_else(|| Fault::new("it has no pixels"))?;
    let whole = |given: u64| if picture.is_progressive { given & 1 == 1 } else { given == u64::MAX };
    if !picture.components.iter().all(|component| whole(component.given)) {
        return Err(Fault::new("some of its pixels are missing"));
    }
    // Which colours they are, as libjpeg guesses it (jdapimin.c, default_decompress_parms).
    let ids: Vec<u8> = picture.components.iter().map(|component| component.id).collect();
    picture.is_rgb = ids.len() == 3 && !told.jfif && !told.transformed.unwrap_or(ids != *b"RGB");
    Ok(Found { picture, foreign: told.foreign, end })
}

impl Told {
    /// Reads one segment; of a scan, gives where its pixels end.
    fn segment(
        &mut self,
        marker: u8,
        body: &mut Walk<'_>,
        bytes: &[u8],
        room: &mut Room,
    ) -> Result<Option<usize>, Fault> {
        match marker {
            0xc0..=0xc2 if self.picture.is_none() => self.picture = Some(Picture::read(body, marker == 0xc2, room)?),
            0xc4 => self.codes(body)?,
            0xdb => self.divisors(body)?,
            0xdd => {
                self.tables.interval = body.u16_big()?.into();
                if !body.is_empty() {
                    return Err(broken(body));
                }
            }
            0xda => {
                let picture = self.picture.as_mut().ok_or_else(|| broken(body))?;
                self.work += picture.components.iter().map(|component| component.blocks.len() / BLOCK).sum::<usize>();
                if self.work > WORK {
                    return Err(Fault::at(body.at(), "it is packed in too many scans"));
                }
                return scan::read(body, bytes, &self.tables, picture).map(Some);
            }
            0xe0..=0xef | 0xfe => self.application(marker, body.rest()),
            _ => return Err(Fault::at(body.at(), "it is packed in a way that no check reads")),
        }
        Ok(None)
    }

    /// Notes what a program wrote beside the pixels, unless it only says which colours they are.
    fn application(&mut self, marker: u8, body: &[u8]) {
        match (marker, body) {
            // JFIF 1.02: version, density, and no thumbnail.
            (0xe0, [b'J', b'F', b'I', b'F', 0, 1, _, _, _, _, _, _, 0, 0]) => self.jfif = true,
            (0xee, [b'A', b'd', b'o', b'b', b'e', 0, 100 | 101, _, _, _, _, transform @ 0..=1]) => {
                self.transformed = Some(*transform == 1);
            }
            (0xfe, _) => self.foreign.push(("COM".to_owned(), body.to_vec())),
            _ => self.foreign.push((format!("APP{}", marker & 15), body.to_vec())),
        }
    }

    fn codes(&mut self, body: &mut Walk<'_>) -> Result<(), Fault> {
        while !body.is_empty() {
            let which = body.u8()?;
            let tables = if which & 0x10 == 0 { &mut self.tables.first } else { &mut self.tables.others };
            let place = tables.get_mut(usize::from(which & !0x10)).ok_or_else(|| broken(body))?;
            *place = Some(Table::read(body)?);
        }
        Ok(())
    }

    fn divisors(&mut self, body: &mut Walk<'_>) -> Result<(), Fault> {
        while !body.is_empty() {
            let which = usize::from(body.u8()?);
            let place = self.tables.divisors.get_mut(which).ok_or_else(|| broken(body))?;
            *place = body.take(BLOCK)?.first_chunk().copied();
        }
        Ok(())
    }
}
