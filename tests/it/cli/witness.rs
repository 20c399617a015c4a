//! `proviso coverage --witness`: the promises for which nothing came that shows them.

use super::Project;
use std::path::Path;

/// A project with the vendor that has a page for every call.
fn paged() -> Project {
    let project = Project::empty();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/paged/orders");
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        project.write(&format!("specs/orders/{name}"), &std::fs::read_to_string(&file).unwrap());
    }
    project
}

/// The coverage of a run of the project's own.
fn unseen(project: &Project) -> String {
    let told = project.run(&["run", "--baseline", "none"]);
    assert_eq!(told.code, 0, "{told:?}");
    let told = project.run(&["coverage", "--witness"]);
    assert_eq!(told.code, 0, "{told:?}");
    told.out
}

#[test]
fn a_promise_that_nothing_came_to_show_is_told_until_it_comes() {
    let project = paged();
    let before = unseen(&project);
    for promise in
        ["made: /note is there", "made: /lines has an item", "made: /size is \"large\"", "again: answered as idle"]
    {
        assert!(before.contains(&format!("not witnessed  {promise}\n")), "{promise}\n{before}");
    }
    for seen in ["/size is \"small\"", "answered as done", "/count"] {
        assert!(!before.contains(seen), "{seen}\n{before}");
    }
    project.change(
        "specs/orders/vendor.yaml",
        "minLength: 1 } } } }",
        "minLength: 1 } } }, examples: [[{ sku: a }]] }",
    );
    let after = unseen(&project);
    assert!(!after.contains("/lines has an item"), "{after}");
    assert!(after.contains("not witnessed  made: /note is there"), "{after}");
}

#[test]
fn less_than_is_asked_for_fails() {
    let project = paged();
    unseen(&project);
    assert_eq!(project.run(&["coverage", "--fail-under", "witness=20%,causes=100%"]).code, 0);
    let told = project.run(&["coverage", "--fail-under", "witness=95%"]);
    assert_eq!(told.code, 1, "{told:?}");
    assert!(told.err.contains("of 11 promises, and 95% is asked for"), "{}", told.err);
    assert_eq!(project.run(&["coverage", "--fail-under", "witnesses=95%"]).code, 2);
}

#[test]
fn each_type_and_each_alternative_of_a_field_is_a_promise_of_its_own() {
    let project = paged();
    let code =
        "code: { anyOf: [{ type: string, minLength: 3 }, { type: integer }, { const: $order.id }], examples: [7] }";
    let nick = "nick: { type: [string, 'null'], examples: [null] }";
    let (from, to) = ("fields: { receipt:", format!("fields: {{ {code}, {nick}, receipt:"));
    project.change("specs/orders/orders.create.yaml", from, &to);
    let text = unseen(&project);
    for unseen in ["/code fits alternative 1", "/code fits alternative 3", "/nick is of type string"] {
        assert!(text.contains(&format!("not witnessed  made: {unseen}\n")), "{unseen}\n{text}");
    }
    for seen in ["/code fits alternative 2", "/nick is of type null"] {
        assert!(!text.contains(seen), "{seen}\n{text}");
    }
    project.change("specs/orders/orders.create.yaml", "examples: [7]", "examples: [$order.id]");
    let text = unseen(&project);
    assert!(!text.contains("alternative 1") && !text.contains("alternative 3"), "{text}");
    assert!(text.contains("alternative 2"), "{text}");
}
