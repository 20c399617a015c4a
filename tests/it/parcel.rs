//! A page of a vendor that nobody has, the passages of its clauses, and contracts for it.

use proviso::contract::{Loaded, load};
use std::fs;
use tempfile::TempDir;

/// A page of a vendor that nobody has; cells of its tables are parted by tabs.
pub(crate) const PAGE: &str = "\
Close a parcel
Closes a parcel, so that nothing more can be put into it. Größe und Gewicht bleiben stehen.
Needs
parcel_id\ttext\tnames the parcel, as in parcel_test_7
weight\tnumber\tat most 12.50 kilograms
Answers
200 \"closed\" becomes true
The parcel's lid is shut - once and for all.
409 The parcel is already shut
{ \"state\": \"closed\", \"shut\": true, \"lids\": [] }
const shut = parcel.close();
Ids match /parcel(_test)?_[0-9]+/ everywhere
code\tmeaning\tremedy
already_shut\tThe lid was shut before\tOpen another parcel
no_parcel\tNothing has this id\tCompare the ids
";

/// For each clause a passage of [`PAGE`] and a word of it that no other passage has.
pub(crate) const CLAUSES: [(&str, &str, &str); 12] = [
    ("effects.closed", "Closes a parcel, so that nothing more can be put into it.", "nothing"),
    ("effects.kept", "Größe und Gewicht bleiben stehen", "Gewicht"),
    ("request.id", "parcel_id\ttext\tnames the parcel, as in parcel_test_7", "names"),
    ("request.weight", "weight\tnumber\tat most 12.50 kilograms", "most"),
    ("200.closed", "200 \"closed\" becomes true", "becomes"),
    ("200.lid", "The parcel's lid is shut - once and for all", "once"),
    ("409.status", "409 The parcel is already shut", "already"),
    ("200.parcel", "\"state\": \"closed\", \"shut\": true, \"lids\": []", "lids"),
    ("samples.close", "const shut = parcel.close()", "const"),
    ("request.pattern", "Ids match /parcel(_test)?_[0-9]+/ everywhere", "everywhere"),
    ("errors.already_shut", "already_shut\tThe lid was shut before", "before"),
    ("errors.no_parcel", "no_parcel\tNothing has this id\tCompare the ids", "Compare"),
];

const VENDOR: &str = "\
version: 1
vendor: acme
targets: { sandbox: { origin: \"https://acme.example\", mode: test } }
resources: { parcel: { id: { pattern: \"^p$\", new: p } } }
";

/// A folder with the contract of [`PAGE`], in which a clause more or less may stand.
pub(crate) fn contracts(change: impl Fn(Vec<&str>) -> Vec<&str>) -> (TempDir, Loaded) {
    let folder = TempDir::new().unwrap();
    let vendor = folder.path().join("acme");
    fs::create_dir(&vendor).unwrap();
    fs::write(vendor.join("vendor.yaml"), VENDOR).unwrap();
    let clause = |id: &str| format!("  {id}: {{ says: \"Something\", untestable: \"a page for tests\" }}");
    let clauses = change(CLAUSES.iter().map(|(id, ..)| *id).collect()).into_iter().map(clause);
    let clauses = clauses.collect::<Vec<_>>().join("\n");
    let operation = format!(
        "version: 1\noperation: parcels.close\npage: {{ id: close, url: \"https://acme.example/close\", read: \"2026-11-20\" }}\n\
         request: POST /parcels/{{id}}\npath: {{ id: parcel }}\nclauses:\n{clauses}\n\
         outcomes: {{ closed: {{ status: 200, body: any }} }}\n\
         rows: {{ live: {{ when: {{ parcel: live }}, then: closed, inferred: \"a test\" }} }}\n"
    );
    fs::write(vendor.join("parcels.close.yaml"), operation).unwrap();
    let loaded = load(&[folder.path().to_owned()]);
    assert!(loaded.mistakes.is_empty(), "{:?}", loaded.mistakes);
    (folder, loaded)
}
