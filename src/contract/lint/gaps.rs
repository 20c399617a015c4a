//! Which requests of an operation no row answers, in folded form: a note for people, and no mistake.

use crate::contract::condition::{Choice, Dimension, Region};
use crate::contract::{Operation, Vendor};

/// After so many steps the rest is left untold; no table that people write comes near.
const MOST_STEPS: usize = 20_000;

/// The requests that no row answers, each in words: `link: missing`, what is right and what is of no account left out.
pub fn gaps(vendor: &Vendor, operation: &Operation) -> Vec<String> {
    if operation.rows.len() > super::scope::MOST_ROWS {
        return Vec::new();
    }
    let space = vendor.space(operation);
    let regions: Vec<&Region> = operation.rows.values().map(|row| space.region(row)).collect();
    let mut search = Search { dimensions: &space.dimensions, steps: 0, found: Vec::new() };
    search.below(0, &regions, &[]);
    search.found
}

struct Search<'a> {
    dimensions: &'a [Dimension],
    steps: usize,
    found: Vec<String>,
}

impl Search<'_> {
    /// Looks at a dimension for the rows that are still possible after the words chosen so far.
    fn below(&mut self, dimension: usize, rows: &[&Region], words: &[String]) {
        self.steps += 1;
        if rows.is_empty() {
            let gap = if words.is_empty() { "everything right".to_owned() } else { words.join(", ") };
            self.found.push(gap);
            return;
        }
        let Some(known) = self.dimensions.get(dimension) else { return };
        for (choices, possible) in grouped(dimension, known.choices.len(), rows) {
            if self.steps >= MOST_STEPS {
                return;
            }
            let mut words = words.to_vec();
            words.extend(told(known, &choices));
            self.below(dimension + 1, &possible, &words);
        }
    }
}

/// The choices of a dimension, those together that the same rows allow.
fn grouped<'r>(dimension: usize, count: usize, rows: &[&'r Region]) -> Vec<(Vec<usize>, Vec<&'r Region>)> {
    let mut groups: Vec<(Vec<usize>, Vec<&'r Region>)> = Vec::new();
    for choice in 0..count {
        let allows = |row: &&&'r Region| {
            row.allowed.get(dimension).and_then(|allowed| allowed.get(choice)).copied().unwrap_or(false)
        };
        let possible: Vec<&Region> = rows.iter().filter(allows).copied().collect();
        let same = |group: &&mut (Vec<usize>, Vec<&Region>)| {
            group.1.len() == possible.len()
                && group.1.iter().zip(&possible).all(|(left, right)| std::ptr::eq(*left, *right))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.0.push(choice),
            None => groups.push((vec![choice], possible)),
        }
    }
    groups
}

/// A group of choices in words; nothing where it is what is right, or everything.
fn told(dimension: &Dimension, choices: &[usize]) -> Option<String> {
    if choices == [0] || choices.len() == dimension.choices.len() {
        return None;
    }
    let names: Vec<&str> =
        choices.iter().filter_map(|choice| dimension.choices.get(*choice)).map(Choice::word).collect();
    Some(format!("{}: {}", dimension.key, names.join(" or ")))
}
