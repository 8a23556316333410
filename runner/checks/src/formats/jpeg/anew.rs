//! Packs a picture's coefficients in one way: baseline, all components together, with the tables of T.81, annex K.3.

use super::picture::{BLOCK, Picture};
use crate::anatomy::Fault;

/// How many codes there are of each length, and their symbols.
struct Codes {
    counts: [u8; 16],
    symbols: &'static [u8],
}

/// Tables K.3 and K.4: sizes of first coefficients, of brightness and of colour.
const FIRST: [Codes; 2] = [
    Codes {
        counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    },
    Codes {
        counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
        symbols: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    },
];
/// Tables K.5 and K.6: runs and sizes of the others.
const OTHERS: [Codes; 2] = [
    Codes {
        counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
        symbols: b"\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\x81\x91\xa1\x08\x23\x42\xb1\xc1\x15\x52\xd1\xf0\x24\x33\x62\x72\x82\x09\x0a\x16\x17\x18\x19\x1a\x25\x26\x27\x28\x29\x2a\x34\x35\x36\x37\x38\x39\x3a\x43\x44\x45\x46\x47\x48\x49\x4a\x53\x54\x55\x56\x57\x58\x59\x5a\x63\x64\x65\x66\x67\x68\x69\x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x83\x84\x85\x86\x87\x88\x89\x8a\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa",
    },
    Codes {
        counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
        symbols: b"\x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81\x08\x14\x42\x91\xa1\xb1\xc1\x09\x23\x33\x52\xf0\x15\x62\x72\xd1\x0a\x16\x24\x34\xe1\x25\xf1\x17\x18\x19\x1a\x26\x27\x28\x29\x2a\x35\x36\x37\x38\x39\x3a\x43\x44\x45\x46\x47\x48\x49\x4a\x53\x54\x55\x56\x57\x58\x59\x5a\x63\x64\x65\x66\x67\x68\x69\x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa",
    },
];

/// Writes a picture anew.
pub(super) fn encode(picture: &Picture) -> Result<Vec<u8>, Fault> {
    let mut out = vec![0xff, 0xd8];
    match picture.is_rgb {
        true => segment(&mut out, 0xee, b"Adobe\0\x64\0\0\0\0\0"),
        false => segment(&mut out, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
    }
    let (mut frame, mut scan) = (vec![8], vec![picture.components.len() as u8]);
    frame.extend((picture.height as u16).to_be_bytes());
    frame.extend((picture.width as u16).to_be_bytes());
    frame.push(picture.components.len() as u8);
    for (number, component) in (0u8..).zip(&picture.components) {
        let divisors = component.divisors.ok_or_else(|| Fault::new("its divisors are missing"))?;
        segment(&mut out, 0xdb, &[&[number][..], &divisors].concat());
        let factors = (component.factors.0 << 4 | component.factors.1) as u8;
        frame.extend([number + 1, factors, number]);
        scan.extend([number + 1, if number == 0 { 0 } else { 0x11 }]);
    }
    segment(&mut out, 0xc0, &frame);
    for (number, (first, others)) in (0u8..).zip(FIRST.iter().zip(&OTHERS)).take(picture.components.len()) {
        segment(&mut out, 0xc4, &[&[number][..], &first.counts, first.symbols].concat());
        segment(&mut out, 0xc4, &[&[0x10 | number][..], &others.counts, others.symbols].concat());
    }
    scan.extend([0, 63, 0]);
    segment(&mut out, 0xda, &scan);
    let mut writer = Writer { out, bits: 0, count: 0 };
    blocks(picture, &mut writer)?;
    writer.finish();
    writer.out.extend([0xff, 0xd9]);
    Ok(writer.out)
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

/// Writes all blocks; those beyond the edge, which nobody sees, like the one before them.
fn blocks(picture: &Picture, writer: &mut Writer) -> Result<(), Fault> {
    let first: Vec<Vec<(u16, u8)>> = FIRST.iter().map(Codes::by_symbol).collect();
    let others: Vec<Vec<(u16, u8)>> = OTHERS.iter().map(Codes::by_symbol).collect();
    let mut before = vec![0; picture.components.len()];
    let (across, down) = picture.units();
    for unit in 0..across * down {
        for ((number, component), before) in picture.components.iter().enumerate().zip(&mut before) {
            let kind = number.min(1);
            let (Some(first), Some(others)) = (first.get(kind), others.get(kind)) else { continue };
            let (wide, high) = component.factors;
            for place in 0..wide * high {
                let (x, y) = (unit % across * wide + place % wide, unit / across * high + place / wide);
                let start = (y * component.across + x) * BLOCK;
                let shown = x < component.shown.0 && y < component.shown.1;
                let block = component.blocks.get(start..).and_then(|rest| rest.first_chunk::<BLOCK>());
                match block.filter(|_| shown) {
                    Some(block) => writer.block(block, before, first, others)?,
                    None => {
                        writer.code(first, 0)?;
                        writer.code(others, 0)?;
                    }
                }
            }
        }
    }
    Ok(())
}

impl Codes {
    /// Each symbol's code and its length.
    fn by_symbol(&self) -> Vec<(u16, u8)> {
        let mut codes = vec![(0, 0); 256];
        let mut symbols = self.symbols.iter();
        let mut code = 0;
        for (length, count) in (1..).zip(self.counts) {
            for symbol in symbols.by_ref().take(count.into()) {
                if let Some(place) = codes.get_mut(usize::from(*symbol)) {
                    *place = (code, length);
                }
                code += 1;
            }
            code <<= 1;
        }
        codes
    }
}

struct Writer {
    out: Vec<u8>,
    bits: u32,
    count: u8,
}

impl Writer {
    fn put(&mut self, bits: u32, count: u8) {
        self.bits = self.bits << count | bits & ((1 << count) - 1);
        self.count += count;
        while let Some(left) = self.count.checked_sub(8) {
            let byte = (self.bits >> left) as u8;
            self.out.push(byte);
            if byte == 0xff {
                self.out.push(0);
            }
            self.count = left;
            self.bits &= (1 << left) - 1;
        }
    }

    /// Fills the last byte with ones (T.81, F.1.2.3).
    fn finish(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }

    fn code(&mut self, codes: &[(u16, u8)], symbol: u8) -> Result<(), Fault> {
        let (code, length) = codes.get(usize::from(symbol)).copied().unwrap_or_default();
        if length == 0 {
            return Err(Fault::new("its pixels are beyond what can be shown"));
        }
        self.put(code.into(), length);
        Ok(())
    }

    /// A run of zeros and a number that follows it: its size as a code, then its bits.
    fn number(&mut self, codes: &[(u16, u8)], run: u8, value: i32) -> Result<(), Fault> {
        let size = (32 - value.unsigned_abs().leading_zeros()) as u8;
        if size > 15 {
            return Err(Fault::new("its pixels are beyond what can be shown"));
        }
        self.code(codes, run << 4 | size)?;
        self.put(if value < 0 { value - 1 } else { value } as u32, size);
        Ok(())
    }

    fn block(
        &mut self,
        block: &[i16; BLOCK],
        before: &mut i32,
        first: &[(u16, u8)],
        others: &[(u16, u8)],
    ) -> Result<(), Fault> {
        let [start, rest @ ..] = block;
        let start = i32::from(*start);
        self.number(first, 0, start - *before)?;
        *before = start;
        let mut run = 0;
        for value in rest {
            match (*value, run) {
                (0, _) => run += 1,
                (value, _) => {
                    while run > 15 {
                        self.code(others, 0xf0)?;
                        run -= 16;
                    }
                    self.number(others, run, value.into())?;
                    run = 0;
                }
            }
        }
        if run > 0 { self.code(others, 0) } else { Ok(()) }
    }
}
