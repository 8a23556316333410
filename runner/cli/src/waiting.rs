//! Waiting for something that the site does.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// How often one asks how it goes.
pub(crate) const POLL: Duration = Duration::from_millis(100);

/// A spinner on a terminal, plain lines otherwise.
pub(crate) struct Waiting {
    bar: Option<ProgressBar>,
    id: String,
    last: String,
}

impl Waiting {
    pub(crate) fn new(id: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(POLL);
            bar
        });
        Self { bar, id: id.to_owned(), last: String::new() }
    }

    pub(crate) fn state(&mut self, state: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(format!("{} {state}", self.id)),
            None if self.last != state => eprintln!("{} {state}", self.id),
            None => {}
        }
        self.last = state.to_owned();
    }

    pub(crate) fn close(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
