//! Reading what lies at a label whose readers sign for it.

use crate::args::Place;
use crate::client::{Client, Raw};
use crate::fail::{Fail, trying};
use crate::keys;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use semla_policy::{Reading, Signed};

/// What a person asked to see, in their own words: what they sign for is held against these.
pub(crate) struct Reader<'a> {
    client: &'a Client,
    place: &'a Place,
    /// The declared path, `log`, `findings` or `versions`.
    name: &'a str,
    /// The job that it comes from; empty for an image.
    job: &'a str,
    /// What was signed last, in the form that goes along.
    signed: Option<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(place: &'a Place, client: &'a Client, name: &'a str, job: &'a str) -> Self {
        Self { client, place, name, job, signed: None }
    }

    /// The bytes at this address. Where the daemon asks for a signature, it gets one for exactly what was asked for.
    pub(crate) fn get(&mut self, path: &str) -> Result<Raw, Fail> {
        match self.client.read(path, self.signed.as_deref()) {
            Err(Fail { sign: Some(reading), text, .. }) if self.signed.is_none() => {
                self.signed = Some(self.sign(&reading, &text)?);
                self.client.read(path, self.signed.as_deref())
            }
            other => other,
        }
    }

    fn sign(&self, reading: &Reading, why: &str) -> Result<String, Fail> {
        let today = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
        let near = (today - reading.day).get_days().abs() <= 1;
        let ours = reading.job == self.job && reading.objects.len() <= Reading::OBJECTS;
        if reading.name != self.name || !near || !ours {
            return Err(Fail::new(
                "the daemon asked for a signature on something else than you want to read; nothing was signed: tell an officer",
            ));
        }
        if !keys::exists(self.place)? {
            return Err(Fail::new(why));
        }
        let mut signed = Signed::unsigned(reading).map_err(Fail::chain)?;
        keys::sign::<Reading>(self.place, &reading.reader, &mut signed)?;
        let json = serde_json::to_vec(&signed).map_err(trying("write the signature down"))?;
        Ok(STANDARD.encode(json))
    }
}
