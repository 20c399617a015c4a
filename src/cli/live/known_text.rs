//! Entries under `known:` as text: written as a person would, and put into `proviso.yaml` so that all else in it stays as it is.

use crate::cli::live::is_day;
use proviso::run::event::KnownInfo;
use proviso::text::source::{FileId, Tree, text_from, text_part};
use proviso::text::visible;
use proviso::text::yaml::{LARGEST_FILE, parse_tree};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The key of the entries in the file, and the pointer to them.
const KEY: &str = "known";
const POINTER: &str = "/known";

/// The text of a file with further entries, or why they cannot be put into it. Whether a text is right is not known by its form but by
/// reading it: the old values and the further entries have to be in it, and nothing else.
pub(crate) fn with_entries(text: &str, entries: &[KnownInfo]) -> Result<String, String> {
    let (old, _) = parse_tree(FileId(0), text);
    let old = old.unwrap_or_default();
    let added = place_entries(text, &old, entries).ok_or("`known` in it is a list between brackets")?;
    if added.len() > LARGEST_FILE {
        return Err(format!("it would have {} bytes, more than the {LARGEST_FILE} that it may have", added.len()));
    }
    let (new, mistakes) = parse_tree(FileId(0), &added);
    if let Some(mistake) = mistakes.first() {
        return Err(format!("it could not be read any more: {}", mistake.message));
    }
    match new {
        Some(new) if new.value == with_values(old.value, entries) => Ok(added),
        _ => Err("it is written in a form of which something would be lost".to_owned()),
    }
}

/// The entries below the key, for a file that has none.
pub(crate) fn entries_text(entries: &[KnownInfo]) -> String {
    format!("{KEY}:\n{}", list_text(entries, "  "))
}

/// The text with the entries in it, where there is a place for them.
fn place_entries(text: &str, tree: &Tree, entries: &[KnownInfo]) -> Option<String> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let Some(list) = tree.span(POINTER) else {
        return Some(joined(text, &entries_text(entries), "", line_end));
    };
    let written = text_part(text, list.clone());
    let last = tree.value.get(KEY).and_then(Value::as_array).map_or(0, Vec::len).checked_sub(1);
    let Some(last) = last else {
        // The brackets of an empty list are taken away, and what is behind them on their line stays there.
        let (before, after) = (text_part(text, 0..list.start).trim_end(), text_from(text, list.end));
        let (line, rest) = after.split_once('\n').unwrap_or((after, ""));
        return Some(joined(&format!("{before}{line}"), &list_text(entries, "  "), rest, line_end));
    };
    if written.starts_with('[') {
        return None;
    }
    let first = tree.span(&format!("{POINTER}/0"))?.start;
    let (before, _) = text.split_at_checked(first)?;
    let indent = before.rsplit('\n').find_map(|line| line.split_once('-'))?.0;
    let end = line_end_after(text, tree.span(&format!("{POINTER}/{last}"))?.end);
    Some(joined(text_part(text, 0..end), &list_text(entries, indent), text_from(text, end), line_end))
}

/// The end of the line on which a value ends.
fn line_end_after(text: &str, end: usize) -> usize {
    if text_part(text, 0..end).ends_with('\n') {
        return end;
    }
    text_from(text, end).find('\n').map_or(text.len(), |more| end + more + 1)
}

/// What is before, what is added on lines of its own, and what is behind.
fn joined(before: &str, added: &str, after: &str, line_end: &str) -> String {
    let before = before.strip_suffix('\r').unwrap_or(before);
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { line_end };
    format!("{before}{gap}{}{after}", added.replace('\n', line_end))
}

fn list_text(entries: &[KnownInfo], indent: &str) -> String {
    let mut text = String::new();
    for entry in entries {
        let mut sign = '-';
        for (key, value) in keys_of(entry) {
            // Writing to a text does not fail.
            let _ = writeln!(text, "{indent}{sign} {key}: {}", scalar_text(value));
            sign = ' ';
        }
    }
    text
}

/// The keys of an entry, each with its text, in the order in which they are written.
fn keys_of(entry: &KnownInfo) -> Vec<(&'static str, &str)> {
    let mut keys = vec![("case", entry.case.as_str())];
    keys.extend(entry.target.as_deref().map(|target| ("target", target)));
    keys.push(("finding", entry.finding.as_str()));
    keys.extend(entry.place.as_deref().map(|place| ("place", place)));
    keys.extend([("reason", entry.reason.as_str()), ("owner", &entry.owner), ("expires", &entry.expires)]);
    keys
}

/// The document with the entries as values.
fn with_values(old: Value, entries: &[KnownInfo]) -> Value {
    let mut document = match old {
        Value::Object(document) => document,
        _ => Map::new(),
    };
    let known = document.entry(KEY).or_insert_with(|| json!([]));
    if let Some(known) = known.as_array_mut() {
        known.extend(entries.iter().map(|entry| keys_of(entry).into_iter().collect::<Value>()));
    }
    Value::Object(document)
}

/// A text as YAML: plain where any reader takes it for text, else within double quotes.
fn scalar_text(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && !text.ends_with(' ')
        && text.chars().all(|sign| sign.is_ascii_alphanumeric() || " _./-".contains(sign))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    let is_day = text.len() == 10 && is_day(text);
    if is_plain || is_day { text.to_owned() } else { visible::json(&json!(text).to_string()).into_owned() }
}
