//! From an exchange to its canonical form: what varies by nature becomes a placeholder, by knowledge of the contract and the case.

use crate::contract::condition::Draft;
use crate::contract::template::{Names, Template, plain};
use crate::contract::{Operation, Outcome, Promise, Row, placeholders};
use crate::http::exchange::{Request, Response, pairs};
use crate::judge::check::{Parsed, parse};
use crate::run::snapshot::canonical::{Canonical, Content};
use crate::run::snapshot::drift::has_code_in_header;
use crate::run::snapshot::placeholder::{place_names, placeholder};
use crate::run::snapshot::schema_at::SchemaAt;
use crate::run::snapshot::varying_values::{PlacingNames, VaryingValues};
use crate::text::secret::{ShownParts, percent};
use crate::text::source::{escape_segment, sha256, to_hexadecimal};
use serde_json::{Value, json};

/// A case's own exchange, with all knowledge about what in it varies.
pub struct CaseExchange<'a> {
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
    /// The values that were captured and generated.
    pub varying: VaryingValues,
    /// The values of references.
    pub names: &'a dyn Names,
    /// Keeps secrets out of a text.
    pub redact: &'a dyn Fn(&str) -> String,
}

/// The header fields of an answer that matter beside those that its outcome promises. Others depend on the way that the answer
/// came, not on the vendor's promises.
const HEADERS: [&str; 8] =
    ["content-type", "content-language", "location", "link", "allow", "www-authenticate", "deprecation", "sunset"];

/// The canonical form of an exchange.
pub fn normalise(mut exchange: CaseExchange<'_>) -> Canonical {
    exchange.varying = exchange.varying.cleaned(exchange.redact);
    Canonical {
        request: (exchange.redact)(&exchange.request_line()),
        status: exchange.response.status,
        headers: exchange.headers(),
        body: exchange.body(),
    }
}

impl CaseExchange<'_> {
    /// The request line: the path as the page has it, with placeholders where ids vary, and the query as it was sent.
    fn request_line(&self) -> String {
        let is_captured = self.operation.has_captured_url();
        let path = if is_captured { self.rendered_text(&self.operation.url) } else { self.path() };
        let path = path.unwrap_or_else(|| self.placed_text(&self.request.url));
        let mut line = format!("{} {path}", self.request.method);
        let query = self.request.url.split_once('?').filter(|_| !is_captured);
        let pairs = query.into_iter().flat_map(|(_, query)| pairs(query));
        for (index, (name, value)) in pairs.enumerate() {
            let drafted = self.draft.query.get(&name).and_then(|text| self.rendered_text(text));
            let value = drafted.unwrap_or_else(|| self.placed_text(&value));
            line.extend([if index == 0 { "?" } else { "&" }, name.as_str(), "=", value.as_str()]);
        }
        line
    }

    fn path(&self) -> Option<String> {
        let url = &self.operation.url;
        let mut path = url.split_once('?').map_or(url.as_str(), |(path, _)| path).to_owned();
        for name in placeholders(url) {
            let id = format!("{}.id", self.operation.path.get(name)?);
            let shown = match self.varying.value(&id) {
                Some(_) => format!("[{id}]"),
                None => percent(&plain(&self.names.value(&id)?)),
            };
            path = path.replace(&format!("{{{name}}}"), &shown);
        }
        self.rendered_text(&path)
    }

    /// A text of the contract with placeholders for the references that vary.
    fn rendered_text(&self, text: &str) -> Option<String> {
        let placing = PlacingNames { varying: &self.varying, names: self.names };
        Template::parse(text).text(&placing).ok()
    }

    fn headers(&self) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        for (name, value) in self.response.headers.iter() {
            let promise = self.promised_header(name);
            if promise.is_some() || self.matters(name) {
                headers.push((name.to_owned(), self.header_value(name, value, promise)));
            }
        }
        headers.sort_by_key(|(name, _)| name.to_ascii_lowercase());
        headers
    }

    fn promised_header(&self, name: &str) -> Option<&Value> {
        let mut promised = self.outcome?.headers.iter();
        promised.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, promise)| promise)
    }

    /// Returns true for a header that is kept although it is not promised.
    fn matters(&self, name: &str) -> bool {
        HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known))
            || self.outcome.is_some_and(|outcome| has_code_in_header(outcome, name))
    }

    fn header_value(&self, name: &str, value: &str, promise: Option<&Value>) -> String {
        let value = Value::from(value);
        let shown = if self.hides(&format!("header {name}")) {
            placeholder("secret", &value)
        } else if let Some(constant) = promise.filter(|promise| !promise.is_object()) {
            self.placed_value(&value, &SchemaAt::root(Some(&json!({ "const": constant }))), "")
        } else {
            self.placed_value(&value, &SchemaAt::root(promise), "")
        };
        plain(&shown)
    }

    fn body(&self) -> Content {
        let body = &self.response.body;
        if body.is_empty() {
            return Content::None;
        }
        if let Parsed::Value { value, .. } = parse(body)
            && (value.is_object() || value.is_array() || self.has_json_type())
        {
            return Content::Json(self.placed_value(&value, &SchemaAt::of_body(self.outcome), ""));
        }
        match std::str::from_utf8(body) {
            Ok(text) => Content::Text(self.placed_text(text)),
            Err(_) => Content::Binary(body.len(), to_hexadecimal(&sha256(body))),
        }
    }

    fn has_json_type(&self) -> bool {
        let media_type = self.response.headers.get("content-type");
        media_type.is_some_and(|media_type| media_type.to_ascii_lowercase().contains("json"))
    }

    fn placed_value(&self, value: &Value, schema: &SchemaAt<'_>, pointer: &str) -> Value {
        if schema.varies() || self.varies_at(pointer) {
            return self.masked_value(value);
        }
        match value {
            Value::Object(map) => {
                let members = map.iter().map(|(key, value)| {
                    let below = format!("{pointer}/{}", escape_segment(key));
                    (self.placed_text(key), self.placed_value(value, &schema.member(key), &below))
                });
                Value::Object(members.collect())
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let placed = items
                    .map(|(index, item)| self.placed_value(item, &schema.item(index), &format!("{pointer}/{index}")));
                placed.collect()
            }
            scalar => self.placed_scalar(scalar, schema, pointer),
        }
    }

    fn placed_scalar(&self, value: &Value, schema: &SchemaAt<'_>, pointer: &str) -> Value {
        let marked = self.outcome.is_some_and(|outcome| outcome.secret.iter().any(|place| place == pointer));
        if marked || self.hides(pointer) && !matches!(value, Value::Bool(_)) {
            return placeholder("secret", value);
        }
        if let Some(name) = self.name_of(value, schema, pointer) {
            return placeholder(&name, value);
        }
        match (value, schema.time()) {
            (Value::String(text), Some(time)) if is_time(text) => placeholder(time, value),
            (Value::String(text), _) => Value::String(self.placed_text(text)),
            (Value::Number(number), _) => {
                // A secret or a long id may be a number, too.
                let text = number.to_string();
                let shown = self.placed_text(&text);
                if shown == text { value.clone() } else { Value::String(shown.replace(']', " number]")) }
            }
            (other, _) => other.clone(),
        }
    }

    /// The name of the varying value that the contract has here: by a promised reference, or because it is captured here.
    fn name_of(&self, value: &Value, schema: &SchemaAt<'_>, pointer: &str) -> Option<String> {
        let promised = schema.reference().map(str::to_owned);
        let captured = self.row.capture.iter().filter(|(_, place)| *place == pointer).flat_map(|(name, _)| {
            let resources = self.row.then.iter().flat_map(|branch| branch.leads.keys());
            resources.map(move |resource| format!("{resource}.{name}"))
        });
        let shown = (self.redact)(&plain(value));
        let mut names = promised.into_iter().chain(captured);
        let name = names.find(|name| self.varying.value(name).is_some_and(|known| plain(known) == shown))?;
        // One value has one name, whichever of its names the contract uses here.
        let first = self.varying.find_at(&shown).filter(|(length, _)| *length == shown.len());
        Some(first.map_or(name, |(_, first)| first.to_owned()))
    }

    /// Returns true if a place has the name of a secret, and is not shown all the same.
    fn hides(&self, place: &str) -> bool {
        self.outcome.map_or(ShownParts::NOTHING, |outcome| &outcome.shown).hides(place)
    }

    /// Returns true if the only promise about a place is that it varies.
    fn varies_at(&self, pointer: &str) -> bool {
        match self.outcome.map(|outcome| &outcome.body) {
            Some(Promise::Json(shape)) => shape.varies.iter().any(|place| place == pointer),
            _ => false,
        }
    }

    /// A value that is declared to vary: what is left is its type.
    fn masked_value(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.masked_value(item)).collect(),
            Value::Object(map) => {
                let masked = map.iter().map(|(key, value)| (self.placed_text(key), self.masked_value(value)));
                Value::Object(masked.collect())
            }
            scalar => placeholder("varies", scalar),
        }
    }

    /// A text without secrets and with placeholders.
    fn placed_text(&self, text: &str) -> String {
        place_names(&(self.redact)(text), &self.varying)
    }
}

/// Returns true for a date or a time of day, as its format promises; an alternative that is something else stays as it is.
fn is_time(text: &str) -> bool {
    begins_like(text, "0000-00-00") || begins_like(text, "00:00")
}

/// Returns true if a text begins with a sample, with any digit in place of each zero.
fn begins_like(text: &str, sample: &str) -> bool {
    let mut letters = text.bytes();
    sample.bytes().all(|expected| match letters.next() {
        Some(letter) if expected == b'0' => letter.is_ascii_digit(),
        letter => letter == Some(expected),
    })
}
