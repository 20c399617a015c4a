//! References that have no value somewhere they are used.

use super::header_fields::own_headers;
use super::known_values::{KnownValues, Lack};
use super::patches::PATCHES;
use super::promised_references::promised_references;
use super::reference_names::{BUILT_IN, head_of, is_built_in, placed_texts, prefixes, reference_names};
use super::vendor_scope::VendorScope;
use crate::contract::language::Auth;
use crate::contract::template::draw;
use crate::contract::{Body, Operation, Outcome, Row};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;

pub(super) fn references(scope: &VendorScope<'_>, found: &mut Vec<Diagnostic>) {
    let mut check = ReferenceCheck { scope, values: KnownValues::of(scope), found };
    check.check_shared();
    check.check_drawn();
    for operation in &scope.vendor.operations {
        check.check_request(operation);
    }
    for (operation, outcome) in scope.outcomes() {
        check.check_outcome(operation, outcome);
    }
}

struct ReferenceCheck<'a, 'f> {
    scope: &'f VendorScope<'a>,
    values: KnownValues<'a>,
    found: &'f mut Vec<Diagnostic>,
}

impl<'a> ReferenceCheck<'a, '_> {
    /// Texts of the vendor's file that go into every request, whatever it names.
    fn check_shared(&mut self) {
        for (name, text) in &self.scope.vendor.file.headers {
            self.check_fixed(text, &self.scope.vendor_at("headers").child(name));
        }
        for (auth, at) in self.scope.vendor_auths() {
            for (text, at) in auth_texts(auth, &at) {
                self.check_fixed(text, &at);
            }
        }
    }

    fn check_fixed(&mut self, text: &str, at: &Place) {
        for name in self.open_names(text) {
            self.found.push(match self.values.resource(&name) {
                Some(resource) => unresolved(&name, at, format!("not every request names a `{resource}`")),
                None => self.unknown_name(&name, at),
            });
        }
    }

    /// Texts of the vendor's file in which only what is drawn anew may be.
    fn check_drawn(&mut self) {
        let file = &self.scope.vendor.file;
        for (name, credential) in &file.credentials {
            self.check_draw(&credential.mock, &self.scope.credential_at(name).child("mock"));
        }
        for (name, resource) in &file.resources {
            let at = self.scope.vendor_at("resources").child(name).child("id");
            self.check_draw(&resource.id.new, &at.child("new"));
            if let Some(text) = &resource.id.other_mode {
                self.check_draw(text, &at.child("other_mode"));
            }
            for (sample, text) in &resource.id.unknown {
                self.check_draw(text, &at.child("unknown").child(sample));
            }
            for (sample, text) in &resource.id.malformed {
                self.check_draw(text, &at.child("malformed").child(sample));
            }
        }
    }

    fn check_draw(&mut self, text: &str, at: &Place) {
        let names = reference_names(text);
        for name in names.iter().filter(|name| !prefixes(name).any(|name| draw(name).is_some())) {
            self.found.push(
                unresolved(name, at, "no request is there from which it could be taken")
                    .help("what can be drawn here is `$uuid`, `$alnumN`, `$hexN` and `$digitsN`, N from 1 to 256"),
            );
        }
    }

    /// The names in a text whose values depend on the request.
    fn open_names(&self, text: &str) -> Vec<String> {
        reference_names(text).into_iter().filter(|name| !self.is_fixed(name)).collect()
    }

    /// Whether a name has a value whatever the request: a credential, or a name with a meaning of its own.
    fn is_fixed(&self, name: &str) -> bool {
        prefixes(name).any(|name| self.scope.vendor.file.credentials.contains_key(name) || is_built_in(name))
    }

    fn unknown_name(&self, name: &str, at: &Place) -> Diagnostic {
        let file = &self.scope.vendor.file;
        let head = head_of(name);
        let classes = ["alnum", "hex", "digits"].into_iter();
        if classes.filter_map(|class| head.strip_prefix(class)).any(|length| length.parse::<u64>().is_ok()) {
            return unresolved(name, at, "so many letters are not drawn").help("a length is a number from 1 to 256");
        }
        let known = file.credentials.keys().chain(file.resources.keys()).map(String::as_str);
        unresolved(name, at, "no credential, no resource, and no name with a meaning of its own")
            .suggest(head, known.chain(BUILT_IN))
            .help("`$$` is a dollar")
    }

    /// The texts of an operation's own request, and those that its rows put into it.
    fn check_request(&mut self, operation: &'a Operation) {
        let at = &operation.at;
        let headers = own_headers(self.scope, operation).map(|(name, text)| (text, at.child("headers").child(name)));
        let query = operation.query.iter().map(|(name, text)| (text, at.child("query").child(name)));
        let mut texts = vec![(operation.url.as_str(), at.child("request"))];
        texts.extend(headers.chain(query).map(|(text, at)| (text.as_str(), at)));
        if let Some(auth) = &operation.auth {
            texts.extend(auth_texts(auth, &at.child("auth")));
        }
        match &operation.body {
            Body::None => {}
            Body::Json(json) => texts.extend(placed_texts(json, &at.child("json"))),
            Body::Form(form) => {
                texts.extend(form.iter().map(|(name, text)| (text.as_str(), at.child("form").child(name))));
            }
            Body::Raw { text, .. } => texts.push((text, at.child("raw").child("text"))),
        }
        for row in operation.rows.values() {
            let patches = row.when.0.iter().filter(|(key, _)| PATCHES.contains(&key.as_str()));
            texts.extend(patches.flat_map(|(key, patch)| placed_texts(patch, &row.at.child("when").child(key))));
        }
        for (text, at) in texts {
            for name in self.open_names(text) {
                self.check_sent(operation, &name, &at);
            }
        }
    }

    /// A reference in a request: its value has to be there before the request is sent.
    fn check_sent(&mut self, operation: &'a Operation, name: &str, at: &Place) {
        let Some(resource) = self.values.resource(name) else {
            return self.found.push(self.unknown_name(name, at));
        };
        if !operation.binds.contains(resource) {
            return self.found.push(
                unresolved(name, at, format!("the request does not name a `{resource}` by its path"))
                    .help("only what stands in the request's URL is there before it is sent"),
            );
        }
        for row in operation.rows.values() {
            let lack = self.values.lack(name, resource, row);
            self.found.extend(lack.map(|lack| lacking_value(name, at, lack)));
        }
    }

    /// The references of an outcome: for every row that has it.
    fn check_outcome(&mut self, operation: &'a Operation, outcome: &'a Outcome) {
        for (name, at) in promised_references(outcome) {
            if prefixes(&name).any(|name| name == "livemode") {
                self.check_livemode(&at);
            } else if !self.is_fixed(&name) {
                self.check_answered(operation, outcome, &name, &at);
            }
        }
    }

    fn check_livemode(&mut self, at: &Place) {
        if !self.scope.vendor.file.credentials.values().any(|credential| credential.test.is_some()) {
            self.found.push(
                unresolved("livemode", at, "no credential says what a test value looks like")
                    .help("say `test: REGEX` of the credential that picks test or live"),
            );
        }
    }

    fn check_answered(&mut self, operation: &'a Operation, outcome: &'a Outcome, name: &str, at: &Place) {
        let Some(resource) = self.values.resource(name) else {
            return self.found.push(self.unknown_name(name, at));
        };
        let is_bound = operation.binds.contains(resource);
        for row in operation.rows.values() {
            let mut branches = row.then.iter().filter(|branch| branch.outcome == outcome.id).peekable();
            if branches.peek().is_none() {
                continue;
            }
            let is_made = branches.any(|branch| branch.leads.contains_key(resource));
            let mistake = if is_bound {
                self.values.lack(name, resource, row).map(|lack| lacking_value(name, at, lack))
            } else if is_made {
                let lack = KnownValues::lack_of_new(name, resource, operation, row);
                lack.map(|lack| lacking_value(name, at, lack))
            } else {
                Some(missing_resource(name, at, resource, operation, row))
            };
            self.found.extend(mistake);
        }
    }
}

/// The texts of an auth, with their places.
fn auth_texts<'t>(auth: &'t Auth, at: &Place) -> Vec<(&'t str, Place)> {
    let texts = auth.texts().into_iter();
    texts.map(|(path, text)| (text, path.into_iter().fold(at.clone(), |at, name| at.child(name)))).collect()
}

fn unresolved(name: &str, at: &Place, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::UnresolvedReference, format!("`${name}` stands for nothing here")).at(at, label)
}

/// A reference to a resource that neither the request names nor the row makes.
fn missing_resource(name: &str, at: &Place, resource: &str, operation: &Operation, row: &Row) -> Diagnostic {
    unresolved(name, at, format!("there is no `{resource}` in the request of `{}`", operation.name))
        .at(row.at.key(), format!("and this row makes no `{resource}`"))
}

fn lacking_value(name: &str, at: &Place, lack: Lack) -> Diagnostic {
    let mistake = unresolved(name, at, lack.reason);
    let mistake = match lack.at {
        Some((place, label)) => mistake.at(place, label),
        None => mistake,
    };
    let (_, last) = name.rsplit_once('.').unwrap_or(("", name));
    mistake.suggest(last, lack.known.iter().map(String::as_str))
}
