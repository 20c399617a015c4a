//! The values of references in one answer: the request, the resources it is about, the credentials, the moment.

use super::accepted_credentials::AcceptedCredentials;
use super::entity::Entity;
use super::scalar_value::FreshValue;
use crate::contract::template::{Names, draw_by, plain};
use crate::http::exchange::Request;
use serde_json::Value;
use std::borrow::Cow;
use std::cell::RefCell;
use std::time::SystemTime;

/// A resource that a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnswerSubject<'a> {
    /// The resource's name.
    pub(super) resource: &'a str,
    /// The id in the request, or the one that was just made.
    pub(super) id: &'a str,
    /// The resource under that id.
    pub(super) entity: Option<&'a Entity>,
    /// The body that the documented create call sends, for what was not sent.
    pub(super) documented: &'a Value,
}

/// Scheme, host and port at which a mock is reached: as in the request, else the origin that the mock was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) given: Option<&'a str>,
}

impl<'a> Origin<'a> {
    fn text(self) -> Cow<'a, str> {
        match (self.host.filter(|host| is_host(host)), self.given) {
            (Some(host), _) => format!("http://{host}").into(),
            (None, given) => given.unwrap_or("http://127.0.0.1").into(),
        }
    }
}

fn is_host(host: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(allowed)
}

/// The values of references to a request and to the resources that it is about.
pub(super) struct RequestFacts<'a> {
    pub(super) accepted: &'a AcceptedCredentials,
    pub(super) subjects: &'a [AnswerSubject<'a>],
    pub(super) request: &'a Request,
    /// The address of the mock.
    pub(super) origin: Origin<'a>,
    pub(super) live: bool,
}

impl RequestFacts<'_> {
    fn of_subject(&self, head: &str, rest: &str) -> Option<Value> {
        let subject = self.subjects.iter().find(|subject| subject.resource == head)?;
        if rest == "id" {
            return Some(subject.id.into());
        }
        let value = match rest.strip_prefix("sent.") {
            Some(path) => {
                let sent = subject.entity.and_then(|entity| value_at(&entity.sent, path));
                sent.or_else(|| value_at(subject.documented, path))
            }
            None => subject.entity?.captured(rest),
        };
        value.cloned()
    }
}

impl Names for RequestFacts<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        if let Some((head, rest)) = name.split_once('.') {
            return self.of_subject(head, rest);
        }
        match name {
            "origin" => Some(self.origin.text().into()),
            "livemode" => Some(self.live.into()),
            "body" => Some(self.request.body.as_deref().map_or("".into(), String::from_utf8_lossy).into()),
            _ => self.accepted.value(name),
        }
    }
}

/// The values of all references of one answer; what is drawn is drawn once.
pub(super) struct ReferenceValues<'a> {
    pub(super) facts: RequestFacts<'a>,
    pub(super) dice: RefCell<&'a mut fastrand::Rng>,
    pub(super) drawn: RefCell<Vec<(String, Value)>>,
}

impl ReferenceValues<'_> {
    /// A value that is made at this answer.
    pub(super) fn fresh(&self, fresh: FreshValue) -> Value {
        match fresh {
            FreshValue::DateTime => now().into(),
            FreshValue::Date => now().split_once('T').map_or(Value::Null, |(date, _)| date.into()),
            FreshValue::Uri => format!("{}/{}", self.facts.origin.text(), plain(&self.draw("alnum16"))).into(),
            FreshValue::Uuid => self.draw("uuid"),
        }
    }

    fn draw(&self, name: &str) -> Value {
        draw_by(&mut self.dice.borrow_mut(), name).unwrap_or(Value::Null)
    }

    /// A value that is made once an answer, however many references ask for it.
    fn once(&self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.drawn.borrow().iter().find(|(known, _)| known == name) {
            return Some(value.clone());
        }
        let value = if name == "time" { now().into() } else { draw_by(&mut self.dice.borrow_mut(), name)? };
        self.drawn.borrow_mut().push((name.to_owned(), value.clone()));
        Some(value)
    }
}

impl Names for ReferenceValues<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        self.facts.value(name).or_else(|| if name.contains('.') { None } else { self.once(name) })
    }
}

/// The value under a dotted path.
fn value_at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, name| match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => value.get(name),
    })
}

/// The moment, to the second.
fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}
