//! `proviso schema`: what is committed is what the types say.

use super::{Project, proviso};
use serde_json::Value;
use std::path::Path;

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = proviso(repository).args(["schema", "--check"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_contract_file_names_its_schema() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    for vendor in std::fs::read_dir(specs).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(vendor.path()).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "yaml") {
                let kind = if file.ends_with("vendor.yaml") { "vendor" } else { "operation" };
                let modeline = format!("# yaml-language-server: $schema=../{kind}.schema.json\n");
                assert!(std::fs::read_to_string(&file).unwrap().starts_with(&modeline), "{}", file.display());
            }
        }
    }
}

#[test]
fn a_schema_that_differs_or_lacks_is_told() {
    let project = Project::empty();
    assert_eq!(project.run(&["schema", "--write"]).code, 0);
    assert_eq!(project.run(&["schema", "--check"]).code, 0);
    project.change("specs/vendor.schema.json", "\"A vendor's file\"", "\"Another file\"");
    std::fs::remove_file(project.path().join("specs/operation.schema.json")).unwrap();
    let told = project.run(&["schema", "--check"]);
    assert_eq!(told.code, 2);
    for expected in
        ["specs/vendor.schema.json is not", "specs/operation.schema.json is missing", "proviso schema --write"]
    {
        assert!(told.err.contains(expected), "{expected}\n{}", told.err);
    }
}

#[test]
fn schemas_are_valid_and_are_printed_one_or_all() {
    let project = Project::empty();
    let all: Value = serde_json::from_str(&project.run(&["schema"]).out).unwrap();
    for (which, file) in [
        ("vendor", "vendor.schema.json"),
        ("operation", "operation.schema.json"),
        ("settings", "proviso.schema.json"),
        ("report", "report.schema.json"),
        ("comparison", "comparison.schema.json"),
    ] {
        let one: Value = serde_json::from_str(&project.run(&["schema", which]).out).unwrap();
        assert_eq!(all[file], one);
        assert!(jsonschema::meta::is_valid(&one), "{which}");
    }
    assert_eq!(project.run(&["schema", "nothing"]).code, 2);
}
