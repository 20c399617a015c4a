//! A failing sequence: the parts of it that may do by themselves, and how it is told.

use crate::lab::walk::model::{Move, NOTHING, Step, Subject};
use crate::lab::walk::script::{Line, script};
use crate::lab::walk::session::{Broken, Entry, Session};
use crate::lab::walk::table::Table;
use crate::lab::walk::told::{Failure, Shown};
use crate::run::event::FindingInfo;
use crate::run::{Held, Named, Party, Teller, cited, promise};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How many of the resources in the requests before a failure are suspected of it one by one.
const SUSPECTS: usize = 16;

/// A sequence that failed, with what was exchanged.
pub(crate) struct Seen {
    steps: Vec<Step>,
    broken: Broken,
    log: Vec<Entry>,
    /// The resources, by number, each with its kind.
    things: BTreeMap<usize, (String, Held)>,
    /// Whether it failed when it was tried by itself.
    repeats: bool,
    lull: Duration,
}

impl Seen {
    /// Takes out of a session what is to be told of it.
    pub(crate) fn of(session: &mut Session<'_, '_>, steps: Vec<Step>, broken: Broken, repeats: bool) -> Self {
        let kind = |number: &usize| session.belief.thing(*number).map(|thing| thing.resource.clone());
        let things = session.held.iter().filter_map(|(number, held)| Some((*number, (kind(number)?, held.clone()))));
        let things = things.collect();
        Self { steps, broken, log: std::mem::take(&mut session.log), things, repeats, lull: session.lull }
    }
}

/// Sequences that may do in place of a failing one, the likeliest first: what concerns the resources that its last step names,
/// and that together with one of the requests shortly before. Lulls make every try long, so there is one or none in them.
pub(crate) fn likely(steps: &[Step], lulls: bool) -> Vec<Vec<Step>> {
    let Some((last, before)) = steps.split_last() else { return Vec::new() };
    let own = slice(before, last.things(), last);
    let mut likely = vec![own.clone()];
    if lulls {
        let mut waited = own;
        waited.insert(waited.len().saturating_sub(1), Step::Lull);
        likely.push(waited);
    }
    let mut suspects: Vec<BTreeSet<usize>> = Vec::new();
    for things in before.iter().rev().map(Step::things).filter(|things| !things.is_subset(&last.things())) {
        if suspects.len() < SUSPECTS && !suspects.contains(&things) {
            suspects.push(things);
        }
    }
    let with = |things: &BTreeSet<usize>| slice(before, last.things().union(things).copied().collect(), last);
    likely.extend(suspects.iter().map(with));
    likely
}

/// What may do in place of a step: of two requests at once one, or one after the other; or the same of the resource and by the account of the last step.
pub(crate) fn simpler(table: &Table<'_>, step: &Step, last: Option<&Step>) -> Vec<Vec<Step>> {
    match (step, last) {
        (Step::Race(one, other), _) => {
            let [one, other] = [one, other].map(|asked| Step::Ask(asked.clone()));
            vec![vec![one.clone()], vec![other.clone()], vec![one, other]]
        }
        (Step::Ask(asked), Some(Step::Ask(last))) if asked.makes == NOTHING => {
            let kinds = |asked: &Move| table.operation(asked.form).map(|it| it.binds.clone()).unwrap_or_default();
            let other = last.subjects.iter().zip(kinds(last)).collect::<Vec<_>>();
            let mut changed = asked.clone();
            for (subject, kind) in changed.subjects.iter_mut().zip(kinds(asked)) {
                let meant = other.iter().find(|(_, known)| *known == kind).map(|(meant, _)| **meant);
                if let (Subject::Thing(_), Some(meant @ Subject::Thing(_))) = (&subject, meant) {
                    *subject = meant;
                }
            }
            let acting = Move { actor: last.actor.clone(), ..changed.clone() };
            [changed, acting].into_iter().filter(|other| other != asked).map(|other| vec![Step::Ask(other)]).collect()
        }
        _ => Vec::new(),
    }
}

/// The steps that concern some resources, and those that made what these live in.
fn slice(before: &[Step], mut things: BTreeSet<usize>, last: &Step) -> Vec<Step> {
    for step in before.iter().rev() {
        if step.moves().any(|asked| things.contains(&asked.makes)) {
            things.extend(step.things());
        }
    }
    let concerns = |step: &&Step| step.things().iter().any(|it| things.contains(it));
    before.iter().filter(concerns).chain([last]).cloned().collect()
}

/// A failing sequence, told.
pub(crate) fn failure(
    party: &Party<'_>,
    table: &Table<'_>,
    teller: &Teller<'_>,
    seen: &Seen,
    (after, tried): (usize, usize),
) -> Failure {
    let vendor = party.vendor;
    let charged = seen.broken.charged;
    let (operation, row) = (&vendor[charged.operation], &vendor[charged]);
    // Where the sequence did not fail again, what concerns the last request is all that is worth being read.
    let related: Vec<Step> = match (seen.repeats, seen.steps.split_last()) {
        (false, Some((last, before))) => slice(before, last.things(), last),
        _ => seen.steps.clone(),
    };
    let entries: Vec<&Entry> = seen
        .log
        .iter()
        .filter(|entry| seen.steps.get(entry.step).is_some_and(|step| seen.repeats || related.contains(step)))
        .collect();
    let names = names(party, seen, &entries);
    let findings: Vec<FindingInfo> =
        seen.broken.findings.iter().map(|finding| teller.finding(finding, operation)).collect();
    let mut shown = Vec::new();
    let mut lines = Vec::new();
    let mut since = 0;
    for (at, entry) in entries.iter().enumerate() {
        let asked_by = &vendor[entry.due.operation];
        let between = seen.steps.get(since..entry.step).unwrap_or_default();
        let lulls = between.iter().filter(|step| matches!(step, Step::Lull)).count();
        since = entry.step;
        let pause = seen.lull.as_secs_f64() * f64::from(u32::try_from(lulls).unwrap_or(u32::MAX));
        let due = format!("{}/{}", asked_by.name, vendor[entry.due].name);
        let led: BTreeMap<String, String> =
            entry.led.iter().filter_map(|(number, state)| Some((names.get(number)?.clone(), state.clone()))).collect();
        let mut says = format!("{}: {due}", at + 1);
        for (name, state) in &led {
            says += &format!(", then {name} is {state}");
        }
        if at + 1 == entries.len() {
            says += &findings.first().map(|finding| format!(": {}", finding.message)).unwrap_or_default();
        }
        let taken = Some(&vendor[entry.due]).filter(|_| entry.asked.makes != NOTHING && !led.is_empty());
        let takes = |name: &String| {
            let captures = taken.into_iter().flat_map(|row| &row.capture);
            let used = |field: &String| field == "id" || entries.iter().any(|entry| uses(party, entry, field));
            let captures = captures.filter(|(field, _)| used(field));
            let variable = |field: &String| if field == "id" { name.clone() } else { format!("{name}_{field}") };
            captures.map(|(field, pointer)| (variable(field), pointer.clone())).collect::<Vec<_>>()
        };
        lines.push(Line {
            request: &entry.observed.exchange.request,
            drawn: &entry.observed.drawn,
            says,
            takes: names.get(&entry.asked.makes).map(takes).unwrap_or_default(),
            at_once: entry.at_once,
            pause,
        });
        let about = entry.asked.subjects.iter().filter_map(|subject| match subject {
            Subject::Thing(number) => names.get(number).cloned(),
            Subject::Forged(at) => table.forged.get(*at).map(|it| format!("{} {} id", article(&it.wrong), it.wrong)),
        });
        shown.push(Shown {
            due,
            form: table.forms.get(entry.asked.form).map(|form| form.words.clone()).unwrap_or_default(),
            account: entry.asked.actor.clone(),
            about: about.collect(),
            led,
            at_once: entry.at_once,
            after_lull: pause,
            exchange: teller.exchange(&entry.observed),
        });
    }
    let variables: Vec<Named> = seen
        .things
        .iter()
        .filter_map(|(number, (_, held))| Some((names.get(number)?, held)))
        .flat_map(|(name, held)| {
            let captured = held.captured.iter().filter(|(field, _)| *field != "id");
            let captured = captured.filter_map(|(field, value)| {
                Some(Named { text: value.as_str()?.to_owned(), variable: format!("{name}_{field}") })
            });
            captured.chain([Named { text: held.id.clone(), variable: name.clone() }]).collect::<Vec<_>>()
        })
        .filter(|named| named.text.len() >= SHORTEST)
        .collect();
    let ids = seen.things.iter().filter_map(|(number, (_, held))| Some((names.get(number)?.clone(), held.id.clone())));
    Failure {
        operation: operation.name.clone(),
        row: row.name.clone(),
        promised: promise(operation, row),
        cites: cited(operation, row),
        page: operation.page.as_ref().map(|page| page.url.clone()),
        location: teller.location(&row.at.clone().key()),
        findings,
        after,
        tried,
        repeats: seen.repeats,
        things: ids.map(|(name, id)| (name, teller.text(&id))).collect(),
        sequence: shown,
        script: script(teller, vendor, &lines, &variables),
    }
}

/// Whether a request goes to a URL that the vendor handed out under this name.
fn uses(party: &Party<'_>, entry: &Entry, field: &str) -> bool {
    let url = &party.vendor[entry.due.operation].url;
    url.starts_with('$') && url.ends_with(&format!(".{field}"))
}

/// A shorter text is not looked for in requests: it may stand anywhere.
const SHORTEST: usize = 4;

/// The names of the resources in a sequence: those of fixtures are their variables, the others are counted.
fn names(party: &Party<'_>, seen: &Seen, entries: &[&Entry]) -> BTreeMap<usize, String> {
    let numbers = entries.iter().flat_map(|entry| {
        let named = entry.asked.subjects.iter().filter_map(|subject| match subject {
            Subject::Thing(number) => Some(*number),
            Subject::Forged(_) => None,
        });
        named.chain([entry.asked.makes]).collect::<Vec<_>>()
    });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for number in numbers.collect::<BTreeSet<usize>>() {
        let Some((resource, held)) = seen.things.get(&number) else { continue };
        let fixture = party.fixtures.iter().find(|(_, id)| **id == held.id);
        let name = fixture.map_or_else(
            || {
                let count = counts.entry(resource).or_default();
                *count += 1;
                format!("{resource}_{count}")
            },
            |(variable, _)| variable.clone(),
        );
        names.insert(number, name);
    }
    names
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
