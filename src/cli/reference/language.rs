//! The language from its own schemas, and the words that schemas do not have.

use super::{any_of, heading, table, typed};
use crate::cli::settings;
use proviso::contract::condition::{WRONG, WRONG_MEANS};
use proviso::contract::lint::{BUILT_IN, BUILT_IN_MEANS};
use proviso::contract::schema::FileKind;
use proviso::text::secret::SECRET_NAMES;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Types by their names.
type Types<'a> = BTreeMap<&'a str, &'a Value>;
/// The keys of a mapping.
type Keys = Map<String, Value>;

/// Writes the chapters.
pub(super) fn write(page: &mut String) {
    heading(page, 2, "The language");
    page.push_str("What is a link in a table has a table of its own. Keys that are not needed may be left out.\n");
    let operation = FileKind::Operation.schema();
    let files = [
        ("A vendor's file: `vendor.yaml`", FileKind::Vendor.schema()),
        ("An operation's file", operation),
        ("A project's settings: `proviso.yaml`", settings::CHECKER.schema()),
    ];
    let types = files.iter().filter_map(|(_, schema)| schema.get("$defs")?.as_object()).flatten();
    let types: Types<'_> = types.map(|(name, of)| (name.as_str(), of)).collect();
    for (title, schema) in files {
        heading(page, 3, title);
        keys(page, schema, &types);
    }
    for (name, schema) in &types {
        section(page, name, schema, operation, &types);
    }
    words(page);
}

/// What the schemas leave to lists: the words of conditions, the names of references.
fn words(page: &mut String) {
    heading(page, 2, "States");
    let of = |words: &[&str], meanings: &[&str]| -> Vec<Vec<String>> {
        words.iter().zip(meanings).map(|(word, meaning)| vec![typed(word), (*meaning).to_owned()]).collect()
    };
    page.push_str("A resource is in a state that a row leads to or that a fixture supplies, by any name, or its id is wrong in one of these ways:\n\n");
    table(page, &["an id that is", "means"], of(&WRONG, &WRONG_MEANS));
    heading(page, 2, "References");
    page.push_str(
        "A `$name` stands in requests, constants, `enum` and `examples`, for a credential of the vendor, for a resource (`$link.id`, \
         `$link.sent.FIELD`, or what a row captured, `$link.NAME`), or for one of these. `$alnumN`, \
         `$hexN` and `$digitsN` are N fresh letters and digits; `$$` is a dollar.\n\n",
    );
    table(
        page,
        &["reference", "stands for"],
        of(&BUILT_IN, &BUILT_IN_MEANS).into_iter().map(|mut row| {
            if let Some(name) = row.first_mut() {
                *name = name.replacen('`', "`$", 1);
            }
            row
        }),
    );
    names_of_secrets(page);
}

fn names_of_secrets(page: &mut String) {
    heading(page, 2, "Names of secrets");
    let names: Vec<String> = SECRET_NAMES.iter().map(typed).collect();
    let _ = writeln!(
        page,
        "The value of a field, a parameter or a header is hidden in every output and every snapshot if its name, or the last words of its\n\
         name, are one of these, in any letter case and with any separators between words. `shown` in a contract says otherwise.\n\n{}",
        names.join(", ")
    );
}

/// A type that has keys or words of its own.
fn section(page: &mut String, name: &str, schema: &Value, operation: &Value, types: &Types<'_>) {
    if let Some(choices) = choices(schema) {
        heading(page, 3, name);
        about(page, schema);
        table(page, &["word", "means"], choices);
        return;
    }
    let Some(long) = long_form(schema) else { return };
    heading(page, 3, name);
    about(page, schema);
    let others = other_forms(schema, types);
    if !others.is_empty() {
        let _ = writeln!(page, "{}, or a mapping:\n", capital(&any_of(&others)));
    }
    match lacking(long, operation) {
        Some(lacking) => {
            let lacking: Vec<_> = lacking.iter().map(typed).collect();
            let _ = writeln!(
                page,
                "The keys of [an operation's file](#an-operations-file), without {}.",
                lacking.join(", ")
            );
        }
        None => keys(page, long, types),
    }
}

/// The keys that a mapping of the same keys as another one has not; `None` where it is no such mapping.
fn lacking<'a>(of: &Value, whole: &'a Value) -> Option<Vec<&'a String>> {
    let (own, whole) = (properties(of)?, properties(whole)?);
    let same = own.len() > whole.len() / 2 && own.keys().all(|key| whole.contains_key(key));
    same.then(|| whole.keys().filter(|key| !own.contains_key(*key)).collect())
}

/// A paragraph with what a type is.
fn about(page: &mut String, schema: &Value) {
    if let Some(text) = description(schema) {
        let _ = writeln!(page, "{text}\n");
    }
}

/// The table of a mapping's keys.
fn keys(page: &mut String, schema: &Value, types: &Types<'_>) {
    let needed: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut rows = Vec::new();
    for (key, of) in properties(schema).into_iter().flatten() {
        let is_needed = if needed.contains(&key.as_str()) { "yes" } else { "" };
        let meaning = description(of).or_else(|| description(types.get(target(of)?)?)).unwrap_or_default();
        rows.push(vec![typed(key), kind(of, types), is_needed.to_owned(), meaning.to_owned()]);
    }
    if let Some(of) = schema.get("additionalProperties").filter(|of| of.is_object()) {
        rows.push(vec!["any other".to_owned(), kind(of, types), String::new(), "By its name.".to_owned()]);
    }
    table(page, &["key", "is", "needed", "meaning"], rows);
}

fn properties(schema: &Value) -> Option<&Keys> {
    schema.get("properties").and_then(Value::as_object)
}

fn description(schema: &Value) -> Option<&str> {
    schema.get("description").and_then(Value::as_str)
}

fn alternatives(schema: &Value) -> impl Iterator<Item = &Value> {
    schema.get("anyOf").and_then(Value::as_array).into_iter().flatten()
}

/// The words of a type that is one of a few, each with what it means.
fn choices(schema: &Value) -> Option<Vec<Vec<String>>> {
    let choice = |of: &Value| Some(vec![typed(of.get("const")?.as_str()?), description(of)?.to_owned()]);
    schema.get("oneOf")?.as_array()?.iter().map(choice).collect()
}

/// The form of a type that is a mapping with keys.
fn long_form(schema: &Value) -> Option<&Value> {
    if properties(schema).is_some() {
        return Some(schema);
    }
    alternatives(schema).find(|form| properties(form).is_some())
}

/// The forms of a type beside its mapping, in words.
fn other_forms(schema: &Value, types: &Types<'_>) -> Vec<String> {
    alternatives(schema).filter(|form| properties(form).is_none()).map(|form| kind(form, types)).collect()
}

/// The name of the type that a schema refers to.
fn target(schema: &Value) -> Option<&str> {
    let refers = |schema: &'_ Value| schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
    let of = alternatives(schema).find(|form| refers(form).is_some()).unwrap_or(schema);
    of.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next())
}

/// What a value is, in a few words.
fn kind(schema: &Value, types: &Types<'_>) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        let Some(of) = types.get(name) else { return name.to_owned() };
        let has_section = choices(of).is_some() || long_form(of).is_some();
        return if has_section { format!("[{name}](#{})", name.to_lowercase()) } else { kind(of, types) };
    }
    if let Some(constant) = schema.get("const") {
        return typed(constant.as_str().map_or_else(|| constant.to_string(), str::to_owned));
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let words: Vec<String> = words.iter().filter_map(Value::as_str).map(typed).collect();
        return any_of(&words);
    }
    let forms: Vec<String> =
        alternatives(schema).map(|form| kind(form, types)).filter(|form| !form.is_empty()).collect();
    if !forms.is_empty() {
        return any_of(&forms);
    }
    let of_type = |name: &str| match name {
        "string" => "text".to_owned(),
        "integer" | "number" => "a number".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "array" => {
            format!("a list of {}", schema.get("items").map_or_else(|| "values".to_owned(), |of| kind(of, types)))
        }
        "object" => match schema.get("additionalProperties").filter(|of| of.is_object()) {
            Some(of) => format!("names, each with {}", kind(of, types)),
            None => "a mapping".to_owned(),
        },
        // Null is how a key is left out; where it means something, the meaning says so.
        _ => String::new(),
    };
    match schema.get("type") {
        Some(Value::String(name)) => of_type(name),
        Some(Value::Array(names)) => {
            let names: Vec<String> =
                names.iter().filter_map(Value::as_str).map(of_type).filter(|name| !name.is_empty()).collect();
            any_of(&names)
        }
        _ => "any value".to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
