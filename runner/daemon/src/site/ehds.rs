//! A page for each letter of Art. 73(1) of Regulation (EU) 2025/327: what holds it, what the policy in force says, and today's figures as
//! far as the asker may know them.

mod figures;
#[cfg(test)]
mod tests;
mod texts;

use super::entries::{Entries, Looked};
use super::study::Study;
use super::{Site, now, today};
use crate::api::EhdsPage;
use crate::fault::Fault;
use figures::{Figures, MONTH};
use semla_policy::Refusal;
use std::ops::ControlFlow;
use texts::{LETTERS, Text};

impl Site {
    /// The page of a letter, or all of them. They tell of reads, so that the look is recorded before they are shown.
    pub(crate) fn ehds(&self, name: &str, letter: Option<&str>) -> Result<Study<Vec<EhdsPage>>, Fault> {
        self.watcher(name)?;
        let named = LETTERS.iter().filter(|text| letter.is_none_or(|letter| letter == text.letter));
        let asked: Vec<(&Text, Vec<String>)> =
            named.map(|text| (text, figures::settings(text.letter, self.registry().policy()))).collect();
        if asked.is_empty() {
            return Err(Refusal::new(8, "Art. 73(1) has no such letter", "ask for one of a to f").into());
        }
        let since = now() - MONTH;
        let mut figures = Figures::of(self.registry(), name, today());
        let read = move |entries: &Entries, looked: &mut Looked| {
            entries.read(|opened| {
                if opened.at() >= since {
                    looked.at(&opened);
                    figures.count(&opened);
                }
                ControlFlow::Continue(())
            })?;
            let today = |text: &Text| figures.today(text.letter);
            Ok(asked.into_iter().map(|(text, settings)| page(text, &settings, &today(text))).collect())
        };
        Ok(Study::new(self.entries_for(name)?, self.lowest(), "audit of Art. 73(1)".into(), read))
    }
}

fn page(text: &Text, settings: &[String], today: &[String]) -> EhdsPage {
    let Text { letter, title, asks, held, outside } = text;
    let list = |lines: &[String]| lines.iter().map(|line| format!("- {line}\n")).collect::<String>();
    let (settings, today) = (list(settings), list(today));
    let text = format!(
        "# Art. 73(1)({letter}): {title}\n\n\
         Regulation (EU) 2025/327, Art. 73(1)({letter}). {asks}\n\n\
         ## What holds it\n\n{held}\n\n\
         ## What the policy in force says\n\n{settings}\n\
         ## Today\n\n{today}\n\
         ## Outside semla\n\n{outside}\n"
    );
    EhdsPage { letter: (*letter).to_owned(), title: (*title).to_owned(), text }
}
