//! A comparison of two sides as a person reads it: class by class, then what only one side has.

use super::Look;
use super::drift;
use super::paint::{Ink, Tone};
use crate::report::comparison::{Comparison, Different, Lone};
use crate::report::terminal::Level;
use crate::report::text::{count, inert, line};
use crate::run::event::DriftClass;

/// Cases of one reason beyond these are counted, not named.
const NAMED: usize = 5;

/// The comparison as text.
pub fn compared(comparison: &Comparison, look: Look) -> String {
    let ink = Ink { colour: look.colour, width: (look.width)() };
    let whole = look.level >= Level::Verbose;
    let mut text = String::new();
    if !comparison.different.is_empty() {
        text += &ink.unbroken(0, Tone::Bad, &format!("- {}", line(&comparison.before)));
        text += &ink.unbroken(0, Tone::Good, &format!("+ {}", line(&comparison.after)));
    }
    comparison.different.iter().for_each(|different| text += &one(different, ink, whole));
    if look.level > Level::Quiet {
        let Comparison { before, after, .. } = comparison;
        text += &lone(&format!("only {before} answers"), &comparison.only_before, ink, whole);
        text += &lone(&format!("only {after} answers"), &comparison.only_after, ink, whole);
        text += &lone("neither answers", &comparison.neither, ink, whole);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    inert((text + &closing(comparison)).trim_start_matches('\n'))
}

fn one(different: &Different, ink: Ink, whole: bool) -> String {
    let tone = if different.class == DriftClass::Breaking { Tone::Bad } else { Tone::Odd };
    let word = ink.paint(tone, different.class.as_str());
    let head = format!("\n{word} {}\n", ink.paint(Tone::Strong, &line(&different.id)));
    head + &drift::lines(&different.differences, &different.diff, ink, whole)
}

/// Cases that a side has no answer to, each reason once.
fn lone(title: &str, cases: &[Lone], ink: Ink, whole: bool) -> String {
    if cases.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{title}: {}\n", count(cases.len(), "case"));
    let mut reasons: Vec<&str> = cases.iter().map(|case| case.why.as_str()).collect();
    reasons.dedup();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        text += &ink.entry(2, "", Tone::Plain, &line(reason));
        let named: Vec<&Lone> = cases.iter().filter(|case| case.why == reason).collect();
        let shown = if whole { named.len() } else { NAMED };
        named.iter().take(shown).for_each(|case| text += &ink.entry(4, "", Tone::Faint, &line(&case.id)));
        if named.len() > shown {
            text += &ink.entry(4, "", Tone::Faint, &format!("and {} more; -v names all", named.len() - shown));
        }
    }
    text
}

/// The counts in one line.
fn closing(comparison: &Comparison) -> String {
    let Comparison { before, after, .. } = comparison;
    let classes = DriftClass::ALL.into_iter().filter_map(|class| {
        let number = comparison.counts.get(&class).filter(|number| **number > 0)?;
        Some(format!("{number} {}", class.as_str()))
    });
    let mut counts = vec![format!("{} the same", comparison.same)];
    counts.extend(classes);
    let lone = comparison.only_before.len() + comparison.only_after.len() + comparison.neither.len();
    if lone > 0 {
        counts.push(format!("{} not compared", count(lone, "case")));
    }
    format!("{before} and {after}: {}\n", counts.join(", "))
}
