//! A case's saved exchanges in the place of the vendor: every request is built anew and answered as it was answered then.

use crate::contract::condition::Draft;
use crate::contract::template::Template;
use crate::http::exchange::{Attempt, Exchange, Headers, Request, Response};
use crate::judge::verdict::Verdict;
use crate::run::build;
use crate::run::event::{CaseResult, ExchangeInfo};
use crate::run::lane::{Lane, Target};
use crate::run::minted::learn_minted;
use crate::run::stop::Stop;
use bytes::Bytes;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

/// The saved exchanges of a case.
pub(super) struct Replay {
    /// Those that nothing was answered from yet.
    left: RefCell<VecDeque<ExchangeInfo>>,
    /// All of them, in order.
    all: Vec<ExchangeInfo>,
    /// What the case came to then.
    verdict: Verdict,
    /// Why.
    reason: String,
    /// A mark of the run that no request carried, by which the others are known.
    mark: Option<String>,
}

impl Replay {
    /// The exchanges that were saved with a case.
    pub(super) fn of(case: &CaseResult) -> Self {
        let run = case.exchanges.iter().find_map(|exchange| exchange.drawn.get("mark")?.as_str()?.rsplit_once('-'));
        Self {
            mark: run.map(|(run, _)| format!("{run}-0")),
            left: RefCell::new(case.exchanges.iter().cloned().collect()),
            all: case.exchanges.clone(),
            verdict: case.verdict,
            reason: case.reason.clone().unwrap_or_default(),
        }
    }

    /// Every exchange, as it was saved: what this judging did not need, another one may.
    pub(super) fn all(&self) -> Vec<ExchangeInfo> {
        self.all.clone()
    }

    /// What was drawn for the id of a resource, or the id that was supplied, if the saved run says so.
    fn given(&self, name: &str) -> Option<Value> {
        self.left.borrow().iter().find_map(|exchange| exchange.drawn.get(name).cloned())
    }

    /// The next exchange of a step; of one that was renamed, that of its operation.
    fn take(&self, target: Target<'_>) -> Option<ExchangeInfo> {
        let mut left = self.left.borrow_mut();
        let of = |exchange: &ExchangeInfo| exchange.step.split('/').next() == Some(target.operation.name.as_str());
        let place = left.iter().position(|exchange| exchange.step == target.name());
        let place = place.or_else(|| left.iter().position(of))?;
        left.remove(place)
    }

    /// Why a case ends whose next request was never sent, or never answered.
    fn ends(&self, target: Target<'_>) -> Stop {
        match self.verdict {
            Verdict::Environment | Verdict::Undetermined => Stop::new(self.verdict, self.reason.clone()),
            _ => unsaved(format!("{} was not sent then", target.name())),
        }
    }
}

/// What a case comes to that cannot be judged from what was saved.
pub(super) fn unsaved(why: impl AsRef<str>) -> Stop {
    Stop::new(Verdict::Undetermined, format!("cannot be judged again: {}", why.as_ref()))
}

impl Lane<'_, '_> {
    /// What was drawn for an id whose text has references, under the names that the saved run has it by.
    pub(super) fn drawn_before(&self, resource: &str, text: &str) -> Option<BTreeMap<String, Value>> {
        let replay = self.replay.as_ref()?;
        let template = Template::parse(text);
        let drawn =
            template.names().filter_map(|name| Some((name.to_owned(), replay.given(&format!("{resource}: {name}"))?)));
        Some(drawn.collect())
    }

    /// The id that the engineer had supplied, if the saved run had one.
    pub(super) fn supplied_before(&self, resource: &str) -> Option<String> {
        let given = self.replay.as_ref()?.given(&format!("{resource}.id"))?;
        given.as_str().map(str::to_owned)
    }

    /// The answer that was saved, if the contract would send the same request again.
    pub(super) fn answered_before(
        &mut self,
        replay: &Replay,
        target: Target<'_>,
        draft: &Draft,
    ) -> Result<Exchange, Stop> {
        let saved = replay.take(target).ok_or_else(|| replay.ends(target))?;
        let Some(status) = saved.status.filter(|_| saved.failure.is_none()) else { return Err(replay.ends(target)) };
        self.scope.mark_then = replay.mark.clone().or(self.scope.mark_then.take());
        self.scope.recall(&saved.drawn);
        let request = build::request(self.party.vendor, target.operation, draft, &self.party.destination, &self.scope)?;
        if let Some(what) = self.unlike(&request, &saved) {
            return Err(unsaved(format!("{} would be sent with another {what} now", target.name())));
        }
        if saved.incomplete {
            return Err(unsaved(format!("the answer to {} was not saved byte for byte", target.name())));
        }
        let response = Response {
            status,
            headers: Headers(saved.answer_headers),
            body: Bytes::from(saved.answer.unwrap_or_default()),
        };
        // Which status it was does not matter: only that the vendor may have acted on an earlier try.
        let earlier = if saved.acted_before { vec![Attempt::Status(500)] } else { Vec::new() };
        let exchange = Exchange { request, result: Ok(response), earlier, took: saved.took };
        learn_minted(self.engine.teller.redactor, target, &exchange);
        Ok(exchange)
    }

    /// What of a request is not what it was.
    fn unlike(&self, request: &Request, saved: &ExchangeInfo) -> Option<String> {
        let sent = self.engine.teller.sent(request, &saved.drawn);
        if request.method != saved.method {
            return Some("method".to_owned());
        }
        if self.comparable(&sent.url) != self.comparable(&saved.url) {
            return Some("URL".to_owned());
        }
        let comparable = |headers: &[(String, String)]| -> Vec<_> {
            headers.iter().map(|(name, value)| (self.comparable(name), self.comparable(value))).collect()
        };
        let (now, then) = (comparable(&sent.headers), comparable(&saved.headers));
        let odd = now
            .iter()
            .find(|header| !then.contains(header))
            .or_else(|| then.iter().find(|header| !now.contains(header)));
        if let Some((name, _)) = odd {
            return Some(format!("header {name}"));
        }
        (sent.body != saved.body).then(|| "body".to_owned())
    }

    /// A redacted text without what depends on a secret all the same: how a name is encoded that stands in its place, and the end
    /// of Base64 in which the secret stood.
    fn comparable(&self, text: &str) -> String {
        let mut text = text.replace("%24", "$");
        let Some(encoded) = text.strip_prefix("Basic ").map(str::to_owned) else { return text };
        for credential in self.party.vendor.file.credentials.values() {
            let name = format!("${}", credential.env);
            let Some((before, behind)) = encoded.split_once(&name) else { continue };
            let is_encoded = |letter: char| letter.is_ascii_alphanumeric() || "+/=-_".contains(letter);
            text = format!("Basic {before}{name}{}", behind.trim_start_matches(is_encoded));
        }
        text
    }
}
