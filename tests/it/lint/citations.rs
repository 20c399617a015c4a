//! Every citation of the five contracts counts: without it, its clause is told, at the clause's own line.

use super::copy::Copy;
use proviso::text::diagnostic::Code;
use proviso::text::source::{Place, Tree};
use serde_json::Value;
use std::ops::Range;

/// A citation in a file: the clause or section, the bytes of the element with a comma beside it.
struct Written {
    cite: String,
    bytes: Range<usize>,
}

/// Every element of every `cites` in a file.
fn citations(tree: &Tree, text: &str) -> Vec<Written> {
    let mut found = Vec::new();
    collect(&tree.value, &Place::root(proviso::text::source::FileId(0)), tree, text, &mut found);
    found
}

fn collect(value: &Value, at: &Place, tree: &Tree, text: &str, found: &mut Vec<Written>) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        let at = at.child(key);
        for (index, cite) in value.as_array().filter(|_| key == "cites").into_iter().flatten().enumerate() {
            let mut bytes = tree.span(&at.index(index).pointer).unwrap();
            let rest = &text[bytes.end..];
            if rest.starts_with(", ") {
                bytes.end += 2;
            } else if text[..bytes.start].ends_with(", ") {
                bytes.start -= 2;
            }
            found.push(Written { cite: cite.as_str().unwrap().to_owned(), bytes });
        }
        collect(value, &at, tree, text, found);
    }
}

/// Takes citations away one at a time, and returns how many there were.
fn each_counts(folder: &str, file: &str) -> usize {
    let copy = Copy::of(folder);
    let file = file.to_owned();
    let found = copy.lint();
    let (_, source) = found.loaded.sources.iter().find(|(_, source)| source.path().ends_with(&file)).unwrap();
    let text = source.text().to_owned();
    let cited = citations(source.tree().unwrap(), &text);
    for Written { cite, bytes } in &cited {
        let mut changed = text.clone();
        changed.replace_range(bytes.clone(), "");
        copy.write(&file, &changed);
        let found = copy.lint();
        let uncited = found.mistakes.iter().filter(|mistake| mistake.code == Code::UncitedClause);
        let told: Vec<String> = uncited
            .map(|mistake| {
                let span = mistake.span(&found.loaded.sources).unwrap();
                found.loaded.sources[span.file].text()[span.range].to_owned()
            })
            .collect();
        let section = cite.strip_suffix('*');
        assert!(!told.is_empty(), "{file}: nobody misses {cite} at {bytes:?}");
        for clause in told {
            let meant = section.map_or(clause == *cite, |section| clause.starts_with(section));
            assert!(meant, "{file}: without {cite}, {clause} is told");
        }
    }
    cited.len()
}

/// A test for each file, with the least number of citations that must have been tried.
macro_rules! files {
    ($($test:ident $folder:literal $file:literal $least:literal)*) => {
        $(#[test] fn $test() {
            let tried = each_counts($folder, $file);
            assert!(tried >= $least, "{tried}");
        })*
    };
}

files! {
    every_citation_counts_on_deleting_a_link "specs/omise" "links.delete.yaml" 25
    every_citation_counts_on_retrieving_a_link "specs/omise" "links.retrieve.yaml" 10
    every_citation_counts_on_deleting_a_linked_account "specs/omise" "linked_accounts.delete.yaml" 15
    every_citation_counts_in_shared_sections "specs/omise" "vendor.yaml" 11
    every_citation_counts_on_deleting_a_payment_link "specs/gafapay" "payment_links.delete.yaml" 20
    every_citation_counts_on_deleting_a_pay_link "specs/mytpe" "pay_links.delete.yaml" 12
    every_citation_counts_in_the_other_shared_section "specs/mytpe" "vendor.yaml" 2
}
