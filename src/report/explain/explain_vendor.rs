//! A vendor: where it answers, what its credentials are, and its operations.

use super::Explanation;
use super::excerpt::page_words;
use crate::contract::{Loaded, Operation, Vendor};

/// Explains a vendor.
pub(super) fn explain_vendor(loaded: &Loaded, vendor: &Vendor) -> Explanation {
    let file = &vendor.file;
    let targets = file.targets.iter().map(|(name, target)| format!("{name}: {}", target.origin));
    let credentials = file.credentials.iter().map(|(name, credential)| format!("{name}: ${}", credential.env));
    let fixtures = file.resources.iter().flat_map(|(resource, declared)| {
        declared.fixtures.iter().map(move |(state, variable)| format!("a {resource} that is `{state}`: ${variable}"))
    });
    let support = vendor.operations.iter().filter(|operation| operation.page.is_none());
    let at = loaded.sources.iter().map(|(_, source)| source.path()).find(|path| {
        path.ends_with("vendor.yaml") && path.parent().is_some_and(|folder| folder.ends_with(&vendor.name))
    });
    Explanation::new(vendor.name.as_str())
        .part("What", file.title.iter())
        .part("Answers at", targets)
        .part("Credentials", credentials)
        .part("Fixtures", fixtures)
        .part("Pages", vendor.documented().flat_map(|operation| operation_lines(vendor, operation)))
        .part("Support", support.map(|operation| format!("{}: {} {}", operation.name, operation.method, operation.url)))
        .part("Written", at.map(|path| path.display().to_string()))
        .part("More", [format!("proviso explain --graph {}", vendor.name)])
}

fn operation_lines(vendor: &Vendor, operation: &Operation) -> Vec<String> {
    let head = format!("{}/{}: {} {}", vendor.name, operation.name, operation.method, operation.url);
    let mut lines = vec![head];
    lines.extend(operation.page.iter().map(|page| format!("  {}", page_words(page))));
    let rows: Vec<&str> = operation.rows.keys().map(String::as_str).collect();
    lines.push(format!("  rows: {}", rows.join(", ")));
    lines
}
