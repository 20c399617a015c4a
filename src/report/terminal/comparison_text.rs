//! A comparison of two sides as a person reads it: class by class, then the cases that only one side answers.

use super::drift_block::difference_lines;
use super::ink::{Ink, Tone};
use super::{Level, TerminalLook};
use crate::report::comparison::{CaseDifference, Comparison, LoneCase};
use crate::report::count::Count;
use crate::run::event::DriftClass;
use crate::text::visible::{inert, line};

/// Cases of one reason beyond these are counted, not named.
const NAMED: usize = 5;

/// The comparison as text.
pub fn comparison_text(comparison: &Comparison, look: TerminalLook) -> String {
    let ink = look.ink();
    let whole = look.level >= Level::Verbose;
    let Comparison { before, after, .. } = comparison;
    let mut text = String::new();
    if !comparison.different.is_empty() {
        text += &ink.unbroken(0, Tone::Bad, &format!("- {}", line(before)));
        text += &ink.unbroken(0, Tone::Good, &format!("+ {}", line(after)));
    }
    for different in &comparison.different {
        text += &difference_block(different, ink, whole);
    }
    if look.level > Level::Quiet {
        text += &lone_block(&format!("only {before} answers"), &comparison.only_before, ink, whole);
        text += &lone_block(&format!("only {after} answers"), &comparison.only_after, ink, whole);
        text += &lone_block("neither answers", &comparison.neither, ink, whole);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    inert((text + &counts_line(comparison)).trim_start_matches('\n'))
}

fn difference_block(different: &CaseDifference, ink: Ink, whole: bool) -> String {
    let tone = if different.class == DriftClass::Breaking { Tone::Bad } else { Tone::Odd };
    let word = ink.paint(tone, different.class.as_str());
    let head = format!("\n{word} {}\n", ink.paint(Tone::Strong, &line(&different.id)));
    head + &difference_lines(&different.differences, &different.diff, ink, whole)
}

/// Cases that a side has no answer to, each reason once.
fn lone_block(title: &str, cases: &[LoneCase], ink: Ink, whole: bool) -> String {
    if cases.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{title}: {}\n", Count(cases.len(), "case"));
    let mut reasons: Vec<&str> = cases.iter().map(|case| case.why.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        text += &ink.entry(2, "", Tone::Plain, &line(reason));
        let named: Vec<&LoneCase> = cases.iter().filter(|case| case.why == reason).collect();
        let shown = if whole { named.len() } else { NAMED };
        for case in named.iter().take(shown) {
            text += &ink.entry(4, "", Tone::Faint, &line(&case.id));
        }
        if named.len() > shown {
            text += &ink.entry(4, "", Tone::Faint, &format!("and {} more; -v names all", named.len() - shown));
        }
    }
    text
}

/// The counts in one line.
fn counts_line(comparison: &Comparison) -> String {
    let Comparison { before, after, .. } = comparison;
    let mut counts = vec![format!("{} the same", comparison.same)];
    let mut classes: Vec<(&DriftClass, &usize)> = comparison.counts.iter().filter(|(_, number)| **number > 0).collect();
    // The worst first.
    classes.reverse();
    counts.extend(classes.into_iter().map(|(class, number)| format!("{number} {}", class.as_str())));
    let lone = comparison.only_before.len() + comparison.only_after.len() + comparison.neither.len();
    if lone > 0 {
        counts.push(format!("{} not compared", Count(lone, "case")));
    }
    format!("{before} and {after}: {}\n", counts.join(", "))
}
