//! The language from its own schemas, and the words that schemas do not have.

use super::markdown_page::{MarkdownPage, any_of, typed};
use super::schema_node::SchemaNode;
use crate::cli::commands::init_vendor::capitalise;
use crate::cli::live::SETTINGS_CHECKER;
use proviso::contract::condition::{WRONG, WRONG_MEANS};
use proviso::contract::lint::{BUILT_IN, BUILT_IN_MEANS};
use proviso::contract::schema::FileKind;
use proviso::text::secret::SECRET_NAMES;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Types by their names.
type TypesByName<'a> = BTreeMap<&'a str, SchemaNode<'a>>;

/// Writes the chapters.
pub(super) fn write_language(page: &mut MarkdownPage) {
    page.heading(2, "The language");
    page.push("What is a link in a table has a table of its own. Keys that are not needed may be left out.\n");
    let operation = SchemaNode(FileKind::Operation.schema());
    let files = [
        ("A vendor's file: `vendor.yaml`", SchemaNode(FileKind::Vendor.schema())),
        ("An operation's file", operation),
        ("A project's settings: `proviso.yaml`", SchemaNode(SETTINGS_CHECKER.schema())),
    ];
    let types: TypesByName<'_> = files.iter().flat_map(|(_, schema)| schema.definitions()).collect();
    for (title, schema) in files {
        page.heading(3, title);
        write_keys(page, schema, &types);
    }
    for (name, schema) in &types {
        write_type(page, name, *schema, operation, &types);
    }
    write_states(page);
    write_references(page);
    write_secret_names(page);
}

fn write_states(page: &mut MarkdownPage) {
    page.heading(2, "States");
    page.push("A resource is in a state that a row leads to or that a fixture supplies, by any name, or its id is wrong in one of these ways:\n\n");
    page.glossary(["an id that is", "means"], WRONG.into_iter().zip(WRONG_MEANS));
}

fn write_references(page: &mut MarkdownPage) {
    page.heading(2, "References");
    page.push(
        "A `$name` may be used in requests, constants, `enum` and `examples`. It means a credential of the vendor, a resource (`$link.id`, \
         `$link.sent.FIELD`, or what a row captured, `$link.NAME`), or one of these. `$alnumN`, \
         `$hexN` and `$digitsN` are N fresh letters and digits; `$$` is a dollar.\n\n",
    );
    let references = BUILT_IN.iter().map(|name| format!("${name}"));
    page.glossary(["reference", "means"], references.zip(BUILT_IN_MEANS));
}

fn write_secret_names(page: &mut MarkdownPage) {
    page.heading(2, "Names of secrets");
    let names: Vec<String> = SECRET_NAMES.iter().map(typed).collect();
    page.push(&format!(
        "The value of a field, a parameter or a header is hidden in every output and every snapshot if its name, or the last words of its\n\
         name, are one of these, in any letter case and with any separators between words. `shown` in a contract says otherwise.\n\n{}\n",
        names.join(", ")
    ));
}

/// Writes a type that has keys or words of its own.
fn write_type(
    page: &mut MarkdownPage,
    name: &str,
    schema: SchemaNode<'_>,
    operation: SchemaNode<'_>,
    types: &TypesByName<'_>,
) {
    if let Some(choices) = schema.choices() {
        write_head(page, name, schema);
        return page.glossary(["word", "means"], choices);
    }
    let Some(long) = schema.long_form() else { return };
    write_head(page, name, schema);
    let short = schema.forms().filter(|form| !form.has_keys());
    let short: Vec<_> = short.map(|form| describe(form, types)).collect();
    if !short.is_empty() {
        page.push(&format!("{}, or a mapping:\n\n", capitalise(&any_of(&short))));
    }
    match lacking_keys(long, operation) {
        Some(lacking) => {
            let lacking: Vec<_> = lacking.into_iter().map(typed).collect();
            let lacking = lacking.join(", ");
            page.push(&format!("The keys of [an operation's file](#an-operations-file), without {lacking}.\n"));
        }
        None => write_keys(page, long, types),
    }
}

fn write_head(page: &mut MarkdownPage, name: &str, schema: SchemaNode<'_>) {
    page.heading(3, name);
    if let Some(text) = schema.description() {
        page.push(&format!("{text}\n\n"));
    }
}

/// The keys that a mapping lacks of another one; `None` where it has keys of its own, or too few of the other's.
fn lacking_keys<'a>(own: SchemaNode<'_>, whole: SchemaNode<'a>) -> Option<Vec<&'a str>> {
    let is_part = own.keys().all(|(key, _)| whole.has_key(key)) && own.keys().count() > whole.keys().count() / 2;
    is_part.then(|| whole.keys().map(|(key, _)| key).filter(|key| !own.has_key(key)).collect())
}

/// Writes the table of a mapping's keys.
fn write_keys(page: &mut MarkdownPage, schema: SchemaNode<'_>, types: &TypesByName<'_>) {
    page.columns(["key", "is", "needed", "meaning"]);
    for (key, of) in schema.keys() {
        let needed = if schema.needs(key) { "yes" } else { "" };
        let meaning = of.description().or_else(|| types.get(of.target()?)?.description());
        page.row([&typed(key), &describe(of, types), needed, meaning.unwrap_or("")]);
    }
    if let Some(of) = schema.other_keys() {
        page.row(["any other", &describe(of, types), "", "By its name."]);
    }
}

/// A value in a few words.
fn describe<'a>(schema: SchemaNode<'a>, types: &TypesByName<'a>) -> Cow<'a, str> {
    if let Some(name) = schema.reference() {
        return match types.get(name) {
            None => Cow::Borrowed(name),
            Some(of) if of.choices().is_some() || of.long_form().is_some() => {
                Cow::Owned(format!("[{name}](#{})", name.to_lowercase()))
            }
            Some(of) => describe(*of, types),
        };
    }
    if let Some(constant) = schema.constant() {
        return Cow::Owned(typed(constant));
    }
    if let Some(words) = schema.words() {
        return Cow::Owned(any_of(&words.map(typed).collect::<Vec<_>>()));
    }
    let forms = any_described(schema.forms().map(|form| describe(form, types)));
    match (forms.is_empty(), schema.types().as_slice()) {
        (false, _) => Cow::Owned(forms),
        (true, []) => Cow::Borrowed("any value"),
        (true, names) => Cow::Owned(any_described(names.iter().map(|name| describe_type(name, schema, types)))),
    }
}

fn any_described<'a>(words: impl Iterator<Item = Cow<'a, str>>) -> String {
    any_of(&words.filter(|word| !word.is_empty()).collect::<Vec<_>>())
}

fn describe_type<'a>(name: &str, schema: SchemaNode<'a>, types: &TypesByName<'a>) -> Cow<'a, str> {
    Cow::Borrowed(match (name, schema.items(), schema.other_keys()) {
        ("array", Some(of), _) => return Cow::Owned(format!("a list of {}", describe(of, types))),
        ("object", _, Some(of)) => return Cow::Owned(format!("names, each with {}", describe(of, types))),
        ("array", None, _) => "a list of values",
        ("object", _, None) => "a mapping",
        ("string", ..) => "text",
        ("integer" | "number", ..) => "a number",
        ("boolean", ..) => "`true` or `false`",
        // Null is how a key is left out; where it means something, the meaning says so.
        _ => "",
    })
}
