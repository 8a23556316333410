//! The wire format of Protocol Buffers (protobuf.dev, "Encoding"): fields one after the other, in a message of any size.

use crate::anatomy::Fault;
use crate::data::Data;

/// Bytes that are read at a time.
const WINDOW: usize = 8192;
/// Longest number: 64 bits, seven to a byte.
const VARINT: u32 = 10;

/// One field of a message.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) number: u32,
    pub(crate) value: Value,
    /// Where in the message it begins.
    pub(crate) at: u64,
}

/// What a field holds, as far as the wire says.
#[derive(Debug)]
pub(crate) enum Value {
    Varint(u64),
    Four([u8; 4]),
    Eight([u8; 8]),
    Bytes(Data),
}

/// Reads a message from field to field.
#[derive(Debug)]
pub(crate) struct Wire<'a> {
    data: &'a Data,
    at: u64,
    window: Vec<u8>,
    /// Where the window begins.
    from: u64,
}

impl<'a> Wire<'a> {
    pub(crate) fn new(data: &'a Data) -> Self {
        Self { data, at: 0, window: Vec::new(), from: 0 }
    }

    /// The next field; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Field>, Fault> {
        if self.at == self.data.len() {
            return Ok(None);
        }
        let at = self.at;
        let tag = self.varint()?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| (1..1 << 29).contains(number));
        let number = number.ok_or_else(|| Fault::at(at, "a field's number is broken"))?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Eight(self.array()?),
            2 => Value::Bytes(self.bytes()?),
            5 => Value::Four(self.array()?),
            _ => return Err(Fault::at(at, "a field is of a kind that no check reads")),
        };
        Ok(Some(Field { number, value, at }))
    }

    /// The next number, in as few bytes as it needs or more, as writers may.
    pub(crate) fn varint(&mut self) -> Result<u64, Fault> {
        let at = self.at;
        let mut value = 0;
        for place in 0..VARINT {
            let [byte] = self.array::<1>()?;
            let bits = u64::from(byte & 0x7f);
            value |= bits << (7 * place);
            if byte & 0x80 == 0 {
                let fits = place + 1 < VARINT || bits < 2;
                return fits.then_some(value).ok_or_else(|| Fault::at(at, "a number is too long"));
            }
        }
        Err(Fault::at(at, "a number is too long"))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.at == self.data.len()
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let bytes = match self.seen(N) {
            Some(bytes) => bytes,
            None => {
                self.window.resize(WINDOW, 0);
                let read = self.data.read_at(self.at, &mut self.window)?;
                self.window.truncate(read);
                self.from = self.at;
                self.seen(N).ok_or_else(|| Fault::at(self.at, "it ends where more should follow"))?
            }
        };
        let (bytes, _) = bytes.split_first_chunk().ok_or_else(|| Fault::at(self.at, "it ends too early"))?;
        let bytes = *bytes;
        self.at += N as u64;
        Ok(bytes)
    }

    /// The next bytes, if they are in the window.
    fn seen(&self, count: usize) -> Option<&[u8]> {
        let start = usize::try_from(self.at.checked_sub(self.from)?).ok()?;
        self.window.get(start..start.checked_add(count)?)
    }

    /// A stretch, which is copied where it is at hand: a message of a few bytes is then read from memory.
    fn bytes(&mut self) -> Result<Data, Fault> {
        let at = self.at;
        let len = self.varint()?;
        let part = self.data.part(self.at, len);
        let part = part.ok_or_else(|| Fault::at(at, "a field ends behind what it is in"))?;
        let near = usize::try_from(len).ok().and_then(|len| self.seen(len)).map(<[u8]>::to_vec);
        self.at += len;
        Ok(near.map_or(part, Data::from))
    }
}
