//! What a case has sent, as a script that does it again: ids are taken from the answers as they come.

use crate::contract::Vendor;
use crate::judge::check::parse;
use crate::run::curl::Named;
use crate::run::event::Purpose;
use crate::run::script::{ScriptLine, script};
use crate::run::shell::variable;
use crate::run::teller::{Observation, Teller};
use std::collections::BTreeSet;

/// A shorter text is no name of a thing: it would be replaced where it only happens to occur.
const SHORTEST: usize = 4;

/// The script of the requests of a case, from the first that made something to the last that was judged.
pub(super) fn case_script(teller: &Teller<'_>, vendor: &Vendor, observed: &[Observation]) -> Option<String> {
    let judged = |it: &&Observation| !matches!(it.purpose, Purpose::Canary | Purpose::Cleanup);
    let sent: Vec<&Observation> = observed.iter().filter(judged).collect();
    let mut known: Vec<Named> = Vec::new();
    let mut names = BTreeSet::new();
    let mut lines = Vec::new();
    for (number, observation) in sent.iter().enumerate() {
        lines.push(ScriptLine {
            request: &observation.exchange.request,
            drawn: &observation.drawn,
            comment: format!("{}: {}, {}", number + 1, observation.step, observation.purpose.words()),
            takes: captures(vendor, observation, &mut known, &mut names),
            at_once: false,
            pause: 0.0,
        });
    }
    (!lines.is_empty()).then(|| script(teller, vendor, &lines, &known))
}

/// The variables that are taken from an answer, each with the pointer to its value; the values are known from then on.
fn captures<'v>(
    vendor: &'v Vendor,
    observation: &Observation,
    known: &mut Vec<Named>,
    names: &mut BTreeSet<String>,
) -> Vec<(String, &'v str)> {
    let Some(response) = observation.exchange.response().filter(|response| response.status < 300) else {
        return Vec::new();
    };
    let row = &vendor[observation.row];
    let Some(body) = parse(&response.body).value().filter(|_| !row.capture.is_empty()) else { return Vec::new() };
    let made = row.then.iter().flat_map(|branch| branch.leads.keys()).next();
    let mut takes = Vec::new();
    for (field, pointer) in &row.capture {
        let Some(text) = body.pointer(pointer).and_then(|value| value.as_str()) else { continue };
        if text.len() < SHORTEST || known.iter().any(|known| known.text == text) {
            continue;
        }
        let stem = variable(&made.map_or_else(|| field.clone(), |resource| format!("{resource}_{field}")));
        let same = names.iter().filter(|name| name.starts_with(&stem)).count();
        let name = format!("{stem}_{}", same + 1);
        names.insert(name.clone());
        known.push(Named { text: text.to_owned(), variable: name.clone() });
        takes.push((name, pointer.as_str()));
    }
    takes
}
