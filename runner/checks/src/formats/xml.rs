//! XML (W3C, fifth edition) as it stands in office files: no definitions of its own, so that no text can grow or fetch another.

use crate::anatomy::Fault;
use crate::data::Data;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Most bytes of one part.
const LONG: u64 = 64 << 20;
/// Deepest nesting.
const DEEP: usize = 64;
/// Most attributes of an element.
const ATTRIBUTES: usize = 256;

/// What comes next in a text of XML; names are without their prefixes.
#[derive(Debug)]
pub(crate) enum Item<'a> {
    Open(&'a str, &'a Attributes),
    Close(&'a str),
    Text(&'a str),
    Comment(&'a str),
}

/// An element's attributes.
#[derive(Debug, Default)]
pub(crate) struct Attributes(pub(crate) Vec<(String, String)>);

impl Attributes {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Whether something is switched on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        matches!(self.get(name), Some("1" | "true" | "on"))
    }
}

/// Hands out everything in a text of XML, one after the other.
pub(crate) fn read(data: &Data, mut take: impl FnMut(Item<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
    if data.len() > LONG {
        return Err(Fault::new("one of its parts is longer than what can be examined"));
    }
    let text = String::from_utf8(data.bytes()?).map_err(|_| Fault::new("one of its parts isn't UTF-8"))?;
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(&text));
    reader.config_mut().enable_all_checks(true);
    let mut open: Vec<String> = Vec::new();
    let mut roots = 0;
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        match event {
            Event::Start(element) => {
                roots += usize::from(open.is_empty());
                let name = name(&element);
                take(Item::Open(&name, &attributes(&element)?))?;
                open.push(name);
                if open.len() > DEEP {
                    return Err(Fault::new("one of its parts is nested too deep"));
                }
            }
            Event::Empty(element) => {
                roots += usize::from(open.is_empty());
                let name = name(&element);
                take(Item::Open(&name, &attributes(&element)?))?;
                take(Item::Close(&name))?;
            }
            Event::End(_) => take(Item::Close(&open.pop().ok_or_else(broken)?))?,
            Event::Text(text) => {
                let text = text.xml10_content();
                if open.is_empty() && !text.trim().is_empty() {
                    return Err(broken());
                }
                take(Item::Text(&text))?;
            }
            Event::CData(text) if !open.is_empty() => take(Item::Text(&text.xml10_content()))?,
            Event::Comment(text) => take(Item::Comment(&text.xml10_content()))?,
            Event::GeneralRef(name) if !open.is_empty() => {
                let known = match &*name {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => name.resolve_char_ref().ok().flatten(),
                };
                take(Item::Text(known.ok_or_else(broken)?.encode_utf8(&mut [0; 4])))?;
            }
            Event::Decl(_) if roots == 0 => (),
            Event::DocType(_) => return Err(Fault::new("one of its parts defines words of its own")),
            Event::Eof if open.is_empty() && roots == 1 => return Ok(()),
            _ => return Err(broken()),
        }
    }
}

fn broken() -> Fault {
    Fault::new("one of its parts is no plain XML")
}

fn name(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().to_owned()
}

fn attributes(element: &BytesStart<'_>) -> Result<Attributes, Fault> {
    let mut all = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| broken())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?.into_owned();
        all.push((attribute.key.local_name().as_ref().to_owned(), value));
        if all.len() > ATTRIBUTES {
            return Err(broken());
        }
    }
    Ok(Attributes(all))
}
