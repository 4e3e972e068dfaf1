//! The cases: skewed as real ones are, and the same in every run.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// How many there are.
pub(crate) const CASES: usize = 1_000_000;

const COUNTRIES: usize = 120;
const POINTS: usize = 60;
const MODES: [&str; 4] = ["LAND", "SEA", "AIR", "_U"];
const SEXES: [&str; 3] = ["M", "F", "_U"];
const AGES: [&str; 5] = ["Y18T34", "Y35T", "Y14T17", "Y0T13", "_U"];
const EVENTS: [&str; 3] = ["entry", "refused", "stay"];

/// A generator whose numbers do not depend on the machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// Small numbers are much more frequent than large ones.
    fn skewed(&mut self, bound: usize) -> usize {
        let (a, b, c) = (self.below(bound), self.below(bound), self.below(bound));
        a.min(b).min(c)
    }
}

/// Writes the file and says how long it is, in bytes.
pub(crate) fn write(path: &Path) -> usize {
    let catalogue = vrs_protocol::catalogue::Catalogue::bundled();
    let countries: Vec<&str> =
        catalogue.countries().iter().map(|country| country.iso3.as_str()).take(COUNTRIES).collect();
    let mut dice = Dice(1);
    let mut text = String::from("date,event,citizenship,last_exit,entry_point,mode,sex,age\n");
    for _ in 0..CASES {
        let (year, month, day) = (2015 + dice.below(10), 1 + dice.below(12), 1 + dice.below(28));
        let point = dice.skewed(POINTS);
        writeln!(
            text,
            "{year}-{month:02}-{day:02},{},{},{},PT-{point:03},{},{},{}",
            EVENTS[dice.skewed(3)],
            countries[dice.skewed(COUNTRIES)],
            countries[dice.skewed(COUNTRIES)],
            MODES[dice.skewed(4)],
            SEXES[dice.skewed(3)],
            AGES[dice.skewed(5)],
        )
        .unwrap();
    }
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    text.len()
}
