//! The demo's voice: what was done, what came of it, and an end if it isn't what it should be.

use crate::Ran;
use std::time::Instant;

/// Tells a story, step by step.
pub struct Told {
    begun: Instant,
    steps: usize,
    refused: usize,
}

impl Default for Told {
    fn default() -> Self {
        Self { begun: Instant::now(), steps: 0, refused: 0 }
    }
}

impl Told {
    /// A chapter.
    pub fn chapter(&self, title: &str) {
        println!("\n== {title}");
    }

    /// Something that should work.
    pub fn works(&mut self, what: &str, ran: Ran) -> Ran {
        self.steps += 1;
        if ran.code != 0 {
            panic!("it should have worked, and didn't: {what}\n{}", ran.all());
        }
        println!("  ok    {what}");
        ran
    }

    /// Something that should be refused, with these words.
    pub fn refused(&mut self, what: &str, ran: &Ran, words: &str) {
        if ran.code == 0 || !ran.all().contains(words) {
            panic!("it should have been refused with `{words}`: {what}\n{ran:?}");
        }
        let reason = ran.err.lines().find_map(|line| line.strip_prefix("error: "));
        self.held(what, reason.expect("an error that says why"));
    }

    /// Something that was seen to be impossible.
    pub fn held(&mut self, what: &str, reason: &str) {
        self.refused += 1;
        println!("  no    {what}\n        {reason}");
    }

    /// Something that has to be so.
    pub fn sees(&mut self, what: &str, so: bool, evidence: &str) {
        self.steps += 1;
        if !so {
            panic!("not so: {what}\n{evidence}");
        }
        println!("  ok    {what}");
    }

    /// Lines that a person would read.
    pub fn shows(&self, text: &str) {
        for line in text.lines() {
            println!("        | {line}");
        }
    }

    /// The end: what came of it all.
    pub fn summary(&self, lines: &[(&str, String)]) {
        println!("\n== In short");
        for (what, text) in lines {
            println!("  {what:<12}{text}");
        }
        println!("  {:<12}{} attempts to go around the rules, each with its reason", "refused", self.refused);
        println!("  {:<12}{:.1} s, {} steps", "took", self.seconds(), self.steps);
    }

    /// Seconds so far.
    pub fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }
}
