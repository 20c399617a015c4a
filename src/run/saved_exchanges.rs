//! A case's saved exchanges in the place of the vendor: every request is built anew and answered as it was answered then.

use crate::contract::Vendor;
use crate::contract::condition::Draft;
use crate::contract::template::Template;
use crate::http::exchange::{Attempt, Exchange, Headers, Request, Response};
use crate::judge::verdict::Verdict;
use crate::run::early_end::EarlyEnd;
use crate::run::event::{CaseResult, ExchangeInfo};
use crate::run::learned_secrets::learn_secrets;
use crate::run::party::Party;
use crate::run::request_build::build_request;
use crate::run::run_context::RunContext;
use crate::run::scope::Scope;
use crate::run::target_row::TargetRow;
use bytes::Bytes;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

/// The saved exchanges of a case.
pub(super) struct SavedExchanges<'s> {
    case: &'s CaseResult,
    /// The exchanges that have answered nothing yet, each with its position.
    left: RefCell<VecDeque<(usize, &'s ExchangeInfo)>>,
    /// The position of the one that answered last.
    last: Cell<usize>,
    /// A mark of the run that no request carried, by which the others are known.
    mark: Option<String>,
}

impl<'s> SavedExchanges<'s> {
    /// The exchanges that were saved with a case.
    pub(super) fn of(case: &'s CaseResult) -> Self {
        let mut marks = case.exchanges.iter().filter_map(|exchange| exchange.drawn.get("mark")?.as_str());
        let run = marks.find_map(|mark| mark.rsplit_once('-'));
        Self {
            case,
            left: RefCell::new(case.exchanges.iter().enumerate().collect()),
            last: Cell::new(0),
            mark: run.map(|(run, _)| format!("{run}-0")),
        }
    }

    /// Every exchange, as it was saved: what this judging did not need, another one may.
    pub(super) fn all(&self) -> Vec<ExchangeInfo> {
        self.case.exchanges.clone()
    }

    /// The script that was saved with them.
    pub(super) fn script(&self) -> Option<String> {
        self.case.script.clone()
    }

    /// The position of the exchange that answered last.
    pub(super) fn last(&self) -> usize {
        self.last.get()
    }

    /// The value that was drawn for the id of a resource, or the id that was supplied, if the saved run has it.
    fn given(&self, name: &str) -> Option<&'s Value> {
        self.left.borrow().iter().find_map(|(_, exchange)| exchange.drawn.get(name))
    }

    /// The values that were drawn for an id whose text has references, by their names.
    pub(super) fn drawn_for(&self, resource: &str, text: &Template) -> BTreeMap<String, Value> {
        let drawn = |name: &str| self.given(&format!("{resource}: {name}")).cloned();
        text.names().filter_map(|name| Some((name.to_owned(), drawn(name)?))).collect()
    }

    /// The id that the engineer had supplied, if the saved run had one.
    pub(super) fn supplied_id(&self, resource: &str) -> Option<&'s str> {
        self.given(&format!("{resource}.id"))?.as_str()
    }

    /// The next exchange of a step; of one that was renamed, that of its operation.
    fn take(&self, target: TargetRow<'_>) -> Option<&'s ExchangeInfo> {
        let mut left = self.left.borrow_mut();
        let place = left.iter().position(|(_, exchange)| exchange.step == target.name()).or_else(|| {
            left.iter().position(|(_, exchange)| exchange.step.split('/').next() == Some(&target.operation.name))
        })?;
        let (position, exchange) = left.remove(place)?;
        self.last.set(position);
        Some(exchange)
    }

    /// The end of a case whose next request was never sent, or never answered.
    fn end_at(&self, target: TargetRow<'_>) -> EarlyEnd {
        match self.case.verdict {
            verdict @ (Verdict::Environment | Verdict::Undetermined) => {
                EarlyEnd::new(verdict, self.case.reason.as_deref().unwrap_or(""))
            }
            _ => unsaved(format!("{} was not sent then", target.name())),
        }
    }

    /// The answer that was saved, if the contract would send the same request again.
    pub(super) fn answer(
        &self,
        run: &RunContext<'_>,
        party: &Party<'_>,
        scope: &mut Scope<'_>,
        target: TargetRow<'_>,
        draft: &Draft,
    ) -> Result<Exchange, EarlyEnd> {
        let saved = self.take(target).ok_or_else(|| self.end_at(target))?;
        let status = saved.status.filter(|_| saved.failure.is_none()).ok_or_else(|| self.end_at(target))?;
        scope.mark_then = self.mark.clone().or(scope.mark_then.take());
        scope.recall(&saved.drawn);
        let request = build_request(party.vendor, target.operation, draft, &party.destination, scope)?;
        if let Some(what) = difference(run, party.vendor, &request, saved) {
            return Err(unsaved(format!("{} would be sent with another {what} now", target.name())));
        }
        if saved.incomplete {
            return Err(unsaved(format!("the answer to {} was not saved byte for byte", target.name())));
        }
        let response = Response {
            status,
            headers: Headers(saved.answer_headers.clone()),
            body: saved.answer.as_ref().map_or_else(Bytes::new, |body| Bytes::copy_from_slice(body.as_bytes())),
        };
        // Which status it was does not matter: only that the vendor may have acted on an earlier try.
        let earlier = if saved.acted_before { vec![Attempt::Status(500)] } else { Vec::new() };
        let exchange = Exchange { request, result: Ok(response), earlier, took: saved.took };
        learn_secrets(run.teller.redactor, target, &exchange);
        Ok(exchange)
    }
}

/// The end of a case that cannot be judged from what was saved.
pub(super) fn unsaved(why: impl AsRef<str>) -> EarlyEnd {
    EarlyEnd::new(Verdict::Undetermined, format!("cannot be judged again: {}", why.as_ref()))
}

/// The part of a request that is not as it was.
fn difference(run: &RunContext<'_>, vendor: &Vendor, request: &Request, saved: &ExchangeInfo) -> Option<String> {
    let sent = run.teller.sent(request, &saved.drawn);
    if request.method != saved.method {
        return Some("method".to_owned());
    }
    if comparable(vendor, &sent.url) != comparable(vendor, &saved.url) {
        return Some("URL".to_owned());
    }
    let (now, then) = (comparable_headers(vendor, &sent.headers), comparable_headers(vendor, &saved.headers));
    let new = now.iter().find(|header| !then.contains(header));
    if let Some((name, _)) = new.or_else(|| then.iter().find(|header| !now.contains(header))) {
        return Some(format!("header {name}"));
    }
    (sent.body != saved.body).then(|| "body".to_owned())
}

fn comparable_headers(vendor: &Vendor, headers: &[(String, String)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (comparable(vendor, name), comparable(vendor, value))).collect()
}

/// A redacted text without what depends on a secret all the same: the encoding of a name that is in its place, and the end of
/// Base64 in which the secret was.
fn comparable(vendor: &Vendor, text: &str) -> String {
    let mut text = text.replace("%24", "$");
    let Some(encoded) = text.strip_prefix("Basic ").map(str::to_owned) else { return text };
    for credential in vendor.file.credentials.values() {
        let name = format!("${}", credential.env);
        let Some((before, behind)) = encoded.split_once(&name) else { continue };
        text = format!("Basic {before}{name}{}", behind.trim_start_matches(is_base64));
    }
    text
}

fn is_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/=-_".contains(letter)
}
