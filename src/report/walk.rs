//! A walk as a person reads it, and as one JSON document.

use super::terminal::paint::{Ink, Tone};
use super::terminal::{Level, Look};
use super::text::{count, duration, line};
use crate::judge::verdict::Verdict;
use crate::lab::walk::{Failure, Pair, Shown, Transition, Walked};
use crate::run::event::ClauseInfo;
use serde::Serialize;
use std::time::Duration;

/// A walk of several vendors.
#[derive(Debug, Clone, Serialize)]
pub struct Walk {
    /// The version of this shape.
    pub version: u32,
    /// The target as asked for.
    pub target: String,
    /// What makes it the same walk every time.
    pub seed: u64,
    /// The vendors.
    pub vendors: Vec<Walked>,
    /// How many requests were sent, tries and those of shrinking included.
    pub requests: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The exit code.
    pub exit_code: u8,
}

/// A walk as one JSON document.
pub fn walk_json(walk: &Walk) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(walk).map(|text| text + "\n")
}

/// A walk as a person reads it.
pub fn walk(walk: &Walk, look: &Look) -> String {
    let ink = Ink { colour: look.colour, width: (look.width)() };
    let mut text = String::new();
    for walked in &walk.vendors {
        text += &vendor(walked, look.level, ink);
    }
    let of = |verdict: Verdict| walk.vendors.iter().filter(|walked| walked.verdict == verdict).count();
    let counts = Verdict::ALL.into_iter().filter(|verdict| of(*verdict) > 0);
    let counts: Vec<String> = counts.map(|verdict| format!("{} {verdict}", of(verdict))).collect();
    let took = duration(Duration::try_from_secs_f64(walk.seconds).unwrap_or_default());
    let counts = if counts.is_empty() { "nothing walked".to_owned() } else { counts.join(", ") };
    text + &format!("{counts}; {} in {took}; --seed {} walks so again\n", count(walk.requests, "request"), walk.seed)
}

fn vendor(walked: &Walked, level: Level, ink: Ink) -> String {
    let word = ink.verdict(walked.verdict, &format!("{:<12}", walked.verdict.as_str()));
    let why = walked.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let mut text = format!("{word} {}{}\n", ink.paint(Tone::Strong, &walked.vendor), line(&why));
    if walked.steps > 0 {
        let told = format!(
            "{}, {} of them two requests at once; {} made, {} acting",
            count(walked.steps, "step"),
            walked.races,
            count(walked.made, "resource"),
            count(walked.accounts, "account")
        );
        text += &ink.entry(2, "walked", Tone::Plain, &told);
        if level > Level::Quiet {
            text += &met(walked, ink);
        }
    }
    for unpromised in &walked.unpromised {
        let first = unpromised.findings.first().map(|it| format!(": {}: {}", it.place, it.message)).unwrap_or_default();
        text += &ink.entry(2, "otherwise", Tone::Foreign, &line(&format!("{}{first}", unpromised.step)));
        text += &ink.entry(12, "", Tone::Faint, "no page promises this answer");
    }
    for note in &walked.notes {
        text += &ink.entry(2, "note", Tone::Plain, note);
    }
    if let Some(failure) = &walked.failure {
        text += &self::failure(failure, level, ink);
    }
    text + "\n"
}

/// What was met, how often, and what cannot be.
fn met(walked: &Walked, ink: Ink) -> String {
    let (taken, open) = walked.taken();
    let mut text = ink.entry(2, "led", Tone::Plain, &format!("{taken} of {}", count(open, "transition")));
    let width = walked.transitions.iter().map(|it| path(it).chars().count()).max().unwrap_or(0);
    for transition in walked.transitions.iter().filter(|it| it.never.is_none()) {
        let rows: Vec<String> = transition.rows.iter().map(|(row, met)| format!("{row} {met}")).collect();
        let tone = if transition.met == 0 { Tone::Odd } else { Tone::Plain };
        text += &ink.entry(12, "", tone, &format!("{:<width$}  {}", path(transition), rows.join(", ")));
    }
    let (met, open) = walked.met();
    text += &ink.entry(2, "met", Tone::Plain, &format!("{met} of {} of an operation and a state", count(open, "pair")));
    let open: Vec<&Pair> = walked.pairs.iter().filter(|pair| pair.never.is_none()).collect();
    let width = open.iter().map(|pair| pair.operation.chars().count()).max().unwrap_or(0);
    for pairs in open.chunk_by(|one, other| one.operation == other.operation) {
        let operation = pairs.first().map(|pair| pair.operation.as_str()).unwrap_or_default();
        let state = |pair: &&Pair| match pair.state.as_str() {
            "" => pair.met.to_string(),
            state => format!("{} {}", state.replace(", ", "+"), pair.met),
        };
        let states: Vec<String> = pairs.iter().map(state).collect();
        let missed = pairs.iter().any(|pair| pair.met == 0);
        let tone = if missed { Tone::Odd } else { Tone::Plain };
        // A list that is broken goes on in its own column.
        let column = format!("{operation:<width$}");
        text += &ink.entry(12, "", tone, &format!("{column}  {}", states.join(", ")));
    }
    let rows = walked.never.iter().map(|(row, why)| (row.clone(), why));
    let pairs = walked.pairs.iter().filter_map(|pair| {
        let said = |why: &&String| walked.never.values().any(|known| known == *why);
        let name = format!("{} of {}", pair.operation, pair.state);
        pair.never.as_ref().filter(|why| !said(why)).map(|why| (name, why))
    });
    for (at, (name, why)) in rows.chain(pairs).enumerate() {
        let (indent, label) = if at == 0 { (2, "never") } else { (12, "") };
        text += &ink.entry(indent, label, Tone::Faint, &line(&format!("{name}: {why}")));
    }
    text
}

fn path(transition: &Transition) -> String {
    let Transition { resource, from, to, .. } = transition;
    format!("{resource} {} -> {to}", from.as_deref().unwrap_or("(none)"))
}

fn failure(failure: &Failure, level: Level, ink: Ink) -> String {
    let name = format!("{}/{}", failure.operation, failure.row);
    let mut text = ink.entry(2, "violates", Tone::Bad, &name);
    text += &ink.entry(2, "promised", Tone::Plain, &line(&failure.promised));
    let named: Vec<&ClauseInfo> = failure.findings.iter().filter_map(|finding| finding.clause.as_ref()).collect();
    let named = if named.is_empty() { failure.cites.iter().collect() } else { named };
    for (at, clause) in named.into_iter().enumerate() {
        let (indent, label) = if at == 0 { (2, "by") } else { (12, "") };
        text += &ink.entry(indent, label, Tone::Plain, &format!("{} \"{}\"", clause.id, line(&clause.says)));
    }
    if let Some(page) = &failure.page {
        text += &ink.entry(2, "page", Tone::Plain, page);
    }
    for finding in &failure.findings {
        let place = if finding.place.is_empty() { "body" } else { &finding.place };
        let head = format!("{}: {} [{}]", line(place), line(&finding.message), finding.code.as_str());
        text += &ink.entry(2, "*", Tone::Bad, &head);
    }
    let location = &failure.location;
    text += &ink.entry(2, "row", Tone::Strong, &format!("{}:{}:{}", location.file, location.line, location.column));
    let requests = count(failure.sequence.len(), "request");
    let steps = count(failure.after, "step");
    let tried = count(failure.tried, "try").replace("trys", "tries");
    let found = if failure.repeats {
        format!("{requests} are enough: shrunk from {steps} in {tried}")
    } else {
        format!("seen once, after {steps}: it did not fail again in {tried}; what concerns the last request:")
    };
    text += &ink.entry(2, "sequence", Tone::Plain, &found);
    for (at, shown) in failure.sequence.iter().enumerate() {
        text += &ink.entry(6, &format!("{}", at + 1), Tone::Plain, &request(shown, failure));
    }
    if level >= Level::Normal {
        text += &ink.entry(2, "again", Tone::Plain, "in a shell, with the variables that it needs, curl and jq:");
        for line in failure.script.lines() {
            text += &ink.unbroken(4, Tone::Plain, &super::text::clean(line));
        }
    }
    text
}

/// One request of a sequence, in a line.
fn request(shown: &Shown, failure: &Failure) -> String {
    let mut said = String::new();
    if shown.after_lull > 0.0 {
        said += &format!("after {} s, ", shown.after_lull);
    }
    said += &shown.due;
    if !shown.about.is_empty() {
        said += &format!(" of {}", shown.about.join(" in "));
    }
    if let Some(account) = &shown.account {
        said += &format!(" as `{account}`");
    }
    if !shown.form.is_empty() {
        said += &format!(", {}", shown.form);
    }
    let came = match (shown.exchange.status, &shown.exchange.failure) {
        (Some(status), _) => status.to_string(),
        (None, Some(failure)) => failure.clone(),
        (None, None) => "nothing".to_owned(),
    };
    said += &format!(": {came}");
    for (name, state) in &shown.led {
        let id = failure.things.get(name).map(|id| format!(" ({id})")).unwrap_or_default();
        said += &format!(", {name}{id} is `{state}`");
    }
    if shown.at_once {
        said += ", at once with the other";
    }
    line(&said)
}
