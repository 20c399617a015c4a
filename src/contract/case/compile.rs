//! From rows to cases: every choice made that a row leaves open.

use crate::contract::case::{Case, Step};
use crate::contract::condition::{Draft, IdSource, Point};
use crate::contract::template::Template;
use crate::contract::{Body, Contracts, Operation, Row, Vendor};
use indexmap::IndexSet;
use serde_json::Value;
use std::sync::Arc;

/// The cases of all contracts, in a stable order: vendors by name, operations by name, rows and samples as written.
pub fn compile(contracts: &Contracts) -> Vec<Case> {
    contracts.vendors.iter().flat_map(vendor_cases).collect()
}

fn vendor_cases(vendor: &Vendor) -> Vec<Case> {
    let (mut cases, mut shared) = (Vec::new(), Shared::default());
    for operation in vendor.documented() {
        for row in operation.rows.values() {
            for arranged in arrangements(vendor, operation, row) {
                cases.push(case(vendor, operation, row, arranged, &mut shared));
            }
        }
    }
    cases
}

/// A row with its choices made: the point, the request, and the words that tell it from the row's other cases.
pub(crate) struct Arranged {
    pub(crate) point: Point,
    pub(crate) draft: Draft,
    pub(crate) sample: Vec<String>,
}

/// Every way in which a row's condition can be brought about. Dimensions behind the last one named are right, so that
/// what a refusal must leave alone is there to be looked at.
pub(crate) fn arrangements(vendor: &Vendor, operation: &Operation, row: &Row) -> Vec<Arranged> {
    let space = vendor.space(operation);
    let region = space.region(row);
    let draft = Draft::documented(vendor, operation);
    let mut all = vec![Arranged { point: space.right().to_vec(), draft, sample: Vec::new() }];
    for (index, dimension) in space.dimensions.iter().enumerate() {
        let open: Vec<usize> = if index < region.named {
            region.choices(index).collect()
        } else {
            space.right().iter().skip(index).take(1).copied().collect()
        };
        let mut next = Vec::new();
        for arranged in all {
            for choice in &open {
                let Some(chosen) = dimension.choices.get(*choice) else { continue };
                for sample in dimension.kind.samples(vendor, dimension, chosen) {
                    let mut point = arranged.point.clone();
                    if let Some(place) = point.get_mut(index) {
                        *place = *choice;
                    }
                    let mut draft = arranged.draft.clone();
                    dimension.kind.arrange(vendor, dimension, chosen, sample.as_deref(), &mut draft);
                    let several = (open.len() > 1).then(|| chosen.word().to_owned());
                    let words = arranged.sample.iter().cloned().chain(several).chain(sample);
                    next.push(Arranged { point, draft, sample: words.collect() });
                }
            }
        }
        all = next;
    }
    all
}

/// What the cases before needed; the next one mostly needs the same.
#[derive(Default)]
struct Shared(Arc<[String]>);

impl Shared {
    fn of(&mut self, needs: IndexSet<String>) -> Arc<[String]> {
        if !self.0.iter().eq(&needs) {
            self.0 = needs.into_iter().collect();
        }
        Arc::clone(&self.0)
    }
}

fn case(vendor: &Vendor, operation: &Operation, row: &Row, arranged: Arranged, shared: &mut Shared) -> Case {
    let Arranged { point, draft, sample } = arranged;
    let mut id = vendor.row_name(row.id);
    let tags = row.tags.iter().chain(&operation.tags).cloned().collect();
    let changes = !operation.reads();
    if !sample.is_empty() {
        id = format!("{id}/{}", sample.join("."));
    }
    let mut supplies = Supplies { vendor, needs: IndexSet::new(), changes, barred: row.not_inducible.clone() };
    supplies.draft(&draft, 0);
    let Supplies { needs, changes, barred, .. } = supplies;
    let needs = shared.of(needs);
    Case { id, row: row.id, point, draft, tags, needs, changes, barred }
}

/// What a draft asks for, gathered over the ways to everything in it.
struct Supplies<'a> {
    vendor: &'a Vendor,
    needs: IndexSet<String>,
    changes: bool,
    barred: Option<String>,
}

impl Supplies<'_> {
    fn draft(&mut self, draft: &Draft, depth: usize) {
        for name in referred(draft) {
            if let Some((_, credential)) = self.vendor.credential(&name)
                && credential.default_value().is_none()
            {
                self.needs.insert(credential.env.clone());
            }
        }
        for (resource, source) in &draft.ids {
            match source {
                IdSource::State(state) => self.state(resource, state, depth),
                IdSource::Foreign(credential) => {
                    self.needs
                        .extend(self.vendor.file.credentials.get(credential).map(|credential| credential.env.clone()));
                    self.right(resource, depth);
                }
                IdSource::Misplaced => self.right(resource, depth),
                IdSource::Supplied(_) if self.changes => {
                    self.bar(format!("a {resource} of the other mode is only read, never changed"));
                }
                IdSource::Supplied(variable) => {
                    self.needs.insert(variable.clone());
                }
                IdSource::Made(_) => {}
            }
        }
    }

    fn right(&mut self, resource: &str, depth: usize) {
        match crate::contract::condition::right_state(self.vendor, resource) {
            Some(state) => self.state(resource, state, depth),
            None => self.bar(format!("no documented row makes a {resource}")),
        }
    }

    fn state(&mut self, resource: &str, state: &str, depth: usize) {
        let fixture = self.vendor.file.resources.get(resource).and_then(|resource| resource.fixtures.get(state));
        if let Some(variable) = fixture {
            self.needs.insert(variable.clone());
            return;
        }
        match self.vendor.ways().to(resource, state) {
            // A parent of a parent and so on: the depth is bounded by the number of resources.
            Some(steps) if depth <= self.vendor.file.resources.len() => {
                for step in steps {
                    self.step(step, resource, depth);
                }
            }
            _ => self.bar(format!("no documented row leads a {resource} to `{state}`")),
        }
    }

    fn step(&mut self, step: &Step, resource: &str, depth: usize) {
        self.changes |= !self.vendor[step.row.operation].reads();
        let mut draft = step.draft.clone();
        draft.ids.shift_remove(resource);
        self.draft(&draft, depth + 1);
    }

    fn bar(&mut self, why: String) {
        self.barred.get_or_insert(why);
    }
}

/// The names that a draft's texts refer to.
pub(crate) fn referred(draft: &Draft) -> IndexSet<String> {
    let mut names = IndexSet::new();
    let mut add = |text: &str| names.extend(Template::parse(text).names().map(str::to_owned));
    draft.auth.texts().iter().for_each(|(_, text)| add(text));
    for text in draft.headers.values().chain(draft.query.values()) {
        add(text);
    }
    match &*draft.body {
        Body::None => {}
        Body::Json(value) => texts(value, &mut add),
        Body::Form(fields) => fields.values().for_each(|text| add(text)),
        Body::Raw { text, .. } => add(text),
    }
    names
}

fn texts(value: &Value, add: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => add(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, add)),
        Value::Object(map) => map.values().for_each(|item| texts(item, add)),
        _ => {}
    }
}
