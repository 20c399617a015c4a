//! An operation prepared for answers: the recognisers that tell its rows apart, and the answer and the effect of each row.

use super::MockError;
use super::accepted_credentials::AcceptedCredentials;
use super::answer_recipe::AnswerRecipe;
use super::outcome_choice::{OutcomeChoice, chosen_branch};
use crate::contract::condition::{Accounts, Recogniser};
use crate::contract::template::{Encoded, Names, Template};
use crate::contract::{Body, Branch, Operation, OutcomeId, Row, RowId, Vendor};
use crate::http::exchange::{Request, pairs};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// An operation.
pub(super) struct PreparedOperation {
    /// The captured value of a resource that is asked for in place of its id, if the operation is called by that.
    pub(super) found_by: Option<FoundBy>,
    pub(super) recognisers: Vec<Recogniser>,
    pub(super) accounts: Accounts,
    /// True where rows may be about refused credentials.
    pub(super) refuses_credentials: bool,
    /// True where a condition refers to anything.
    pub(super) refers: bool,
    /// True where anything in it depends on the query.
    reads_query: bool,
    body: BodyFormat,
    /// Its rows, in the order of the contract.
    pub(super) rows: Vec<PreparedRow>,
    /// Its outcomes, in the order of the contract, each prepared when it is first given.
    pub(super) recipes: Vec<OnceLock<AnswerRecipe>>,
}

/// The captured value that is asked for in place of an id.
pub(super) enum FoundBy {
    /// A whole URL that was handed out.
    Url(Template),
    /// A path with a captured value in it.
    Path(Template),
}

impl FoundBy {
    fn of_operation(operation: &Operation) -> Option<Self> {
        let url = Template::parse(&operation.url);
        if operation.has_captured_url() {
            Some(Self::Url(url))
        } else {
            operation.is_found_by_capture().then_some(Self::Path(url))
        }
    }

    /// The URL of a resource, where its captured values are known.
    pub(super) fn url(&self, names: &dyn Names) -> Option<String> {
        match self {
            Self::Url(url) => url.text(names).ok(),
            Self::Path(path) => path.text(&Encoded(names)).ok(),
        }
    }
}

/// The format in which an operation's body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyFormat {
    /// Nothing depends on the body.
    Unread,
    /// JSON.
    Json,
    /// The fields of a form.
    Form,
}

/// A row with the outcome that it gives.
pub(super) struct PreparedRow {
    pub(super) id: RowId,
    /// `vendor/operation/row`.
    pub(super) name: String,
    pub(super) outcome: OutcomeId,
    pub(super) leads: Vec<Lead>,
}

/// A resource, and its state from then on.
pub(super) struct Lead {
    pub(super) resource: String,
    pub(super) state: Arc<str>,
}

impl PreparedOperation {
    /// Prepares an operation for the credentials that its vendor accepts and for the alternatives that are chosen.
    pub(super) fn new(
        vendor: &Vendor,
        operation: &Operation,
        accepted: &AcceptedCredentials,
        choices: &[OutcomeChoice],
    ) -> Result<Self, MockError> {
        let space = vendor.space(operation);
        let reads_query = space.position("query").is_some() || authorises_by_query(vendor, operation);
        let rows = operation
            .rows
            .values()
            .map(|row| PreparedRow::new(vendor, row, chosen_branch(choices, vendor, operation, row)));
        Ok(Self {
            found_by: FoundBy::of_operation(operation),
            recognisers: space.recognisers(vendor, operation, accepted),
            accounts: Accounts::of(vendor, operation, accepted),
            refuses_credentials: space.position("credentials").is_some(),
            refers: space.refers(),
            reads_query,
            body: BodyFormat::of_operation(operation, space.position("json").is_some()),
            rows: rows.collect::<Result<_, _>>()?,
            recipes: operation.outcomes.iter().map(|_| OnceLock::new()).collect(),
        })
    }

    /// The query of a request, where anything depends on it.
    pub(super) fn read_query(&self, request: &Request) -> Vec<(String, String)> {
        match request.url.split_once('?') {
            Some((_, query)) if self.reads_query => pairs(query.split_once('#').map_or(query, |(query, _)| query)),
            _ => Vec::new(),
        }
    }

    /// The body of a request, where it can be read: JSON, or the fields of a form.
    pub(super) fn read_body(&self, request: &Request) -> Option<Value> {
        let bytes = request.body.as_deref().filter(|body| !body.is_empty())?;
        match self.body {
            BodyFormat::Unread => None,
            BodyFormat::Json => serde_json::from_slice(bytes).ok(),
            BodyFormat::Form => {
                let fields = pairs(&String::from_utf8_lossy(bytes));
                Some(fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
            }
        }
    }
}

/// Returns true where a credential, right or refused, is in the query.
fn authorises_by_query(vendor: &Vendor, operation: &Operation) -> bool {
    let auth = operation.auth.as_ref().unwrap_or(&vendor.file.auth);
    let refused = vendor.file.refused.values().flat_map(|refusal| &refusal.0).map(|(_, auth)| auth);
    std::iter::once(auth).chain(refused).any(|auth| !auth.query.is_empty())
}

impl BodyFormat {
    fn of_operation(operation: &Operation, rows_read_json: bool) -> Self {
        match operation.body {
            Body::Form(_) => Self::Form,
            _ if rows_read_json || !operation.reads() && operation.method != "DELETE" => Self::Json,
            _ => Self::Unread,
        }
    }
}

impl PreparedRow {
    /// Prepares a row that gives the outcome of one of its branches.
    pub(super) fn new(vendor: &Vendor, row: &Row, branch: Option<&Branch>) -> Result<Self, MockError> {
        let name = vendor.row_name(row.id);
        let Some(branch) = branch else { return Err(MockError::NoOutcome { row: name }) };
        let lead =
            |(resource, state): (&String, &String)| Lead { resource: resource.clone(), state: state.as_str().into() };
        Ok(Self { id: row.id, name, outcome: branch.outcome, leads: branch.leads.iter().map(lead).collect() })
    }

    /// Returns true for a row that leads a resource somewhere.
    pub(super) fn leads_resource(&self, resource: &str) -> bool {
        self.leads.iter().any(|lead| lead.resource == resource)
    }
}
