//! The two files of a contract to begin with, from what is known of a vendor: short, and in the order of a page.

use super::capitalise;
use super::first_operation::{FirstOperation, OperationKind};
use super::key_place::KeyPlace;
use proviso::contract::variable_prefix;

/// The facts about a vendor that its first contract is made of.
#[derive(Debug, Clone)]
pub(super) struct VendorFacts {
    pub(super) name: String,
    pub(super) origin: String,
    pub(super) keys: KeyPlace,
    pub(super) operation: FirstOperation,
    /// The day, such as `2027-01-31`.
    pub(super) today: String,
}

impl VendorFacts {
    /// `vendor.yaml`.
    pub(super) fn vendor_file(&self) -> String {
        let Self { name, origin, .. } = self;
        let mut text = format!(
            "# yaml-language-server: $schema=../vendor.schema.json\n\
             # What all pages of {title} share. `proviso lint` finds mistakes, `proviso {name}/` runs the cases on the mock.\n\
             version: 1\n\
             vendor: {name}\n\
             title: {title}\n\
             targets:\n\
             \x20 sandbox:                               # where `--target sandbox` goes\n\
             \x20   origin: {origin}\n\
             \x20   mode: test                           # or `key`: the key picks test or live; or `undocumented`\n",
            title = capitalise(name),
        );
        if let (Some(auth), Some(unknown)) = (self.keys.yaml("$key"), self.keys.yaml("test_$alnum24")) {
            text += &format!(
                "credentials:                             # `test`: how test keys begin; the mock makes its own\n\
                 \x20 key: {{ env: {prefix}API_KEY, test: \"^test_\", mock: test_$alnum24 }}\n\
                 auth: {auth}\n\
                 refused:                                 # each is sent instead of `auth`\n\
                 \x20 missing: {{}}\n\
                 \x20 unknown: {unknown}\n",
                prefix = variable_prefix(name),
            );
        }
        text + &self.resource_text()
    }

    /// The resource, and the calls that make and show it.
    fn resource_text(&self) -> String {
        let operation = &self.operation;
        if operation.kind == OperationKind::Calls {
            return String::new();
        }
        let (resource, parameter) = (operation.resource(), operation.parameter());
        let (collection, item) = (operation.collection(), operation.item_path());
        let mut text = format!(
            "resources:                               # `pattern`: how ids look; `new`: an id that nothing has\n\
             \x20 {resource}: {{ id: {{ pattern: \"^[0-9A-Za-z_-]+$\", new: $alnum20 }} }}\n\
             operations:                              # other calls that the cases need\n"
        );
        if operation.kind != OperationKind::Creates {
            text += &format!(
                "\x20 {collection}.create:\n\
                 \x20   request: POST {path}\n\
                 \x20   json: {{ amount: 100, note: $mark }}   # the mark shows what a run has made\n\
                 \x20   outcomes:\n\
                 \x20     created: {{ status: [200, 201], fields: {{ id: ${resource}.id }} }}\n\
                 \x20   rows:\n\
                 \x20     new: {{ when: {{}}, then: created, leads: {{ {resource}: live }}, capture: {{ id: /id }}, inferred: the page on creating }}\n",
                path = operation.collection_path(),
            );
        }
        if operation.kind != OperationKind::Reads {
            let (shown, gone) = self.read_rows();
            text += &format!(
                "\x20 {collection}.retrieve:\n\
                 \x20   request: GET {item}\n\
                 \x20   path: {{ {parameter}: {resource} }}\n\
                 \x20   outcomes:\n\
                 {shown}\
                 \x20     absent: {{ status: 404, fields: {{ message: {{ type: string, minLength: 1 }} }} }}\n\
                 \x20   rows:\n\
                 {gone}"
            );
        }
        text
    }

    /// The outcomes and the rows of the call that shows a thing.
    fn read_rows(&self) -> (String, String) {
        let operation = &self.operation;
        let (resource, state) = (operation.resource(), operation.state());
        let inferred = "inferred: the page on retrieving";
        let row = |name: &str, when: &str, then: &str| {
            format!("      {name}: {{ when: {{ {resource}: {when} }}, then: {then}, {inferred} }}\n")
        };
        let shown = |name: &str, more: &str| {
            format!("      {name}: {{ status: 200, fields: {{ id: ${resource}.id{more} }} }}\n")
        };
        match operation.kind {
            OperationKind::Deletes => (
                shown("found", ""),
                row("live", "live", "found") + &row("gone", &format!("[{state}, unknown]"), "absent"),
            ),
            OperationKind::Acts => (
                shown("live", ", state: active") + &shown(&state, &format!(", state: {state}")),
                row("live", "live", "live") + &row(&state, &state, &state) + &row("unknown", "unknown", "absent"),
            ),
            _ => (shown("found", ""), row("live", "live", "found") + &row("unknown", "unknown", "absent")),
        }
    }

    /// The file of the first operation.
    pub(super) fn operation_file(&self) -> String {
        let Self { name: vendor, operation, today, .. } = self;
        let (resource, verb) = (operation.resource(), operation.verb());
        let title = if operation.kind == OperationKind::Calls {
            capitalise(operation.collection())
        } else {
            let article = if resource.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("{} {article} {}", capitalise(verb), resource.replace('_', " "))
        };
        let page = title.to_lowercase().replace(" an ", "-").replace(" a ", "-").replace([' ', '_', '.'], "-");
        let mut text = format!(
            "# yaml-language-server: $schema=../operation.schema.json\n\
             # One page: what it says (`clauses`), what comes back (`outcomes`) and when (`rows`).\n\
             version: 1\n\
             operation: {name}\n\
             title: {title}\n\
             page: {{ id: {page}, url: \"https://docs.{vendor}.example/{page}\", read: \"{today}\" }}\n\
             request: {method} {path}\n",
            name = operation.name(),
            method = operation.method,
            path = operation.path,
        );
        if operation.path.contains('{') {
            text += &format!("path: {{ {}: {resource} }}\n", operation.parameter());
        }
        text += match operation.kind {
            OperationKind::Creates => "json: { amount: 100, note: $mark }       # the mark shows what a run has made\n",
            OperationKind::Updates => "json: { amount: 200 }\n",
            _ => "",
        };
        let mut parts = [self.right_row(), self.missing_thing(), self.missing_keys()];
        for (heading, part) in [("clauses", 0), ("outcomes", 1), ("rows", 2)] {
            text += &format!("\n{heading}:\n");
            for lines in parts.iter_mut().filter_map(|lines| lines.get_mut(part)) {
                text += lines;
            }
        }
        text
    }

    /// The clauses, outcomes and rows of a request with which all is right.
    fn right_row(&self) -> Vec<String> {
        let operation = &self.operation;
        let (resource, state) = (operation.resource(), operation.state());
        let status = if operation.kind == OperationKind::Creates { "201" } else { "200" };
        let (field, promised) = match operation.kind {
            OperationKind::Calls => (String::new(), "body: { type: object }".to_owned()),
            OperationKind::Acts => (
                format!("  200.state: \"Its state is {state}\"\n"),
                format!("fields: {{ id: ${resource}.id, state: {state} }}"),
            ),
            _ => (
                format!("  {status}.id: \"The answer has the id of the {}\"\n", resource.replace('_', " ")),
                format!("fields: {{ id: ${resource}.id }}"),
            ),
        };
        let (outcome, when, leads) = match operation.kind {
            OperationKind::Calls => ("found".to_owned(), "{}".to_owned(), String::new()),
            OperationKind::Creates => {
                let leads = format!(", leads: {{ {resource}: live }}, capture: {{ id: /id }}");
                (state, "{}".to_owned(), leads)
            }
            OperationKind::Reads => ("found".to_owned(), format!("{{ {resource}: live }}"), String::new()),
            OperationKind::Updates => (state, format!("{{ {resource}: live }}"), String::new()),
            OperationKind::Deletes | OperationKind::Acts => {
                let leads = format!(", leads: {{ {resource}: {state} }}");
                (state, format!("{{ {resource}: live }}"), leads)
            }
        };
        let row = if when == "{}" { "right" } else { "live" };
        vec![
            format!(
                "  request.method: \"The method is {}\"\n  {status}.status: \"The status is {status}\"\n{field}",
                operation.method
            ),
            format!("  {outcome}: {{ status: {status}, {promised}, cites: [{status}.*] }}\n"),
            format!("  {row}: {{ when: {when}, then: {outcome}{leads}, cites: [request.method] }}\n"),
        ]
    }

    /// Those of a thing that is not there.
    fn missing_thing(&self) -> Vec<String> {
        let operation = &self.operation;
        if !operation.path.contains('{') {
            return Vec::new();
        }
        let (resource, state) = (operation.resource(), operation.state());
        let name = resource.replace('_', " ");
        let mut texts = vec![
            format!(
                "  404.status: \"What is not found is answered with 404\"\n  404.unknown: \"No {name} has this id\"\n"
            ),
            "  not_found: { status: 404, fields: { message: { type: string, minLength: 1 } }, cites: [404.status] }\n"
                .to_owned(),
            format!("  unknown: {{ when: {{ {resource}: unknown }}, then: not_found, cites: [404.unknown] }}\n"),
        ];
        if operation.kind == OperationKind::Deletes
            && let [clauses, _, rows] = texts.as_mut_slice()
        {
            *clauses += &format!("  404.{state}: \"The {name} was {state} before\"\n");
            *rows +=
                &format!("  {state}: {{ when: {{ {resource}: {state} }}, then: not_found, cites: [404.{state}] }}\n");
        }
        texts
    }

    /// Those of a key that fails.
    fn missing_keys(&self) -> Vec<String> {
        if self.keys == KeyPlace::None {
            return Vec::new();
        }
        vec![
            "  401.status: \"A key that fails is answered with 401\"\n  401.missing: \"The key is missing\"\n  401.unknown: \"The key is not known\"\n".to_owned(),
            "  refused: { status: 401, fields: { message: { type: string, minLength: 1 } }, cites: [401.status] }\n".to_owned(),
            "  no_key: { when: { credentials: missing }, then: refused, cites: [401.missing] }\n\
             \x20 unknown_key: { when: { credentials: unknown }, then: refused, cites: [401.unknown] }\n".to_owned(),
        ]
    }
}
