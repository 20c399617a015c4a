//! The requests of an operation that no row answers, in folded form: a note for people, and not a mistake.

use super::vendor_scope::MOST_ROWS;
use crate::contract::condition::{Choice, Dimension, Region};
use crate::contract::{Operation, Vendor};

/// The most steps of a search; no table that people write needs as many.
const MOST_STEPS: usize = 20_000;

/// The requests that no row answers, each in words: `link: missing`, what is right and what is of no account left out.
pub fn gaps(vendor: &Vendor, operation: &Operation) -> Vec<String> {
    if operation.rows.len() > MOST_ROWS {
        return Vec::new();
    }
    let space = vendor.space(operation);
    let regions: Vec<&Region> = operation.rows.values().map(|row| space.region(row)).collect();
    let mut search = GapSearch { steps: 0, gaps: Vec::new() };
    search.descend(&space.dimensions, 0, &regions, &[]);
    search.gaps
}

struct GapSearch {
    steps: usize,
    gaps: Vec<String>,
}

impl GapSearch {
    /// Looks at the dimensions from one on, for the rows that are still possible after the words chosen so far.
    fn descend(&mut self, dimensions: &[Dimension], index: usize, rows: &[&Region], words: &[String]) {
        self.steps += 1;
        if rows.is_empty() {
            let gap = if words.is_empty() { "everything right".to_owned() } else { words.join(", ") };
            self.gaps.push(gap);
            return;
        }
        let Some((dimension, rest)) = dimensions.split_first() else { return };
        for group in grouped_choices(dimension, index, rows) {
            if self.steps >= MOST_STEPS {
                return;
            }
            let mut words = words.to_vec();
            words.extend(group.describe(dimension));
            self.descend(rest, index + 1, &group.rows, &words);
        }
    }
}

/// The choices of a dimension that the same rows allow.
struct ChoiceGroup<'r> {
    choices: Vec<usize>,
    rows: Vec<&'r Region>,
}

impl ChoiceGroup<'_> {
    fn has_rows(&self, rows: &[&Region]) -> bool {
        self.rows.len() == rows.len() && self.rows.iter().zip(rows).all(|(left, right)| std::ptr::eq(*left, *right))
    }

    /// The choices in words; `None` where they are what is right, or everything.
    fn describe(&self, dimension: &Dimension) -> Option<String> {
        if self.choices == [0] || self.choices.len() == dimension.choices.len() {
            return None;
        }
        let chosen = dimension.choices.iter().enumerate().filter(|(choice, _)| self.choices.contains(choice));
        let words: Vec<&str> = chosen.map(|(_, choice)| Choice::word(choice)).collect();
        Some(format!("{}: {}", dimension.key, words.join(" or ")))
    }
}

fn grouped_choices<'r>(dimension: &Dimension, index: usize, rows: &[&'r Region]) -> Vec<ChoiceGroup<'r>> {
    let mut groups: Vec<ChoiceGroup<'r>> = Vec::new();
    for choice in 0..dimension.choices.len() {
        let allowing = rows.iter().filter(|row| allows_choice(row, index, choice));
        let rows: Vec<&Region> = allowing.copied().collect();
        match groups.iter_mut().find(|group| group.has_rows(&rows)) {
            Some(group) => group.choices.push(choice),
            None => groups.push(ChoiceGroup { choices: vec![choice], rows }),
        }
    }
    groups
}

fn allows_choice(row: &Region, dimension: usize, choice: usize) -> bool {
    row.allowed.get(dimension).and_then(|allowed| allowed.get(choice)) == Some(&true)
}
