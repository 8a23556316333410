//! How far a build is.

use indicatif::{ProgressBar, ProgressStyle};
use semla_images::build::Progress;
use std::io::IsTerminal;

/// A bar on a terminal, plain lines otherwise.
pub(super) struct Shown {
    bar: Option<ProgressBar>,
    last: String,
}

impl Shown {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, last: String::new() }
    }

    pub(super) fn close(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Shown {
    fn step(&mut self, what: &str, done: u64, total: Option<u64>) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(total.unwrap_or(0));
                bar.set_position(done);
                bar.set_message(what.to_owned());
            }
            None if what != self.last => eprintln!("{what} ..."),
            None => {}
        }
        self.last = what.to_owned();
    }
}
