//! What references stand for in one answer: the request, the resources it is about, the credentials, the moment.

use super::accepted::Accepted;
use super::scalar::Fresh;
use super::world::Entity;
use crate::contract::template::{Names, draw_by};
use crate::http::exchange::Request;
use serde_json::Value;
use std::cell::RefCell;
use std::time::SystemTime;

/// A resource that a request is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The resource's name.
    pub(super) resource: &'a str,
    /// The id in the request, or the one that was just made.
    pub(super) id: &'a str,
    /// What there is under that id.
    pub(super) entity: Option<&'a Entity>,
    /// What the documented create call sends, for what was not sent.
    pub(super) documented: &'a Value,
}

/// Scheme, host and port at which a mock is reached: as the request says, else as the mock was told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) told: Option<&'a str>,
}

impl Origin<'_> {
    fn text(self) -> String {
        let is_host = |host: &&str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
            !host.is_empty() && host.len() <= 255 && host.bytes().all(allowed)
        };
        match self.host.filter(is_host) {
            Some(host) => format!("http://{host}"),
            None => self.told.unwrap_or("http://127.0.0.1").to_owned(),
        }
    }
}

/// What references to a request and to the resources that it is about stand for.
pub(super) struct Facts<'a> {
    pub(super) accepted: &'a Accepted,
    pub(super) subjects: &'a [Subject<'a>],
    pub(super) request: &'a Request,
    /// Where the mock is reached.
    pub(super) origin: Origin<'a>,
    pub(super) live: bool,
}

impl Facts<'_> {
    fn of_subject(&self, head: &str, rest: &str) -> Option<Value> {
        let subject = self.subjects.iter().find(|subject| subject.resource == head)?;
        if rest == "id" {
            return Some(subject.id.into());
        }
        let Some(path) = rest.strip_prefix("sent.") else {
            return subject.entity?.captured(rest).cloned();
        };
        let sent = subject.entity.and_then(|entity| at(&entity.sent, path));
        sent.or_else(|| at(subject.documented, path)).cloned()
    }
}

impl Names for Facts<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        if let Some((head, rest)) = name.split_once('.') {
            return self.of_subject(head, rest);
        }
        match name {
            "origin" => Some(self.origin.text().into()),
            "livemode" => Some(self.live.into()),
            "body" => Some(String::from_utf8_lossy(self.request.body.as_deref().unwrap_or_default()).into()),
            _ => self.accepted.get(name).map(Value::from),
        }
    }
}

/// Everything that references of one answer can stand for; what is drawn is drawn once.
pub(super) struct Known<'a> {
    pub(super) facts: Facts<'a>,
    pub(super) dice: RefCell<&'a mut fastrand::Rng>,
    pub(super) drawn: RefCell<Vec<(String, Value)>>,
}

impl Known<'_> {
    /// A value that is made at this answer.
    pub(super) fn fresh(&self, fresh: Fresh) -> Value {
        match fresh {
            Fresh::DateTime => now(),
            Fresh::Date => {
                let now = now();
                now.as_str().and_then(|now| now.get(..10)).unwrap_or_default().into()
            }
            Fresh::Uri => format!("{}/{}", self.facts.origin.text(), self.draw("alnum16")).into(),
            Fresh::Uuid => self.draw("uuid").into(),
        }
    }

    fn draw(&self, name: &str) -> String {
        let value = draw_by(&mut self.dice.borrow_mut(), name);
        value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// What is made once an answer, whatever asks for it.
    fn once(&self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.drawn.borrow().iter().find(|(known, _)| known == name) {
            return Some(value.clone());
        }
        let value = if name == "time" { Some(now()) } else { draw_by(&mut self.dice.borrow_mut(), name) }?;
        self.drawn.borrow_mut().push((name.to_owned(), value.clone()));
        Some(value)
    }
}

impl Names for Known<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let drawn = || if name.contains('.') { None } else { self.once(name) };
        self.facts.value(name).or_else(drawn)
    }
}

/// What stands under a dotted path.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, name| match value {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => value.get(name),
    })
}

/// The moment, to the second.
fn now() -> Value {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string().into()
}
