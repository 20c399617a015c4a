//! What is no contract at all gets a clear mistake, ends, and hides nothing of its neighbours.

use super::copy::{Copy, Found};
use proviso::contract::load;
use std::fs;
use std::path::Path;

/// The codes told of the paths.
fn codes(paths: &[&Path]) -> Vec<String> {
    let paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
    Found::under(&paths).codes().into_iter().map(str::to_owned).collect()
}

/// The codes told of a vendor whose operation file holds this, with a bad neighbour that must be told as well.
fn told_of(bytes: impl AsRef<[u8]>) -> Vec<String> {
    let copy = Copy::of("tests/fixtures/lint");
    copy.write("demo/links.hostile.yaml", bytes);
    let other = copy.read("demo/vendor.yaml").replace("canary: links.create", "canary: nothing");
    copy.write("other/vendor.yaml", other.replace("vendor: demo", "vendor: other").replace("DEMO_", "OTHER_"));
    let mut codes: Vec<String> = copy.lint().codes().into_iter().map(str::to_owned).collect();
    let neighbour = codes.iter().position(|code| code == "unknown-operation");
    codes.remove(neighbour.expect("the neighbour's mistake is told too"));
    codes.retain(|code| !["shared-request", "unreachable-state", "overridden-promise"].contains(&code.as_str()));
    codes
}

#[test]
fn a_missing_folder_is_told() {
    let copy = Copy::empty();
    assert_eq!(codes(&[&copy.path().join("nowhere")]), ["file-missing"]);
}

#[test]
fn a_folder_without_contracts_is_told() {
    let copy = Copy::empty();
    assert_eq!(codes(&[copy.path()]), ["no-contracts"]);
}

#[test]
fn an_empty_file_is_told() {
    assert_eq!(told_of(""), ["empty-file"]);
    assert_eq!(told_of("# nothing yet\n\n"), ["empty-file"]);
}

#[test]
fn a_folder_where_a_file_is_due_is_told() {
    let copy = Copy::of("tests/fixtures/lint");
    let path = copy.path().join("demo/vendor.yaml");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let codes = codes(&[copy.path()]);
    assert!(codes.contains(&"not-a-file".to_owned()) || codes.contains(&"no-contracts".to_owned()), "{codes:?}");
}

#[test]
fn bytes_that_are_no_utf8_are_told() {
    assert_eq!(told_of(b"version: 1\noperation: caf\xe9\n"), ["not-utf8"]);
    assert_eq!(told_of(b"\xff\xfev\0e\0r\0"), ["not-utf8"]);
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_no_mistake() {
    let copy = Copy::of("tests/fixtures/lint");
    for file in ["demo/vendor.yaml", "demo/links.delete.yaml", "demo/links.retrieve.yaml"] {
        let text = copy.read(file).replace('\n', "\r\n");
        copy.write(file, format!("\u{feff}{text}"));
    }
    assert_eq!(copy.lint().text(copy.path()), "");
}

#[test]
fn places_in_a_file_with_carriage_returns_are_right() {
    let copy = Copy::of("tests/fixtures/lint");
    let text = copy.read("demo/links.delete.yaml").replace("cites: [400.used]", "cites: [400.usd]");
    copy.write("demo/links.delete.yaml", format!("\u{feff}{}", text.replace('\n', "\r\n")));
    let text = copy.lint().text(copy.path());
    assert!(text.contains("demo/links.delete.yaml:29:58"), "{text}");
}

#[test]
fn tabs_are_told() {
    assert_eq!(told_of("version: 1\nrows:\n\tlive: {}\n"), ["tab-indentation"]);
}

#[test]
fn nesting_without_end_is_told() {
    assert_eq!(told_of("[".repeat(100_000)), ["too-deep"]);
    assert_eq!(told_of("{a: ".repeat(100_000)), ["too-deep"]);
    let block: Vec<_> = (0..1_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(told_of(block.concat()), ["too-deep"]);
}

#[test]
fn an_alias_bomb_is_told_and_never_grows() {
    let mut bomb = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x]".to_owned()];
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push(format!("a{level}: &a{level} [{aliases}]"));
    }
    let codes = told_of(bomb.join("\n"));
    assert!(codes.contains(&"anchor-or-alias".to_owned()), "{codes:?}");
}

#[test]
fn a_file_of_50_megabytes_is_told_and_not_read() {
    let copy = Copy::of("tests/fixtures/lint");
    let file = fs::File::create(copy.path().join("demo/links.huge.yaml")).unwrap();
    file.set_len(50 << 20).unwrap();
    assert_eq!(copy.lint().codes(), ["file-too-large"]);
}

#[test]
fn a_file_of_very_many_values_is_told() {
    assert_eq!(told_of("[".to_owned() + &"1,".repeat(200_000) + "]"), ["too-many-values"]);
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_told() {
    let copy = Copy::of("tests/fixtures/lint");
    let (one, other) = (copy.path().join("demo/one.yaml"), copy.path().join("demo/other.yaml"));
    std::os::unix::fs::symlink(&one, &other).unwrap();
    std::os::unix::fs::symlink(&other, &one).unwrap();
    std::os::unix::fs::symlink(copy.path(), copy.path().join("demo/up")).unwrap();
    let codes = copy.lint().codes().into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert!(!codes.is_empty() && codes.iter().all(|code| code.starts_with("file-")), "{codes:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let copy = Copy::of("tests/fixtures/lint");
    let path = copy.path().join("demo/links.delete.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may read everything, as in some containers, cannot try this.
    if fs::File::open(&path).is_err() {
        assert_eq!(copy.lint().codes(), ["file-unreadable"]);
    }
}

/// The demo contract with other rows on one of its pages.
fn with_pattern(pattern: &str) -> Vec<String> {
    let copy = Copy::of("tests/fixtures/lint");
    let text = copy.read("demo/vendor.yaml");
    copy.write(
        "demo/vendor.yaml",
        text.replace("minLength: 1 }\n    message", &format!("pattern: '{pattern}' }}\n    message")),
    );
    copy.lint().codes().into_iter().map(str::to_owned).collect()
}

#[test]
fn a_catastrophic_pattern_ends() {
    // In linear time this is a pattern like any other.
    assert_eq!(with_pattern("^(a+)+$"), [""; 0]);
    assert_eq!(with_pattern("^(a|aa)+$"), [""; 0]);
    assert_eq!(with_pattern(r"(a*)*\1b"), ["bad-pattern"]);
    assert_eq!(with_pattern("^(?=(a+))*b"), ["bad-pattern"]);
    assert_eq!(with_pattern("(((((x{50}){50}){50}){50}){50}){50}"), ["bad-pattern"]);
}

#[test]
fn very_many_rows_are_told_and_not_compared() {
    let copy = Copy::of("tests/fixtures/lint");
    let rows: Vec<_> =
        (0..9_000).map(|row| format!("  r{row}: {{ when: {{ link: s{row} }}, then: found }}\n")).collect();
    let text = copy.read("demo/links.retrieve.yaml").replace("rows:\n", &format!("rows:\n{}", rows.concat()));
    copy.write("demo/links.retrieve.yaml", text);
    assert!(copy.lint().codes().contains(&"too-many-rows"));
}

#[test]
fn schemas_that_are_hard_to_weigh_end() {
    let branches = |depth: usize| {
        (0..depth).fold("{ type: integer, minimum: 1 }".to_owned(), |inner, level| {
            format!("{{ oneOf: [{inner}, {{ not: {inner}, type: string, minLength: {level} }}] }}")
        })
    };
    let copy = Copy::of("tests/fixtures/lint");
    let text = copy.read("demo/links.retrieve.yaml");
    for depth in [1, 4, 8] {
        copy.write("demo/links.retrieve.yaml", text.replace("{ type: integer, minimum: 1 }", &branches(depth)));
        assert!(!copy.lint().codes().contains(&"unknown-keyword"));
    }
}

#[test]
fn files_may_be_named_one_by_one() {
    let copy = Copy::of("tests/fixtures/lint");
    let loaded = load(&[copy.path().join("demo/links.delete.yaml")]);
    assert_eq!(loaded.contracts.vendors.len(), 1);
    copy.write("stray.yaml", "version: 1\n");
    assert_eq!(codes(&[&copy.path().join("stray.yaml")]), ["no-contracts"]);
}
