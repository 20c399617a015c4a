//! A contract once every name in it is resolved: vendors, their operations, and what stands in each.

use crate::contract::condition::Space;
use crate::contract::inferred::UnsharedPromises;
use crate::contract::language::{Auth, Clause, CodePlace, Credential, Page, Status, VendorFile, When};
use crate::contract::program::Derived;
use crate::contract::shape::Shape;
use crate::contract::states::States;
use crate::contract::{OperationId, OutcomeId, RowId, VendorId};
use crate::text::secret::ShownParts;
use crate::text::source::Place;
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::OnceLock;

/// Every vendor that was read, in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct Contracts {
    /// The vendors.
    pub vendors: Vec<Vendor>,
}

impl Contracts {
    /// Contracts of some vendors, which get ids of their own.
    pub fn of<'a>(vendors: impl IntoIterator<Item = &'a Vendor>) -> Self {
        let renumbered = vendors.into_iter().enumerate().map(|(place, vendor)| {
            let mut vendor = vendor.clone();
            vendor.renumber(VendorId::after(place));
            vendor
        });
        Self { vendors: renumbered.collect() }
    }

    /// The vendor of a name.
    pub fn vendor(&self, name: &str) -> Option<&Vendor> {
        self.vendors.iter().find(|vendor| vendor.name == name)
    }
}

/// A vendor with its operations; what its file says of itself stands in `file` as written.
#[derive(Debug, Clone)]
pub struct Vendor {
    /// Its id.
    pub id: VendorId,
    /// The vendor's name.
    pub name: String,
    /// Where its file begins.
    pub at: Place,
    /// The file as written; its sections and support calls are resolved into `operations`.
    pub file: VendorFile,
    /// The operations: those with a page first, by name, then the support calls as written.
    pub operations: Vec<Operation>,
    /// For every resource that a row speaks of, the states that rows know of it.
    pub states: IndexMap<String, States>,
    /// Whether an operation is left out, since its file or its request line could not be understood: what seems to lack may
    /// stand there.
    pub partial: bool,
    /// What its rows are together.
    pub(super) derived: Derived,
    /// The digest of its files, which is the same wherever they are.
    pub digest: String,
}

impl Vendor {
    /// Gives it, and all in it, the ids of another place among vendors.
    fn renumber(&mut self, id: VendorId) {
        self.id = id;
        self.derived = Derived::default();
        for (place, operation) in self.operations.iter_mut().enumerate() {
            operation.id = id.operation(place);
            for (place, outcome) in operation.outcomes.values_mut().enumerate() {
                outcome.id = operation.id.outcome(place);
            }
            for (place, row) in operation.rows.values_mut().enumerate() {
                row.id = operation.id.row(place);
                row.then.iter_mut().for_each(|branch| branch.outcome = operation.id.outcome(branch.outcome.position()));
            }
        }
    }

    /// The operation of a name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }

    /// Whether an environment variable is the vendor's own: a contract may not ask for another's value.
    pub fn owns(&self, variable: &str) -> bool {
        variable.starts_with(&variable_prefix(&self.name))
    }

    /// The credential that a reference stands for, by the longest dotted name that is one's: `$key.pem` is `$key` and a text.
    pub fn credential(&self, reference: &str) -> Option<(&str, &Credential)> {
        let mut names = std::iter::successors(Some(reference), |name| name.rsplit_once('.').map(|(head, _)| head));
        let (name, credential) = names.find_map(|name| self.file.credentials.get_key_value(name))?;
        Some((name, credential))
    }

    /// The name of a row with its vendor's and its operation's: `vendor/operation/row`.
    pub fn row_name(&self, row: RowId) -> String {
        format!("{}/{}/{}", self.name, self[row.operation].name, self[row].name)
    }

    /// The credentials of other accounts, which are sent in place of ours.
    pub fn other_accounts(&self) -> impl Iterator<Item = &str> {
        let credentials = self.file.credentials.iter();
        credentials.filter(|(_, credential)| credential.replaces.is_some()).map(|(name, _)| name.as_str())
    }

    /// The operations that have a page.
    pub fn documented(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| operation.page.is_some())
    }
}

/// The beginning of the names of all environment variables that a vendor may read: its own name in capitals.
pub fn variable_prefix(vendor: &str) -> String {
    // No variable's name begins with a digit.
    let mut prefix =
        if vendor.starts_with(|first: char| first.is_ascii_digit()) { "_".to_owned() } else { String::new() };
    prefix
        .extend(vendor.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign.to_ascii_uppercase() } else { '_' }));
    prefix.push('_');
    prefix
}

/// One method and path, with everything that its page and its sections say.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// The operation's name.
    pub name: String,
    /// Where it is written.
    pub at: Place,
    /// What it does, in a few words.
    pub title: Option<String>,
    /// Its page; a support call has none.
    pub page: Option<Page>,
    /// The vendor's shared sections that stand on it too.
    pub with: Vec<String>,
    /// The method, in capitals.
    pub method: String,
    /// The path below the origin, with `{placeholders}`, or a captured URL.
    pub url: String,
    /// The resource in each placeholder.
    pub path: IndexMap<String, String>,
    /// The resources that the URL names, a parent before its child.
    pub binds: Vec<String>,
    /// Query parameters.
    pub query: IndexMap<String, String>,
    /// Header fields, the vendor's included.
    pub headers: IndexMap<String, String>,
    /// The body.
    pub body: Body,
    /// Who sends it; `None` is the vendor's own auth.
    pub auth: Option<Auth>,
    /// Words by which its cases are selected.
    pub tags: Vec<String>,
    /// The page's statements, those of its sections included, by id.
    pub clauses: IndexMap<String, Placed<Clause>>,
    /// The answers, by name.
    pub outcomes: IndexMap<String, Outcome>,
    /// The table, in the order as written, sections first.
    pub rows: IndexMap<String, Row>,
    /// The space of its conditions.
    pub(super) space: OnceLock<Space>,
}

impl Operation {
    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        self.method == "GET" || self.method == "HEAD"
    }

    /// Whether its URL is a whole one that the vendor hands out.
    pub fn has_captured_url(&self) -> bool {
        self.url.starts_with('$')
    }

    /// Whether only what was captured of a resource, and not its id, says in the URL which one is meant.
    pub fn is_found_by_capture(&self) -> bool {
        let named = |bound: &String| self.path.values().any(|resource| resource == bound);
        self.has_captured_url() || !self.binds.iter().all(named)
    }

    /// The outcomes of a row, in the order of its `then`.
    pub fn outcomes_of<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a Outcome> + Clone {
        row.then.iter().map(|branch| &self[branch.outcome])
    }

    /// Returns whether an outcome can be told from a stranger's answer: where the operation speaks JSON, only one that promises some.
    pub(crate) fn is_telling(&self, outcome: &Outcome) -> bool {
        let is_json = |outcome: &Outcome| matches!(outcome.body, Promise::Json(_));
        is_json(outcome) || !self.outcomes.values().any(is_json)
    }

    /// What has the name of a secret and is shown all the same in an answer to a row, whichever of its outcomes came.
    pub fn shown(&self, row: &Row) -> ShownParts {
        let mut shown = ShownParts::default();
        for outcome in self.outcomes_of(row) {
            shown.places.extend(outcome.shown.places.iter().cloned());
            shown.headers.extend(outcome.shown.headers.iter().cloned());
        }
        shown
    }

    /// The ids of the clauses that a row and its outcomes cite, wildcards spelt out, each once.
    pub fn cited(&self, row: &Row) -> Vec<&str> {
        self.spelt_out(row.cites.iter().chain(self.outcomes_of(row).flat_map(|outcome| &outcome.cites)))
    }

    /// The ids of the clauses that a row and one of its outcomes cite.
    pub fn cited_of(&self, row: &Row, outcome: &Outcome) -> Vec<&str> {
        self.spelt_out(row.cites.iter().chain(&outcome.cites))
    }

    /// The clauses that citations mean, each once, with those of each `section.*` in its place.
    pub fn spelt_out<'c>(&self, cites: impl IntoIterator<Item = &'c String>) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for cite in cites {
            let section = cite.strip_suffix('*');
            let meant = |id: &&str| section.map_or(*id == cite, |section| id.starts_with(section));
            for id in self.clauses.keys().map(String::as_str).filter(meant) {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        ids
    }
}

/// A value, and where it is written.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// Where.
    pub at: Place,
    /// What.
    pub value: T,
}

/// What is sent beside the headers.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// A JSON value.
    Json(Value),
    /// A form.
    Form(IndexMap<String, String>),
    /// A text of some media type.
    Raw {
        /// The media type.
        media: String,
        /// The text.
        text: String,
    },
}

/// A documented answer.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its id.
    pub id: OutcomeId,
    /// Its name on this operation.
    pub name: String,
    /// Where it is written.
    pub at: Place,
    /// The documented statuses; none where the page documents none.
    pub status: Option<Status>,
    /// What is promised of the body.
    pub body: Promise,
    /// What is promised of headers: a constant or a JSON Schema of the value.
    pub headers: IndexMap<String, Value>,
    /// The media type that is promised, if it is another one than the body implies.
    pub media: Option<String>,
    /// Where the vendor's error code stands.
    pub code: Option<CodePlace>,
    /// The clauses that say what this answer looks like.
    pub cites: Vec<String>,
    /// Why it is expected although no page says so.
    pub inferred: Option<String>,
    /// What it promises beyond documented outcomes, where it is itself inferred.
    pub(super) unshared: UnsharedPromises,
    /// Pointers to minted values that must never be shown.
    pub secret: Vec<String>,
    /// What has the name of a secret and is shown all the same.
    pub shown: ShownParts,
}

impl Outcome {
    /// The pointers that the outcome itself says are shown, in place of a field of its body.
    pub fn shown_here(&self) -> impl Iterator<Item = &String> {
        let by_fields = if let Promise::Json(shape) = &self.body { shape.shown.len() } else { 0 };
        self.shown.places.iter().skip(by_fields)
    }
}

/// What is promised of a body.
#[derive(Debug, Clone, PartialEq)]
pub enum Promise {
    /// Nothing.
    Nothing,
    /// That there is none.
    Empty,
    /// That it is text, and not empty.
    Text,
    /// That it is JSON of a shape.
    Json(Shape),
}

/// Condition, outcomes, what follows, and the clauses that say so.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: RowId,
    /// Its name on this operation.
    pub name: String,
    /// Where it is written.
    pub at: Place,
    /// The condition.
    pub when: When,
    /// The outcomes, the first one the mock's choice.
    pub then: Vec<Branch>,
    /// The names under `then` that are no outcome's, which is a mistake.
    pub slips: Vec<String>,
    /// What is kept of the answer: name to JSON Pointer.
    pub capture: IndexMap<String, String>,
    /// The clauses that name this cause.
    pub cites: Vec<String>,
    /// The read that shows an effect: clause to operation.
    pub seen_by: IndexMap<String, String>,
    /// Why several outcomes are documented.
    pub because: Option<String>,
    /// Why it is expected although no page says so.
    pub inferred: Option<String>,
    /// Why the condition cannot be brought about.
    pub not_inducible: Option<String>,
    /// Whether the page says *may*.
    pub may: bool,
    /// Words by which its cases are selected.
    pub tags: Vec<String>,
}

/// An outcome of a row, and the states of resources from then on.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Where it is written.
    pub at: Place,
    /// The outcome.
    pub outcome: OutcomeId,
    /// Resource to state.
    pub leads: IndexMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendors_variables_begin_with_its_name_in_capitals() {
        let known = [("acme", "ACME_"), ("acme-eu", "ACME_EU_"), ("acme.eu", "ACME_EU_"), ("3ds", "_3DS_")];
        for (vendor, prefix) in known {
            assert_eq!(variable_prefix(vendor), prefix);
        }
    }
}
