//! A page for each letter of Art. 73(1) of Regulation (EU) 2025/327: what holds it, what the policy in force says, and today's figures as
//! far as the asker may know them.

mod figures;
#[cfg(test)]
mod tests;
mod texts;

use super::entries::Looked;
use super::{Site, now, today};
use crate::api::EhdsPage;
use crate::fault::Fault;
use figures::{Figures, MONTH};
use semla_policy::Refusal;
use std::ops::ControlFlow;
use texts::{LETTERS, Text};

impl Site {
    /// The page of a letter, or all of them. They tell of reads, so that the look is recorded before they are shown.
    pub(crate) fn ehds(&mut self, name: &str, letter: Option<&str>) -> Result<Vec<EhdsPage>, Fault> {
        self.watcher(name)?;
        let asked: Vec<&Text> =
            LETTERS.iter().filter(|text| letter.is_none_or(|letter| letter == text.letter)).collect();
        if asked.is_empty() {
            return Err(Refusal::new(8, "Art. 73(1) has no such letter", "ask for one of a to f").into());
        }
        let since = now() - MONTH;
        let mut figures = Figures::of(self.registry(), name, today());
        let mut looked = Looked::default();
        self.opened(name, |opened| {
            if opened.at() >= since {
                looked.at(&opened);
                figures.count(&opened);
            }
            ControlFlow::Continue(())
        })?;
        let lowest = self.lowest();
        self.looks(name, &lowest, "audit of Art. 73(1)", looked)?;
        let registry = self.registry();
        Ok(asked
            .into_iter()
            .map(|text| page(text, &figures.settings(text.letter, registry), &figures.today(text.letter)))
            .collect())
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
