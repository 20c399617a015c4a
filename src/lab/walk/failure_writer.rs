//! A failing sequence as it is reported: its resources named, each request in words and as a line of a script.

use crate::lab::walk::failed_sequence::FailedSequence;
use crate::lab::walk::request_table::RequestTable;
use crate::lab::walk::session::LogEntry;
use crate::lab::walk::walk_result::{SequenceRequest, WalkFailure};
use crate::lab::walk::walk_step::{ThingId, ThingRef, WalkStep};
use crate::run::event::FindingInfo;
use crate::run::{Held, Named, Party, Teller, cited, promise};
use crate::run::{ScriptLine, script};
use std::collections::{BTreeMap, BTreeSet};

/// A shorter text is not looked for in requests: it may be part of anything.
const SHORTEST: usize = 4;

/// A failing sequence, with all that its report is written from.
pub(crate) struct FailureWriter<'s, 'a> {
    party: &'s Party<'a>,
    table: &'s RequestTable<'a>,
    teller: Teller<'s>,
    failed: &'s FailedSequence<'a>,
    entries: Vec<&'s LogEntry<'a>>,
    names: BTreeMap<ThingId, String>,
}

impl<'s, 'a> FailureWriter<'s, 'a> {
    /// A writer for a sequence.
    pub(crate) fn new(
        party: &'s Party<'a>,
        table: &'s RequestTable<'a>,
        teller: Teller<'s>,
        failed: &'s FailedSequence<'a>,
    ) -> Self {
        let entries = failed.entries();
        let names = names(party, failed, &entries);
        Self { party, table, teller, failed, entries, names }
    }

    /// The report of a failure after so many steps, for which so many shorter sequences were tried.
    pub(crate) fn write(&self, after: usize, tried: usize) -> WalkFailure {
        let (vendor, charged) = (self.party.vendor, self.failed.violation.charged);
        let (operation, row) = (&vendor[charged.operation], &vendor[charged]);
        let findings = self.failed.violation.findings.iter();
        let findings: Vec<FindingInfo> = findings.map(|finding| self.teller.finding(finding, operation)).collect();
        let (mut sequence, mut lines) = (Vec::new(), Vec::new());
        let mut since = 0;
        for (at, entry) in self.entries.iter().enumerate() {
            let request = self.request(entry, self.pause(since, entry.step));
            let failing = findings.first().filter(|_| at + 1 == self.entries.len());
            lines.push(self.line(at + 1, entry, &request, failing));
            sequence.push(request);
            since = entry.step;
        }
        WalkFailure {
            operation: operation.name.clone(),
            row: row.name.clone(),
            promised: promise(operation, row),
            cites: cited(operation, row),
            page: operation.page.as_ref().map(|page| page.url.clone()),
            location: self.teller.location(&row.at.key()),
            after,
            tried,
            repeats: self.failed.repeats,
            things: self.named_things().map(|(name, held)| (name.to_owned(), self.teller.text(&held.id))).collect(),
            script: script(&self.teller, vendor, &lines, &self.variables()),
            findings,
            sequence,
        }
    }

    /// How long nothing is asked between two steps, in seconds.
    fn pause(&self, since: usize, until: usize) -> f64 {
        let between = self.failed.steps.iter().take(until).skip(since);
        let lulls = between.filter(|step| matches!(step, WalkStep::Lull)).count();
        self.failed.lull.as_secs_f64() * f64::from(u32::try_from(lulls).unwrap_or(u32::MAX))
    }

    fn request(&self, entry: &LogEntry<'a>, after_lull: f64) -> SequenceRequest {
        let about = entry.asked.subjects.iter().filter_map(|subject| match *subject {
            ThingRef::Thing(id) => self.names.get(&id).cloned(),
            ThingRef::Forged(id) => Some(with_article(self.table[id].wrong) + " id"),
        });
        let led = entry.led.iter().filter_map(|(id, state)| Some((self.names.get(id)?.clone(), (*state).to_owned())));
        SequenceRequest {
            due: self.table.row_name(entry.row),
            form: self.table[entry.asked.form].words.clone(),
            account: entry.asked.actor.map(str::to_owned),
            about: about.collect(),
            led: led.collect(),
            at_once: entry.at_once,
            after_lull,
            exchange: self.teller.exchange(&entry.observed),
        }
    }

    fn line(
        &self,
        number: usize,
        entry: &'s LogEntry<'a>,
        request: &SequenceRequest,
        failing: Option<&FindingInfo>,
    ) -> ScriptLine<'s> {
        let mut comment = format!("{number}: {}", request.due);
        for (name, state) in &request.led {
            comment += &format!(", then {name} is {state}");
        }
        if let Some(finding) = failing {
            comment += &format!(": {}", finding.message);
        }
        let made = entry.asked.makes.filter(|_| !request.led.is_empty()).and_then(|id| self.names.get(&id));
        ScriptLine {
            request: &entry.observed.exchange.request,
            drawn: &entry.observed.drawn,
            comment,
            takes: made.map_or(Vec::new(), |name| self.captures(entry, name)),
            at_once: entry.at_once,
            pause: request.after_lull,
        }
    }

    /// The variables that are taken from an answer, each with the pointer to its value.
    fn captures(&self, entry: &LogEntry<'a>, name: &str) -> Vec<(String, &'s str)> {
        let captures = self.party.vendor[entry.row].capture.iter();
        let used = captures.filter(|(field, _)| *field == "id" || self.entries.iter().any(|it| self.uses(it, field)));
        used.map(|(field, pointer)| (variable(name, field), pointer.as_str())).collect()
    }

    /// Whether a request goes to a URL that the vendor handed out under this name.
    fn uses(&self, entry: &LogEntry<'a>, field: &str) -> bool {
        let url = &self.party.vendor[entry.row.operation].url;
        url.starts_with('$') && url.ends_with(&format!(".{field}"))
    }

    fn named_things(&self) -> impl Iterator<Item = (&str, &Held)> {
        self.names.iter().filter_map(|(id, name)| Some((name.as_str(), &self.failed.things.get(id)?.1)))
    }

    /// The texts that the script's variables have.
    fn variables(&self) -> Vec<Named> {
        let mut variables = Vec::new();
        for (name, held) in self.named_things() {
            let captured = held.captured.iter().filter_map(|(field, value)| Some((field.as_str(), value.as_str()?)));
            let texts = captured.filter(|(field, _)| *field != "id").chain([("id", held.id.as_str())]);
            variables.extend(
                texts
                    .filter(|(_, text)| text.len() >= SHORTEST)
                    .map(|(field, text)| Named { text: text.to_owned(), variable: variable(name, field) }),
            );
        }
        variables
    }
}

/// The variable of something that was captured with a resource.
fn variable(name: &str, field: &str) -> String {
    if field == "id" { name.to_owned() } else { format!("{name}_{field}") }
}

/// The names of the resources in a sequence: those of fixtures are their variables, the others are counted.
fn names(party: &Party<'_>, failed: &FailedSequence<'_>, entries: &[&LogEntry<'_>]) -> BTreeMap<ThingId, String> {
    let named: BTreeSet<ThingId> =
        entries.iter().flat_map(|entry| entry.asked.things().chain(entry.asked.makes)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for id in named {
        let Some((resource, held)) = failed.things.get(&id) else { continue };
        let fixture = party.fixtures.iter().find(|(_, known)| **known == held.id);
        let name = if let Some((variable, _)) = fixture {
            variable.clone()
        } else {
            let count = counts.entry(resource).or_default();
            *count += 1;
            format!("{resource}_{count}")
        };
        names.insert(id, name);
    }
    names
}

fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}
