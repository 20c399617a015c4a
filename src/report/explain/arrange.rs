//! How a case is arranged: step by step, by documented rows, fixtures and ids that nobody has.

use crate::contract::Vendor;
use crate::contract::case::Step;
use crate::contract::condition::{Draft, IdSource, right_state};

/// The steps that bring about what a draft asks for.
pub(super) fn steps(vendor: &Vendor, draft: &Draft) -> Vec<String> {
    let mut teller = Teller { vendor, lines: Vec::new() };
    teller.draft(draft, 0);
    match teller.lines.len() {
        0 => vec!["nothing is needed beforehand".to_owned()],
        1 => teller.lines,
        _ => (1..).zip(teller.lines).map(|(number, line)| format!("{number}. {line}")).collect(),
    }
}

struct Teller<'a> {
    vendor: &'a Vendor,
    lines: Vec<String>,
}

impl Teller<'_> {
    fn draft(&mut self, draft: &Draft, depth: usize) {
        for (resource, source) in &draft.ids {
            match source {
                IdSource::State(state) => self.state(resource, state, depth),
                IdSource::Foreign(credential) => {
                    let variable = self.vendor.file.credentials.get(credential).map_or("", |known| known.env.as_str());
                    self.lines.push(format!("the next is done with the credential of another account, ${variable}"));
                    self.right(resource, depth);
                }
                IdSource::Misplaced => {
                    self.lines
                        .push(format!("{} is made inside another parent than the one in the request", one(resource)));
                    self.right(resource, depth);
                }
                IdSource::Made(text) if text.is_empty() => {
                    self.lines.push(format!("the id of the {resource} is left empty"));
                }
                IdSource::Made(text) => self.lines.push(format!("the id of the {resource} is made up: {text}")),
            }
        }
    }

    fn right(&mut self, resource: &str, depth: usize) {
        match right_state(self.vendor, resource).map(str::to_owned) {
            Some(state) => self.state(resource, &state, depth),
            None => self.lines.push(format!("no documented row makes {}", one(resource))),
        }
    }

    fn state(&mut self, resource: &str, state: &str, depth: usize) {
        let declared = self.vendor.file.resources.get(resource);
        if let Some(variable) = declared.and_then(|declared| declared.fixtures.get(state)) {
            return self
                .lines
                .push(format!("${variable} has the id of {} that is {state}; you supply it", one(resource)));
        }
        // A parent of a parent and so on: the depth is bounded by the number of resources.
        match self.vendor.ways().to(resource, state).filter(|_| depth <= self.vendor.file.resources.len()) {
            Some(steps) => steps.iter().for_each(|step| self.step(step, resource, depth)),
            None => self.lines.push(format!("no documented row leads {} to {state}", one(resource))),
        }
    }

    fn step(&mut self, step: &Step, resource: &str, depth: usize) {
        let mut draft = step.draft.clone();
        draft.ids.shift_remove(resource);
        self.draft(&draft, depth + 1);
        let (operation, row) = (&self.vendor[step.row.operation], &self.vendor[step.row]);
        let kept: Vec<&str> = row.capture.keys().map(String::as_str).collect();
        let kept = if kept.is_empty() { String::new() } else { format!("; kept: {}", kept.join(", ")) };
        let (method, url, name) = (&operation.method, &operation.url, &operation.name);
        self.lines.push(format!(
            "{method} {url} ({name}/{row}): the {resource} is {state}{kept}",
            row = row.name,
            state = step.state
        ));
    }
}

/// A resource's name with its article.
fn one(resource: &str) -> String {
    let article = if resource.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {resource}")
}
