//! From the language as written to the contract as meant: sections joined, names resolved, bodies compiled.

use crate::contract::inferred::{UnsharedPromises, note_unshared};
use crate::contract::language::{
    BodyPromise, CodePlace, Section, VendorFile, WrittenBranch, WrittenOperation, WrittenOutcome, WrittenRow,
};
use crate::contract::model::{Body, Branch, Operation, Outcome, Placed, Promise, Row, Vendor};
use crate::contract::program::Derived;
use crate::contract::request_line::{RequestLine, placeholders};
use crate::contract::section::SectionTaker;
use crate::contract::shape::{ShapeCompiler, WrittenField};
use crate::contract::shown::shown;
use crate::contract::states::states;
use crate::contract::template::Template;
use crate::contract::{OperationId, OutcomeId, RowId, VendorId};
use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::OnceLock;

/// Joins a vendor's file with the files of its operations; what cannot be resolved is told and left out.
pub(super) fn resolve(
    id: VendorId,
    file: Placed<VendorFile>,
    operations: &[Placed<WrittenOperation>],
    mistakes: &mut Vec<Diagnostic>,
) -> Vendor {
    let Placed { at, value: mut file } = file;
    let variables: Vec<_> = file.variables.iter().map(|(name, variable)| (name.clone(), variable.into())).collect();
    for (name, variable) in variables {
        // A name that is a credential's already is a mistake, which lint finds.
        file.credentials.entry(name).or_insert(variable);
    }
    let mut resolver = Resolver { file: &file, at: &at, mistakes };
    let mut resolved = Vec::new();
    for Placed { at, value } in operations {
        let name = value.operation.clone().unwrap_or_default();
        resolved.extend(resolver.operation(id.operation(resolved.len()), name, value, at));
    }
    for (name, support) in &file.operations {
        let at = at.child("operations").child(name);
        resolved.extend(resolver.operation(id.operation(resolved.len()), name.clone(), &support.0, &at));
    }
    note_unshared(&mut resolved);
    Vendor {
        id,
        name: file.vendor.clone(),
        at,
        states: states(&file, &resolved),
        partial: resolved.len() < operations.len() + file.operations.len(),
        digest: String::new(),
        file,
        operations: resolved,
        derived: Derived::default(),
    }
}

struct Resolver<'a> {
    file: &'a VendorFile,
    at: &'a Place,
    mistakes: &'a mut Vec<Diagnostic>,
}

/// What stands on a page under one heading: its own part, or a shared section.
type Entries<'a, T> = Vec<(&'a String, &'a T, Place)>;

impl<'a> Resolver<'a> {
    fn operation(
        &mut self,
        id: OperationId,
        name: String,
        written: &'a WrittenOperation,
        at: &Place,
    ) -> Option<Operation> {
        let line = RequestLine::parse(&written.request, &at.child("request"));
        let RequestLine { method, url } = line.map_err(|mistake| self.mistakes.push(mistake)).ok()?;
        let before = self.mistakes.len();
        let sections = self.sections(written, at);
        let binds = self.binds(&url, written, at);
        // Without its sections or its resources, an operation would seem to have many mistakes more.
        let broken = self.mistakes.len() > before;
        let mut clauses = IndexMap::new();
        let own = written.clauses.iter().map(|(id, clause)| (id, clause, at.child("clauses").child(id)));
        let shared = sections.iter().flat_map(|(section, place)| {
            section.clauses.iter().map(|(id, clause)| (id, clause, place.child("clauses").child(id)))
        });
        for (id, clause, at) in shared.chain(own) {
            clauses.insert(id.clone(), Placed { at, value: clause.clone() });
        }
        let outcomes = joined(&sections, &written.outcomes, at, "outcomes", |section| &section.outcomes);
        let rows = joined(&sections, &written.rows, at, "rows", |section| &section.rows);
        let taker = SectionTaker { vendor: self.at, operation: &name, at, with: &written.with };
        let outcomes: IndexMap<String, Outcome> = outcomes
            .into_iter()
            .enumerate()
            .map(|(place, (name, value, at))| (name.clone(), self.outcome(id.outcome(place), name, value, at)))
            .collect();
        let rows = rows
            .into_iter()
            .enumerate()
            .map(|(place, (name, value, at))| {
                (name.clone(), self.row(id.row(place), name, value, at, &taker, &outcomes))
            })
            .collect();
        let body = self.body(written, at);
        (!broken).then(|| Operation {
            id,
            name,
            at: at.clone(),
            title: written.title.clone(),
            page: written.page.clone(),
            with: written.with.clone(),
            binds,
            method,
            url,
            path: written.path.clone(),
            query: written.query.clone(),
            headers: headers(&self.file.headers, &written.headers),
            body,
            auth: written.auth.clone(),
            tags: written.tags.clone(),
            clauses,
            outcomes,
            rows,
            space: OnceLock::new(),
        })
    }

    fn sections(&mut self, written: &'a WrittenOperation, at: &Place) -> Vec<(&'a Section, Place)> {
        let mut found = Vec::new();
        for (index, name) in written.with.iter().enumerate() {
            match self.file.sections.get(name) {
                Some(section) => found.push((section, self.at.child("sections").child(name))),
                None => self.mistakes.push(
                    Diagnostic::error(Code::UnknownSection, format!("no section is named `{name}`"))
                        .at(at.child("with").index(index), "not under `sections` of this vendor")
                        .suggest(name, self.file.sections.keys().map(String::as_str)),
                ),
            }
        }
        found
    }

    /// The resources that a URL names, each parent before its children.
    fn binds(&mut self, url: &str, written: &WrittenOperation, at: &Place) -> Vec<String> {
        let mut binds: Vec<String> = Vec::new();
        for name in placeholders(url) {
            match written.path.get(name) {
                Some(resource) if self.known_resource(resource, &at.child("path").child(name)) => {
                    binds.push(resource.clone());
                }
                Some(_) => {}
                None => self.mistakes.push(
                    Diagnostic::error(
                        Code::UnknownPlaceholder,
                        format!("`{{{name}}}` of the request is not under `path`"),
                    )
                    .at(at.child("request"), format!("`{name}` names no resource"))
                    .help(format!("say what stands there: `path: {{ {name}: RESOURCE }}`")),
                ),
            }
        }
        for name in Template::parse(url).names() {
            let head = name.split('.').next().unwrap_or(name);
            if self.file.resources.contains_key(head) {
                binds.push(head.to_owned());
            }
        }
        for name in written.path.keys().filter(|name| !placeholders(url).any(|known| known == name.as_str())) {
            self.mistakes.push(
                Diagnostic::error(Code::UnknownPlaceholder, format!("`{name}` stands nowhere in the request"))
                    .at(at.child("path").child(name).key(), "no such placeholder")
                    .suggest(name, placeholders(url))
                    .help(format!("write `{{{name}}}` in the path of the request, or take the line away")),
            );
        }
        binds.dedup();
        let depth = |name: &String| self.ancestors(name).len();
        binds.sort_by_key(depth);
        binds
    }

    fn ancestors(&self, resource: &str) -> Vec<&str> {
        let mut line = Vec::new();
        let mut next = self.file.resources.get(resource).and_then(|resource| resource.parent.as_deref());
        while let Some(parent) = next.filter(|parent| !line.contains(parent)) {
            line.push(parent);
            next = self.file.resources.get(parent).and_then(|resource| resource.parent.as_deref());
        }
        line
    }

    fn known_resource(&mut self, name: &str, at: &Place) -> bool {
        let known = self.file.resources.contains_key(name);
        if !known {
            self.mistakes.push(
                Diagnostic::error(Code::UnknownResource, format!("no resource is named `{name}`"))
                    .at(at, "not under `resources` of this vendor")
                    .suggest(name, self.file.resources.keys().map(String::as_str)),
            );
        }
        known
    }

    fn body(&mut self, written: &WrittenOperation, at: &Place) -> Body {
        let json = written.json.clone().map(|value| ("json", Body::Json(value)));
        let form = written.form.clone().map(|fields| ("form", Body::Form(fields)));
        let raw = written.raw.clone().map(|raw| ("raw", Body::Raw { media: raw.media, text: raw.text }));
        let mut given = json.into_iter().chain(form).chain(raw);
        let Some((first, body)) = given.next() else { return Body::None };
        for (second, _) in given {
            self.mistakes.push(
                Diagnostic::error(
                    Code::SeveralBodies,
                    format!("a request has one body, and this one has `{first}` and `{second}`"),
                )
                .at(at.child(second).key(), "the second body")
                .at(at.child(first).key(), "the first body"),
            );
        }
        body
    }

    fn outcome(&mut self, id: OutcomeId, name: &str, written: &'a WrittenOutcome, at: Place) -> Outcome {
        let code = self.file.error_code.clone();
        let mut compiler = ShapeCompiler::new(&self.file.shapes, self.at.child("shapes"));
        let in_body = match (&self.file.error_code, &written.code) {
            (Some(CodePlace::Body(pointer)), Some(promise)) => {
                Some(WrittenField { pointer: pointer.clone(), promise, at: at.child("code"), inferred: None })
            }
            _ => None,
        };
        let body = match (&written.body, &written.fields, &written.like) {
            // A code in the body promises that there is one.
            (None, None, None) if in_body.is_some() => Promise::Json(compiler.compile_fields(None, None, in_body, &at)),
            (Some(BodyPromise::Any), ..) | (None, None, None) => Promise::Nothing,
            (Some(BodyPromise::Empty), ..) => Promise::Empty,
            (Some(BodyPromise::Text), ..) => Promise::Text,
            (Some(BodyPromise::Schema(schema)), ..) => {
                Promise::Json(compiler.compile_schema(schema, in_body, &at.child("body")))
            }
            (None, fields, like) => {
                Promise::Json(compiler.compile_fields(like.as_deref(), fields.as_ref(), in_body, &at))
            }
        };
        self.mistakes.append(&mut compiler.mistakes);
        if written.body.is_some() && (written.fields.is_some() || written.like.is_some()) {
            self.mistakes.push(
                Diagnostic::error(
                    Code::SeveralBodies,
                    "`body` says everything of a body, so `fields` and `like` cannot stand beside it",
                )
                .at(at.child("body").key(), "this or the others")
                .help("put `fields` or `like` inside the schema under `body`"),
            );
        }
        let shown = shown(written, &body);
        let mut outcome = Outcome {
            id,
            name: name.to_owned(),
            at,
            status: written.status.clone(),
            body,
            headers: written.headers.clone(),
            media: written.media.clone(),
            code,
            cites: written.cites.clone(),
            inferred: written.inferred.clone(),
            unshared: UnsharedPromises::default(),
            secret: written.secret.clone(),
            shown,
        };
        if let Some(expected) = &written.code {
            self.put_code(&mut outcome, expected);
        }
        outcome
    }

    fn row(
        &mut self,
        id: RowId,
        name: &str,
        written: &WrittenRow,
        at: Place,
        taker: &SectionTaker<'_>,
        outcomes: &IndexMap<String, Outcome>,
    ) -> Row {
        let (mut then, mut slips) = (Vec::new(), Vec::new());
        for (place, branch) in written.then.places(&at.child("then")) {
            if let Some(outcome) = outcomes.get(&branch.outcome) {
                let leads = branch.leads.clone().unwrap_or_else(|| written.leads.clone());
                then.push(Branch { at: place, outcome: outcome.id, leads });
            } else {
                self.mistakes.push(taker.add_to(unknown_outcome(branch, place, outcomes), &at));
                slips.push(branch.outcome.clone());
            }
        }
        Row {
            id,
            name: name.to_owned(),
            at,
            when: written.when.clone(),
            then,
            slips,
            capture: written.capture.clone(),
            cites: written.cites.clone(),
            seen_by: written.seen_by.clone(),
            because: written.because.as_ref().map(|because| because.says.clone()),
            inferred: written.inferred.clone(),
            not_inducible: written.not_inducible.clone(),
            may: written.may,
            tags: written.tags.clone(),
        }
    }

    /// Puts an outcome's `code` where the vendor's error code stands, unless that is in the body, which was compiled with it.
    fn put_code(&mut self, outcome: &mut Outcome, expected: &Value) {
        let at = outcome.at.child("code");
        match (&outcome.code, &outcome.body) {
            (Some(CodePlace::Header(name)), _) => {
                outcome.headers.insert(name.clone(), expected.clone());
            }
            (Some(CodePlace::Body(_)), Promise::Json(_)) => {}
            (place, _) => {
                let (why, help) = match place {
                    None => (
                        "the vendor's file does not say where codes stand",
                        "say `error_code: /code` in the vendor's file, or promise the field under `fields`",
                    ),
                    Some(_) => (
                        "codes stand in a JSON body, which `body` denies",
                        "promise the body by `fields`, or take `code` away",
                    ),
                };
                self.mistakes.push(
                    Diagnostic::error(Code::NoCodePlace, "`code` has no place to stand").at(at.key(), why).help(help),
                );
            }
        }
    }
}

/// Entries of sections and of the operation itself, where the operation's replace a section's or take it away.
fn joined<'a, T>(
    sections: &[(&'a Section, Place)],
    own: &'a IndexMap<String, Option<T>>,
    at: &Place,
    key: &str,
    of: impl Fn(&'a Section) -> &'a IndexMap<String, Option<T>>,
) -> Entries<'a, T> {
    let mut all: IndexMap<&String, Option<(&T, Place)>> = IndexMap::new();
    for (section, place) in sections {
        for (name, value) in of(section) {
            all.insert(name, value.as_ref().map(|value| (value, place.child(key).child(name))));
        }
    }
    for (name, value) in own {
        all.insert(name, value.as_ref().map(|value| (value, at.child(key).child(name))));
    }
    all.into_iter().filter_map(|(name, entry)| entry.map(|(value, at)| (name, value, at))).collect()
}

fn headers(vendor: &IndexMap<String, String>, own: &IndexMap<String, Option<String>>) -> IndexMap<String, String> {
    let mut headers = vendor.clone();
    for (name, value) in own {
        headers.retain(|known, _| !known.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            headers.insert(name.clone(), value.clone());
        }
    }
    headers
}

fn unknown_outcome(branch: &WrittenBranch, at: Place, known: &IndexMap<String, Outcome>) -> Diagnostic {
    let name = &branch.outcome;
    let at = if branch.leads.is_some() { at.child("outcome") } else { at };
    Diagnostic::error(Code::UnknownOutcome, format!("no outcome is named `{name}`"))
        .at(at, "neither of this operation nor of a section that it takes")
        .suggest(name, known.keys().map(String::as_str))
}
