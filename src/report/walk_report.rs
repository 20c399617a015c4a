//! A walk as a person reads it, and as one JSON document.

use super::count::Count;
use super::headline::{location_words, place_name};
use super::human_duration::HumanDuration;
use super::terminal::ink::{Ink, Tone};
use super::terminal::{Level, TerminalLook};
use crate::judge::verdict::Verdict;
use crate::lab::walk::{SequenceRequest, StatePair, Transition, WalkFailure, WalkResult};
use crate::run::event::ClauseInfo;
use crate::text::visible::{line, text as clean};
use serde::Serialize;
use std::borrow::Cow;
use std::time::Duration;

/// The column of a text beside a label.
const BESIDE: usize = 12;

/// A walk of several vendors.
#[derive(Debug, Clone, Serialize)]
pub struct WalkReport {
    /// The version of this shape.
    pub version: u32,
    /// The target as asked for.
    pub target: String,
    /// What makes it the same walk every time.
    pub seed: u64,
    /// The vendors.
    pub vendors: Vec<WalkResult>,
    /// How many requests were sent, tries and those of shrinking included.
    pub requests: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The exit code.
    pub exit_code: u8,
}

impl WalkReport {
    /// The walk as one JSON document.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The walk as a person reads it.
    pub fn text(&self, look: TerminalLook) -> String {
        let mut text = WalkText { ink: look.ink(), level: look.level, text: String::new() };
        self.vendors.iter().for_each(|walked| text.add_vendor(walked));
        text.text + &self.closing_line()
    }

    fn closing_line(&self) -> String {
        let mut counts = Vec::new();
        for verdict in Verdict::ALL {
            let number = self.vendors.iter().filter(|walked| walked.verdict == verdict).count();
            if number > 0 {
                counts.push(format!("{number} {verdict}"));
            }
        }
        let counts = if counts.is_empty() { Cow::from("nothing walked") } else { Cow::from(counts.join(", ")) };
        let took = HumanDuration(Duration::try_from_secs_f64(self.seconds).unwrap_or(Duration::ZERO));
        let requests = Count(self.requests, "request");
        format!("{counts}; {requests} in {took}; --seed {} walks so again\n", self.seed)
    }
}

/// The text of a walk as far as it is written.
struct WalkText {
    ink: Ink,
    level: Level,
    text: String,
}

impl WalkText {
    fn add_entry(&mut self, label: &str, tone: Tone, text: &str) {
        self.text += &self.ink.entry(2, label, tone, text);
    }

    /// Adds a text that goes on beside the last label.
    fn add_beside(&mut self, tone: Tone, text: &str) {
        self.text += &self.ink.entry(BESIDE, "", tone, text);
    }

    /// Adds texts beside one label, one below the other.
    fn add_list(&mut self, label: &str, tone: Tone, texts: impl Iterator<Item = String>) {
        for (number, text) in texts.enumerate() {
            if number == 0 {
                self.add_entry(label, tone, &text);
            } else {
                self.add_beside(tone, &text);
            }
        }
    }

    fn add_vendor(&mut self, walked: &WalkResult) {
        let word = self.ink.verdict(walked.verdict, &format!("{:<12}", walked.verdict.as_str()));
        let name = self.ink.paint(Tone::Strong, &walked.vendor);
        self.text += &match &walked.reason {
            Some(reason) => format!("{word} {name}{}\n", line(&format!(": {reason}"))),
            None => format!("{word} {name}\n"),
        };
        if walked.steps > 0 {
            self.add_entry("walked", Tone::Plain, &steps_words(walked));
            if self.level > Level::Quiet {
                self.add_transitions(walked);
                self.add_pairs(walked);
                self.add_never(walked);
            }
        }
        for unpromised in &walked.unpromised {
            let mut words = Cow::from(&unpromised.step);
            if let Some(first) = unpromised.findings.first() {
                words = Cow::from(format!("{words}: {}: {}", first.place, first.message));
            }
            self.add_entry("differs", Tone::Foreign, &line(&words));
            self.add_beside(Tone::Faint, "no page promises this answer");
        }
        for note in &walked.notes {
            self.add_entry("note", Tone::Plain, note);
        }
        if let Some(failure) = &walked.failure {
            self.add_failure(failure);
        }
        self.text.push('\n');
    }

    /// Adds the transitions with how often they were taken.
    fn add_transitions(&mut self, walked: &WalkResult) {
        let (taken, open) = walked.taken();
        self.add_entry("led", Tone::Plain, &format!("{taken} of {}", Count(open, "transition")));
        let width = walked.transitions.iter().map(|it| transition_words(it).chars().count()).max().unwrap_or(0);
        for transition in walked.transitions.iter().filter(|it| it.never.is_none()) {
            let rows: Vec<String> = transition.rows.iter().map(|(row, met)| format!("{row} {met}")).collect();
            let words = format!("{:<width$}  {}", transition_words(transition), rows.join(", "));
            self.add_beside(met_tone(transition.met > 0), &words);
        }
    }

    /// Adds the operations with the states in which they were met.
    fn add_pairs(&mut self, walked: &WalkResult) {
        let (met, open) = walked.met();
        let words = format!("{met} of {} of an operation and a state", Count(open, "pair"));
        self.add_entry("met", Tone::Plain, &words);
        let open: Vec<&StatePair> = walked.pairs.iter().filter(|pair| pair.never.is_none()).collect();
        let width = open.iter().map(|pair| pair.operation.chars().count()).max().unwrap_or(0);
        for pairs in open.chunk_by(|one, other| one.operation == other.operation) {
            let operation = pairs.first().map_or("", |pair| &pair.operation);
            let states: Vec<String> = pairs.iter().map(|pair| state_words(pair)).collect();
            let all_met = pairs.iter().all(|pair| pair.met > 0);
            self.add_beside(met_tone(all_met), &format!("{operation:<width$}  {}", states.join(", ")));
        }
    }

    /// Adds the rows and pairs that cannot be met, each reason of a row once.
    fn add_never(&mut self, walked: &WalkResult) {
        let rows = walked.never.iter().map(|(row, why)| line(&format!("{row}: {why}")));
        let pairs = walked.pairs.iter().filter_map(|pair| {
            let why = pair.never.as_ref().filter(|why| !walked.never.values().any(|known| known == *why))?;
            Some(line(&format!("{} of {}: {why}", pair.operation, pair.state)))
        });
        self.add_list("never", Tone::Faint, rows.chain(pairs));
    }

    fn add_failure(&mut self, failure: &WalkFailure) {
        self.add_entry("violates", Tone::Bad, &format!("{}/{}", failure.operation, failure.row));
        self.add_entry("promised", Tone::Plain, &line(&failure.promised));
        let mut clauses: Vec<&ClauseInfo> =
            failure.findings.iter().filter_map(|finding| finding.clause.as_ref()).collect();
        if clauses.is_empty() {
            clauses.extend(&failure.cites);
        }
        let clauses = clauses.iter().map(|clause| format!("{} \"{}\"", clause.id, line(&clause.says)));
        self.add_list("by", Tone::Plain, clauses);
        if let Some(page) = &failure.page {
            self.add_entry("page", Tone::Plain, page);
        }
        for finding in &failure.findings {
            let (place, message) = (line(place_name(finding)), line(&finding.message));
            self.add_entry("*", Tone::Bad, &format!("{place}: {message} [{}]", finding.code.as_str()));
        }
        self.add_entry("row", Tone::Strong, &location_words(&failure.location));
        self.add_sequence(failure);
    }

    /// Adds the requests of the shortest sequence, and the script that sends them again.
    fn add_sequence(&mut self, failure: &WalkFailure) {
        let (steps, tried) = (Count(failure.after, "step"), Count(failure.tried, "try"));
        let found = if failure.repeats {
            let requests = Count(failure.sequence.len(), "request");
            format!("{requests} are enough: shrunk from {steps} in {tried}")
        } else {
            format!("seen once, after {steps}: it did not fail again in {tried}; what concerns the last request:")
        };
        self.add_entry("sequence", Tone::Plain, &found);
        for (number, shown) in (1..).zip(&failure.sequence) {
            self.text += &self.ink.entry(6, &format!("{number}"), Tone::Plain, &request_words(shown, failure));
        }
        if self.level >= Level::Normal {
            self.add_entry("again", Tone::Plain, "in a shell, with the variables that it needs, curl and jq:");
            for line in failure.script.lines() {
                self.text += &self.ink.unbroken(4, Tone::Plain, &clean(line));
            }
        }
    }
}

fn steps_words(walked: &WalkResult) -> String {
    let (steps, made, accounts) =
        (Count(walked.steps, "step"), Count(walked.made, "resource"), Count(walked.accounts, "account"));
    format!("{steps}, {} of them two requests at once; {made} made, {accounts} acting", walked.races)
}

fn transition_words(transition: &Transition) -> String {
    let Transition { resource, from, to, .. } = transition;
    format!("{resource} {} -> {to}", from.as_deref().unwrap_or("(none)"))
}

/// A state, and how often an operation was met in it.
fn state_words(pair: &StatePair) -> String {
    match pair.state.as_str() {
        "" => format!("{}", pair.met),
        state => format!("{} {}", state.replace(", ", "+"), pair.met),
    }
}

fn met_tone(met: bool) -> Tone {
    if met { Tone::Plain } else { Tone::Odd }
}

/// One request of a sequence, in a line.
fn request_words(shown: &SequenceRequest, failure: &WalkFailure) -> String {
    let mut words = String::new();
    if shown.after_lull > 0.0 {
        words += &format!("after {} s, ", shown.after_lull);
    }
    words += &shown.due;
    if !shown.about.is_empty() {
        words += &format!(" of {}", shown.about.join(" in "));
    }
    if let Some(account) = &shown.account {
        words += &format!(" as `{account}`");
    }
    if !shown.form.is_empty() {
        words += &format!(", {}", shown.form);
    }
    words += &match (shown.exchange.status, &shown.exchange.failure) {
        (Some(status), _) => format!(": {status}"),
        (None, Some(failure)) => format!(": {failure}"),
        (None, None) => ": nothing".to_owned(),
    };
    for (name, state) in &shown.led {
        words += &match failure.things.get(name) {
            Some(id) => format!(", {name} ({id}) is `{state}`"),
            None => format!(", {name} is `{state}`"),
        };
    }
    if shown.at_once {
        words += ", at once with the other";
    }
    line(&words)
}
