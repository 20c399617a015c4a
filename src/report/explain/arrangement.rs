//! The arrangement of a case: step by step, by documented rows, fixtures and ids that do not exist.

use crate::contract::Vendor;
use crate::contract::case::Step;
use crate::contract::condition::{Draft, IdSource, right_state};

/// The steps that set up the condition of a draft, numbered where there are several.
pub(crate) fn arrangement_steps(vendor: &Vendor, draft: &Draft) -> Vec<String> {
    let mut arrangement = Arrangement { vendor, lines: Vec::new() };
    arrangement.add_ids(draft, None, 0);
    match arrangement.lines.len() {
        0 => vec!["nothing is needed beforehand".to_owned()],
        1 => arrangement.lines,
        _ => (1..).zip(arrangement.lines).map(|(number, line)| format!("{number}. {line}")).collect(),
    }
}

/// The ways that were chosen to the states in which a draft's ids have to be, each with the reason.
pub(crate) fn chosen_ways(vendor: &Vendor, draft: &Draft) -> Vec<String> {
    let mut lines = Vec::new();
    for (resource, source) in &draft.ids {
        let state = match source {
            IdSource::State(state) => Some(state.as_str()),
            IdSource::Foreign(_) | IdSource::Misplaced => right_state(vendor, resource),
            IdSource::Supplied(_) | IdSource::Made(_) => None,
        };
        let Some((state, way)) = state.and_then(|state| Some((state, vendor.ways().to(resource, state)?))) else {
            continue;
        };
        let names: Vec<String> = way.iter().map(|step| row_name(vendor, step)).collect();
        let (resource, names) = (with_article(resource), names.join(", then "));
        lines.push(format!("the shortest way of documented rows to {resource} that is {state}: {names}"));
    }
    lines
}

/// `operation/row` of a step.
fn row_name(vendor: &Vendor, step: &Step) -> String {
    format!("{}/{}", vendor[step.row.operation].name, vendor[step.row].name)
}

/// The steps as far as they are written down.
struct Arrangement<'a> {
    vendor: &'a Vendor,
    lines: Vec<String>,
}

impl<'a> Arrangement<'a> {
    /// Adds the steps that a draft's ids need, but for the resource that the draft itself makes.
    fn add_ids(&mut self, draft: &'a Draft, own: Option<&str>, depth: usize) {
        for (resource, source) in draft.ids.iter().filter(|(resource, _)| own != Some(resource.as_str())) {
            match source {
                IdSource::State(state) => self.add_state(resource, state, depth),
                IdSource::Foreign(credential) => {
                    let variable = self.vendor.credential(credential).map_or("", |(_, known)| known.env.as_str());
                    self.lines.push(format!("the next is done with the credential of another account, ${variable}"));
                    self.add_right_state(resource, depth);
                }
                IdSource::Misplaced => {
                    let resource_words = with_article(resource);
                    self.lines
                        .push(format!("{resource_words} is made inside another parent than the one in the request"));
                    self.add_right_state(resource, depth);
                }
                IdSource::Supplied(variable) => {
                    let resource = with_article(resource);
                    self.lines.push(format!("${variable} has the id of {resource} of the other mode; you supply it"));
                }
                IdSource::Made(text) if text.is_empty() => {
                    self.lines.push(format!("the id of the {resource} is left empty"));
                }
                IdSource::Made(text) => self.lines.push(format!("the id of the {resource} is made up: {text}")),
            }
        }
    }

    fn add_right_state(&mut self, resource: &str, depth: usize) {
        match right_state(self.vendor, resource) {
            Some(state) => self.add_state(resource, state, depth),
            None => self.lines.push(format!("no documented row makes {}", with_article(resource))),
        }
    }

    fn add_state(&mut self, resource: &str, state: &str, depth: usize) {
        let resources = &self.vendor.file.resources;
        let fixtures = resources.get(resource).map(|declared| &declared.fixtures);
        if let Some(variable) = fixtures.and_then(|fixtures| fixtures.get(state)) {
            let resource = with_article(resource);
            self.lines.push(format!("${variable} has the id of {resource} that is {state}; you supply it"));
            return;
        }
        // A parent of a parent and so on: the depth is bounded by the number of resources.
        match self.vendor.ways().to(resource, state).filter(|_| depth <= resources.len()) {
            Some(steps) => steps.iter().for_each(|step| self.add_step(step, resource, depth)),
            None => self.lines.push(format!("no documented row leads {} to {state}", with_article(resource))),
        }
    }

    fn add_step(&mut self, step: &'a Step, resource: &str, depth: usize) {
        self.add_ids(&step.draft, Some(resource), depth + 1);
        let (operation, row) = (&self.vendor[step.row.operation], &self.vendor[step.row]);
        let kept: Vec<&str> = row.capture.keys().map(String::as_str).collect();
        let kept = if kept.is_empty() { String::new() } else { format!("; kept: {}", kept.join(", ")) };
        let declared =
            self.vendor.file.resources.get(resource).filter(|_| !operation.binds.iter().any(|it| it == resource));
        let ready = declared.and_then(|declared| declared.ready.as_ref());
        let ready = ready.filter(|_| right_state(self.vendor, resource) == Some(step.state.as_str()));
        let ready = ready.map_or(String::new(), |variable| format!("; or an id of ${variable}, where that is set"));
        let (method, url, name) = (&operation.method, &operation.url, &operation.name);
        self.lines.push(format!("{method} {url} ({name}/{}): the {resource} is {}{kept}{ready}", row.name, step.state));
    }
}

/// A resource's name with its article.
fn with_article(resource: &str) -> String {
    let article = if resource.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {resource}")
}
