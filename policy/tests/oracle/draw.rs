//! Chance that is the same in every run.

pub const LEVELS: [&str; 3] = ["l0", "l1", "l2"];
pub const CATEGORIES: [&str; 3] = ["a", "b", "c"];
pub const AUDIENCES: [&str; 3] = ["x", "y", "z"];

/// The same in every run (SplitMix64).
pub struct Draw(pub u64);

impl Draw {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Each of them once in so many times.
    pub fn some<'a>(&mut self, of: &[&'a str], times: usize) -> Vec<&'a str> {
        of.iter().copied().filter(|_| self.once_in(times)).collect()
    }

    /// The text of a label.
    pub fn label(&mut self) -> String {
        let level = self.below(3);
        let (categories, audiences) = (self.some(&CATEGORIES, 3), self.some(&AUDIENCES, 2));
        text(level, &categories, if self.once_in(3) { &audiences } else { &[] })
    }

    /// The text of a clearance: more often much than little.
    pub fn clearance(&mut self) -> String {
        let level = self.below(3).max(self.below(3));
        let (lacks, audiences) = (self.some(&CATEGORIES, 4), self.some(&AUDIENCES, 2));
        let categories: Vec<_> = CATEGORIES.into_iter().filter(|name| !lacks.contains(name)).collect();
        text(level, &categories, &audiences)
    }
}

fn text(level: usize, categories: &[&str], audiences: &[&str]) -> String {
    let list = |before: &str, names: &[&str]| match names {
        [] => String::new(),
        names => format!("{before}{}", names.join(",")),
    };
    format!("{}{}{}", LEVELS[level], list("/", categories), list(" rel:", audiences))
}
