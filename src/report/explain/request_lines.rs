//! A request in lines: header fields, query and body, with credentials by their variables.

use crate::contract::condition::{Draft, carriers};
use crate::contract::template::{Names, Template};
use crate::contract::{Body, Vendor};
use serde_json::Value;

/// The parts of a request beside its first line.
pub(super) fn request_lines(vendor: &Vendor, draft: &Draft) -> Vec<String> {
    let variables = Variables(vendor);
    let headers = draft.headers.iter().map(|(name, text)| format!("{name}: {}", variables.fill_in(text)));
    let mut lines: Vec<String> = headers.collect();
    for carrier in carriers(&draft.auth) {
        let text = variables.fill_in(&carrier.text);
        let text = if carrier.scheme.starts_with("Basic") { format!("base64({text})") } else { text };
        let (what, between) = if carrier.header { ("", ": ") } else { ("query ", " = ") };
        lines.push(format!("{what}{}{between}{}{text}", carrier.name, carrier.scheme));
    }
    lines.extend(draft.query.iter().map(|(name, text)| format!("query {name} = {}", variables.fill_in(text))));
    match &*draft.body {
        Body::None => {}
        Body::Json(value) => lines.push(format!("body {}", variables.fill_in(&value.to_string()))),
        Body::Form(fields) => {
            lines.extend(fields.iter().map(|(name, text)| format!("form {name} = {}", variables.fill_in(text))));
        }
        Body::Raw { media, text } => lines.push(format!("body of {media}: {}", variables.fill_in(text))),
    }
    lines
}

/// Names that stay as they are, but for credentials, which become their environment variables.
struct Variables<'a>(&'a Vendor);

impl Variables<'_> {
    fn fill_in(&self, text: &str) -> String {
        Template::parse(text).text(self).unwrap_or_else(|_| text.to_owned())
    }
}

impl Names for Variables<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let credential = self.0.file.credentials.get(name);
        Some(format!("${}", credential.map_or(name, |credential| credential.env.as_str())).into())
    }
}
