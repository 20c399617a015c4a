//! From an exchange to its canonical form: what varies by nature becomes a placeholder, by knowledge of the contract and the case.

use crate::contract::condition::Draft;
use crate::contract::language::CodePlace;
use crate::contract::template::{Names, Template, plain};
use crate::contract::{Operation, Outcome, Promise, Row, placeholders};
use crate::http::exchange::{Request, Response, pairs};
use crate::judge::check::{Parsed, parse};
use crate::run::snapshot::canonical::{Canonical, Content};
use crate::run::snapshot::known::{Known, Placing};
use crate::run::snapshot::placeholder::{place, whole};
use crate::run::snapshot::said::Said;
use crate::text::secret::{ShownParts, percent};
use crate::text::source::{sha256, to_hexadecimal};
use serde_json::{Map, Value, json};

/// A case's own exchange, with all that tells what in it varies.
pub struct Seen<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The case's row.
    pub row: &'a Row,
    /// The outcome that came, or the one that is nearest to what came.
    pub outcome: Option<&'a Outcome>,
    /// The request as the case wanted it.
    pub draft: &'a Draft,
    /// The request as it was sent.
    pub request: &'a Request,
    /// The answer.
    pub response: &'a Response,
    /// What was captured and generated.
    pub known: &'a Known,
    /// What references stand for.
    pub names: &'a dyn Names,
    /// What keeps secrets out of a text.
    pub redact: &'a dyn Fn(&str) -> String,
}

/// The header fields of an answer that matter beside those that its outcome promises. Others tell of the way that the answer
/// came, not of the vendor's promises.
const HEADERS: [&str; 8] =
    ["content-type", "content-language", "location", "link", "allow", "www-authenticate", "deprecation", "sunset"];

/// The canonical form of an exchange.
pub fn normalise(seen: &Seen<'_>) -> Canonical {
    let known = seen.known.cleaned(seen.redact);
    let normaliser = Normaliser { seen, known: &known };
    Canonical {
        request: (seen.redact)(&normaliser.request()),
        status: seen.response.status,
        headers: normaliser.headers(),
        body: normaliser.body(),
    }
}

struct Normaliser<'a> {
    seen: &'a Seen<'a>,
    known: &'a Known,
}

impl Normaliser<'_> {
    /// The request line: the path as the page has it, with placeholders where ids vary, and the query as it was sent.
    fn request(&self) -> String {
        let Seen { operation, request, .. } = self.seen;
        let path = if operation.has_captured_url() { self.rendered(&operation.url) } else { self.path() };
        let path = path.unwrap_or_else(|| self.text(&request.url));
        let query = request.url.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let queried = if operation.has_captured_url() { Vec::new() } else { pairs(query) };
        let pair = |(name, value): (String, String)| {
            let drafted = self.seen.draft.query.get(&name).and_then(|text| self.rendered(text));
            format!("{name}={}", drafted.unwrap_or_else(|| self.text(&value)))
        };
        let queried: Vec<String> = queried.into_iter().map(pair).collect();
        let mark = if queried.is_empty() { "" } else { "?" };
        format!("{} {path}{mark}{}", request.method, queried.join("&"))
    }

    fn path(&self) -> Option<String> {
        let Seen { operation, .. } = self.seen;
        let mut path = operation.url.split('?').next().unwrap_or_default().to_owned();
        for name in placeholders(&operation.url) {
            let id = format!("{}.id", operation.path.get(name)?);
            let shown = match self.known.value(&id) {
                Some(_) => format!("[{id}]"),
                None => percent(&plain(&self.seen.names.value(&id)?)),
            };
            path = path.replace(&format!("{{{name}}}"), &shown);
        }
        self.rendered(&path)
    }

    /// A text of the contract with placeholders for the references that vary.
    fn rendered(&self, text: &str) -> Option<String> {
        let placing = Placing { known: self.known, names: self.seen.names };
        Template::parse(text).text(&placing).ok()
    }

    fn headers(&self) -> Vec<(String, String)> {
        let outcome = self.seen.outcome;
        let promised = |name: &str| {
            let headers = outcome.into_iter().flat_map(|outcome| &outcome.headers);
            headers.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, promise)| promise)
        };
        let of_code = |name: &str| matches!(outcome.and_then(|outcome| outcome.code.as_ref()), Some(CodePlace::Header(code)) if code.eq_ignore_ascii_case(name));
        let matters = |name: &str| HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known));
        let mut headers = Vec::new();
        for (name, value) in self.seen.response.headers.iter() {
            let promise = promised(name);
            if promise.is_none() && !matters(name) && !of_code(name) {
                continue;
            }
            let schema = promise.map(|promise| match promise {
                schema @ Value::Object(_) => schema.clone(),
                constant => json!({ "const": constant }),
            });
            let value = if self.hides(&format!("header {name}")) {
                whole("secret", &json!(value))
            } else {
                self.value(&json!(value), &Said::of(schema.as_ref()), "")
            };
            headers.push((name.to_owned(), plain(&value)));
        }
        headers.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        headers
    }

    fn body(&self) -> Content {
        let body = &self.seen.response.body;
        if body.is_empty() {
            return Content::None;
        }
        let media = self.seen.response.headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
        if let Parsed::Value { value, .. } = parse(body)
            && (value.is_object() || value.is_array() || media.contains("json"))
        {
            let schema = match self.seen.outcome.map(|outcome| &outcome.body) {
                Some(Promise::Json(shape)) => Some(&shape.schema),
                _ => None,
            };
            return Content::Json(self.value(&value, &Said::of(schema), ""));
        }
        match std::str::from_utf8(body) {
            Ok(text) => Content::Text(self.text(text)),
            Err(_) => Content::Binary(body.len(), hash(body)),
        }
    }

    fn value(&self, value: &Value, said: &Said<'_>, pointer: &str) -> Value {
        if said.varies() || self.noted(pointer) {
            return self.masked(value);
        }
        match value {
            Value::Object(map) => {
                let member = |(key, value): (&String, &Value)| {
                    let below = format!("{pointer}/{}", crate::contract::shape::escape(key));
                    (self.text(key), self.value(value, &said.member(key), &below))
                };
                map.iter().map(member).collect::<Map<_, _>>().into()
            }
            Value::Array(items) => {
                let item = |(index, value)| self.value(value, &said.item(index), &format!("{pointer}/{index}"));
                items.iter().enumerate().map(item).collect()
            }
            scalar => self.scalar(scalar, said, pointer),
        }
    }

    fn scalar(&self, value: &Value, said: &Said<'_>, pointer: &str) -> Value {
        let marked = self.seen.outcome.is_some_and(|outcome| outcome.secret.iter().any(|place| place == pointer));
        if marked || self.hides(pointer) && !matches!(value, Value::Bool(_)) {
            return whole("secret", value);
        }
        if let Some(name) = self.named(value, said, pointer) {
            return whole(&name, value);
        }
        match (value, said.time()) {
            (Value::String(text), Some(time)) if is_time(text) => whole(time, value),
            (Value::String(text), _) => Value::String(self.text(text)),
            (Value::Number(number), _) => {
                // A secret or a long id may be a number, too.
                let text = number.to_string();
                let shown = self.text(&text);
                if shown == text { value.clone() } else { Value::String(shown.replace(']', " number]")) }
            }
            (other, _) => other.clone(),
        }
    }

    /// The name of the varying value that the contract says stands here: by a promised reference, or because it is captured here.
    fn named(&self, value: &Value, said: &Said<'_>, pointer: &str) -> Option<String> {
        let promised = said.reference().map(str::to_owned);
        let captured = self.seen.row.capture.iter().filter(|(_, place)| *place == pointer).flat_map(|(name, _)| {
            let led = self.seen.row.then.iter().flat_map(|branch| branch.leads.keys());
            led.map(move |resource| format!("{resource}.{name}"))
        });
        let mut names = promised.into_iter().chain(captured);
        let shown = (self.seen.redact)(&plain(value));
        let name = names.find(|name| self.known.value(name).is_some_and(|known| plain(known) == shown))?;
        // One value has one name, whichever of its names the contract uses here.
        let first = self.known.at(&shown).filter(|(length, _)| *length == shown.len());
        Some(first.map_or(name, |(_, first)| first.to_owned()))
    }

    /// Whether what stands at a place has the name of a secret, and is not shown all the same.
    fn hides(&self, place: &str) -> bool {
        let nothing = ShownParts::default();
        self.seen.outcome.map_or(&nothing, |outcome| &outcome.shown).hides(place)
    }

    /// Whether nothing is said of a place but that it varies.
    fn noted(&self, pointer: &str) -> bool {
        match self.seen.outcome.map(|outcome| &outcome.body) {
            Some(Promise::Json(shape)) => shape.varies.iter().any(|place| place == pointer),
            _ => false,
        }
    }

    /// A value that is declared to vary: what is left is its type.
    fn masked(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.masked(item)).collect(),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (self.text(key), self.masked(value))).collect::<Map<_, _>>().into()
            }
            scalar => whole("varies", scalar),
        }
    }

    /// A text without secrets and with placeholders.
    fn text(&self, text: &str) -> String {
        place(&(self.seen.redact)(text), self.known)
    }
}

/// Whether a text is a date or a time of day, as its format promises; an alternative that is something else stays as it is.
fn is_time(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let at = |index, sign| text.as_bytes().get(index) == Some(&sign);
    digits(0..4) && at(4, b'-') && digits(5..7) && at(7, b'-') && digits(8..10)
        || digits(0..2) && at(2, b':') && digits(3..5)
}

fn hash(bytes: &[u8]) -> String {
    to_hexadecimal(&sha256(bytes))
}
