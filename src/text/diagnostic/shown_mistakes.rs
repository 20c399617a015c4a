//! The mistakes that are shown where there are very many: of each kind the first ones, and how many more there are.

use super::{Code, Diagnostic};
use std::collections::HashMap;

/// The most mistakes of one kind that are shown.
const MOST_OF_A_KIND: usize = 20;

/// The mistakes without those of a kind of which many are shown already; the last one shown has their number.
pub fn shown_mistakes(mistakes: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut totals: HashMap<Code, usize> = HashMap::new();
    for mistake in mistakes {
        *totals.entry(mistake.code).or_default() += 1;
    }
    let mut seen: HashMap<Code, usize> = HashMap::new();
    let mut shown = Vec::new();
    for mistake in mistakes {
        let number = seen.entry(mistake.code).or_default();
        *number += 1;
        let total = totals.get(&mistake.code).copied().unwrap_or(0);
        match *number {
            MOST_OF_A_KIND if total > MOST_OF_A_KIND => {
                shown.push(mistake.clone().help(format!("and {} more like this", total - MOST_OF_A_KIND)));
            }
            number if number > MOST_OF_A_KIND => {}
            _ => shown.push(mistake.clone()),
        }
    }
    shown
}
