//! References that stand for nothing on some way to where they are used.

use super::names::{BUILT_IN, is_built_in};
use super::scope::Scope;
use super::values::{Lack, Values};
use crate::contract::shape::escape;
use crate::contract::template::{Template, draw};
use crate::contract::{Body, Operation, Outcome, Promise, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use serde_json::Value;

pub(super) fn check(scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    let values = Values::of(scope.vendor);
    let mut check = Check { scope, values, found };
    check.vendor();
    for page in &scope.pages {
        check.request(page.operation);
        for outcome in page.operation.outcomes.values() {
            check.outcome(page.operation, outcome);
        }
    }
}

struct Check<'a, 'f> {
    scope: &'f Scope<'a>,
    values: Values<'a>,
    found: &'f mut Vec<Diagnostic>,
}

impl<'a> Check<'a, '_> {
    /// What stands in the vendor's file and goes into every request, and what is drawn.
    fn vendor(&mut self) {
        let file = &self.scope.vendor.file;
        for (name, text) in &file.headers {
            self.fixed(text, &self.scope.at("headers").child(name));
        }
        let refusals = file.refused.iter().flat_map(|(name, refusal)| {
            let at = self.scope.at("refused").child(name);
            refusal
                .0
                .iter()
                .map(move |(sample, auth)| (auth, sample.as_ref().map_or(at.clone(), |sample| at.child(sample))))
        });
        for (auth, at) in std::iter::once((&file.auth, self.scope.at("auth"))).chain(refusals) {
            for (pointer, text) in auth.texts() {
                self.fixed(text, &below(&at, &pointer));
            }
        }
        for (name, credential) in &file.credentials {
            self.drawn(&credential.mock, &self.scope.at("credentials").child(name).child("mock"));
        }
        for (name, resource) in &file.resources {
            let at = self.scope.at("resources").child(name).child("id");
            self.drawn(&resource.id.new, &at.child("new"));
            if let Some(text) = &resource.id.other_mode {
                self.drawn(text, &at.child("other_mode"));
            }
            for (sample, text) in &resource.id.malformed {
                self.drawn(text, &at.child("malformed").child(sample));
            }
        }
    }

    /// A text in which only what is drawn anew may stand.
    fn drawn(&mut self, text: &str, at: &Place) {
        for name in names(text).into_iter().filter(|name| !prefixes(name).any(|name| draw(name).is_some())) {
            self.found.push(
                unresolved(&name, at, "no request is there from which it could be taken")
                    .help("what can be drawn here is `$uuid`, `$alnumN`, `$hexN` and `$digitsN`, N from 1 to 256"),
            );
        }
    }

    /// A text that goes into every request of the vendor, whatever it names.
    fn fixed(&mut self, text: &str, at: &Place) {
        for name in names(text) {
            if self.is_fixed(&name) {
                continue;
            }
            let mistake = match self.values.resource(&name) {
                Some(resource) => unresolved(&name, at, format!("not every request names a `{resource}`")),
                None => self.unknown(&name, at),
            };
            self.found.push(mistake);
        }
    }

    /// Whether a name stands for something whatever the request: a credential, or a name with a meaning of its own.
    fn is_fixed(&self, name: &str) -> bool {
        let known = |name: &str| self.scope.vendor.file.credentials.contains_key(name) || is_built_in(name);
        prefixes(name).any(known)
    }

    fn unknown(&self, name: &str, at: &Place) -> Diagnostic {
        let file = &self.scope.vendor.file;
        let known = file.credentials.keys().chain(file.resources.keys()).map(String::as_str).chain(BUILT_IN);
        let head = name.split('.').next().unwrap_or(name);
        if ["alnum", "hex", "digits"]
            .iter()
            .any(|class| head.strip_prefix(class).is_some_and(|rest| rest.parse::<u64>().is_ok()))
        {
            return unresolved(name, at, "so many letters are not drawn").help("a length is a number from 1 to 256");
        }
        unresolved(name, at, "no credential, no resource, and no name with a meaning of its own")
            .suggest(head, known)
            .help("`$$` is a dollar")
    }

    /// What stands in an operation's own request.
    fn request(&mut self, operation: &'a Operation) {
        let at = &operation.at;
        let vendors = &self.scope.vendor.file.headers;
        let mut texts: Vec<(&str, Place)> = vec![(&operation.url, at.child("request"))];
        let own = operation.headers.iter().filter(|(name, text)| vendors.get(*name) != Some(*text));
        texts.extend(own.map(|(name, text)| (text.as_str(), at.child("headers").child(name))));
        texts.extend(operation.query.iter().map(|(name, text)| (text.as_str(), at.child("query").child(name))));
        if let Some(auth) = &operation.auth {
            texts.extend(auth.texts().into_iter().map(|(pointer, text)| (text, below(&at.child("auth"), &pointer))));
        }
        match &operation.body {
            Body::None => {}
            Body::Json(json) => collect(json, &at.child("json"), &mut texts),
            Body::Form(form) => {
                texts.extend(form.iter().map(|(name, text)| (text.as_str(), at.child("form").child(name))));
            }
            Body::Raw { text, .. } => texts.push((text, at.child("raw").child("text"))),
        }
        for (text, at) in texts {
            self.sent(operation, text, &at);
        }
        for row in operation.rows.values() {
            let mut texts = Vec::new();
            for (key, value) in row
                .when
                .0
                .iter()
                .filter(|(key, _)| matches!(key.as_str(), "headers" | "query" | "json" | "form" | "raw"))
            {
                collect(value, &row.at.child("when").child(key), &mut texts);
            }
            for (text, at) in texts {
                self.sent(operation, text, &at);
            }
        }
    }

    /// A text of a request: what it refers to has to be there before the request is sent.
    fn sent(&mut self, operation: &'a Operation, text: &str, at: &Place) {
        for name in names(text) {
            if self.is_fixed(&name) {
                continue;
            }
            let Some(resource) = self.values.resource(&name) else {
                let mistake = self.unknown(&name, at);
                self.found.push(mistake);
                continue;
            };
            if !operation.binds.iter().any(|bound| bound == resource) {
                self.found.push(
                    unresolved(&name, at, format!("the request does not name a `{resource}` by its path"))
                        .help("only what stands in the request's URL is there before it is sent"),
                );
                continue;
            }
            for row in operation.rows.values() {
                if let Some(lack) = self.values.lack(&name, resource, operation, row, false) {
                    self.lacking(&name, at, &lack);
                }
            }
        }
    }

    /// What an outcome refers to: for every row that has it.
    fn outcome(&mut self, operation: &'a Operation, outcome: &'a Outcome) {
        let mut references = Vec::new();
        if let Promise::Json(shape) = &outcome.body {
            promised(&shape.schema, "", &mut references);
        }
        let mut places: Vec<(String, Place)> = references
            .into_iter()
            .map(|(name, pointer)| {
                let field = match &outcome.body {
                    Promise::Json(shape) => shape.field(&pointer).map(|field| field.at.clone()),
                    _ => None,
                };
                (name, field.unwrap_or_else(|| outcome.at.clone()))
            })
            .collect();
        for (header, promise) in &outcome.headers {
            let mut texts = Vec::new();
            collect(promise, &outcome.at.child("headers").child(header), &mut texts);
            places.extend(
                texts.into_iter().flat_map(|(text, at)| names(text).into_iter().map(move |name| (name, at.clone()))),
            );
        }
        for (name, at) in places {
            if prefixes(&name).any(|name| name == "livemode") {
                self.livemode(&at);
            } else if !self.is_fixed(&name) {
                self.answered(operation, outcome, &name, &at);
            }
        }
    }

    fn livemode(&mut self, at: &Place) {
        if !self.scope.vendor.file.credentials.values().any(|credential| credential.test.is_some()) {
            self.found.push(
                unresolved("livemode", at, "no credential says what a test value looks like")
                    .help("say `test: REGEX` of the credential that picks test or live"),
            );
        }
    }

    fn answered(&mut self, operation: &'a Operation, outcome: &'a Outcome, name: &str, at: &Place) {
        let Some(resource) = self.values.resource(name) else {
            let mistake = self.unknown(name, at);
            self.found.push(mistake);
            return;
        };
        let has = |row: &&Row| row.then.iter().any(|branch| branch.outcome == outcome.id);
        for row in operation.rows.values().filter(has) {
            let made =
                row.then.iter().any(|branch| branch.outcome == outcome.id && branch.leads.contains_key(resource));
            let bound = operation.binds.iter().any(|bound| bound == resource);
            if !made && !bound {
                let mistake =
                    unresolved(name, at, format!("there is no `{resource}` in the request of `{}`", operation.name))
                        .at(row.at.clone().key(), format!("and this row makes no `{resource}`"));
                self.found.push(mistake);
            } else if let Some(lack) = self.values.lack(name, resource, operation, row, made && !bound) {
                self.lacking(name, at, &lack);
            }
        }
    }

    fn lacking(&mut self, name: &str, at: &Place, lack: &Lack) {
        let mistake = unresolved(name, at, lack.reason.clone());
        let mistake = match &lack.at {
            Some((place, label)) => mistake.at(place.clone(), label.clone()),
            None => mistake,
        };
        let last = name.rsplit('.').next().unwrap_or(name);
        self.found.push(mistake.suggest(last, lack.known.iter().map(String::as_str)));
    }
}

fn unresolved(name: &str, at: &Place, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::UnresolvedReference, format!("`${name}` stands for nothing here")).at(at, label)
}

/// The dotted names in a text.
fn names(text: &str) -> Vec<String> {
    if !text.contains('$') {
        return Vec::new();
    }
    Template::parse(text).names().map(str::to_owned).collect()
}

/// A dotted name and its beginnings, the longest first; what follows the longest that means something is text.
pub(super) fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.rsplit_once('.').map(|(head, _)| head))
}

/// A place below another one, by a pointer whose names are not escaped.
fn below(at: &Place, pointer: &str) -> Place {
    let mut parts = pointer.splitn(3, '/').skip(1);
    parts.by_ref().fold(at.clone(), |at, part| at.child(part))
}

/// Every text in a value that may hold a reference, with its place.
fn collect<'v>(value: &'v Value, at: &Place, texts: &mut Vec<(&'v str, Place)>) {
    match value {
        Value::String(text) if text.contains('$') => texts.push((text, at.clone())),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| collect(item, &at.index(index), texts));
        }
        Value::Object(map) => map.iter().for_each(|(key, item)| collect(item, &at.child(key), texts)),
        _ => {}
    }
}

/// The references in the constants of a schema, each with the pointer of the field in the answer.
fn promised(schema: &Value, pointer: &str, references: &mut Vec<(String, String)>) {
    let Value::Object(map) = schema else { return };
    for (word, value) in map {
        match (word.as_str(), value) {
            ("const" | "enum" | "examples", value) => {
                let mut texts = Vec::new();
                collect(value, &Place::root(crate::text::source::FileId(0)), &mut texts);
                references
                    .extend(texts.into_iter().flat_map(|(text, _)| names(text)).map(|name| (name, pointer.to_owned())));
            }
            ("properties", Value::Object(fields)) => {
                for (name, field) in fields {
                    promised(field, &format!("{pointer}/{}", escape(name)), references);
                }
            }
            ("prefixItems", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    promised(item, &format!("{pointer}/{index}"), references);
                }
            }
            (_, Value::Array(items)) => items.iter().for_each(|item| promised(item, pointer, references)),
            ("patternProperties" | "$defs" | "dependentSchemas", Value::Object(named)) => {
                named.values().for_each(|schema| promised(schema, pointer, references));
            }
            (_, value) => promised(value, pointer, references),
        }
    }
}
