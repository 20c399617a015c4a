//! `proviso init`: a beginning that lints, runs and proves itself at once, writes over nothing and asks only at a terminal.

use super::{Project, proviso};
use std::fs;
use std::io::{Read, Write};

const WRITTEN: &str = "wrote specs/my-pay/vendor.yaml\n\
                       wrote specs/my-pay/links.delete.yaml\n\
                       wrote .gitignore\n\
                       wrote .proviso/.gitignore\n\
                       wrote proviso.yaml\n";

#[test]
fn a_new_vendor_lints_and_runs_at_once() {
    let project = Project::empty();
    let told = project.run(&["init", "my-pay"]);
    assert_eq!((told.code, told.out.as_str()), (0, WRITTEN));
    assert!(told.err.contains("`proviso my-pay/`"), "{}", told.err);
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(told.out.contains("no mistakes"), "{}", told.out);
    assert!(project.read("specs/my-pay/vendor.yaml").contains("MY_PAY_API_KEY"));
    let told = project.run(&[]);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "nothing is pending on the mock: {}", told.out);
    assert!(told.out.contains("\n5 conform; "), "{}", told.out);
    assert!(!project.path().join("snapshots").exists());
}

#[test]
fn every_kind_of_operation_and_key_begins_a_contract_of_forty_lines_that_lints_and_conforms() {
    let operations = [
        ("DELETE /v1/links/{link_id}", "links.delete"),
        ("GET /v1/charges/{id}", "charges.retrieve"),
        ("POST /v1/invoices/{invoice_id}/void", "invoices.void"),
        ("PATCH /customers/{id}", "customers.update"),
        ("PUT /customers/{id}", "customers.update"),
        ("GET /v1/balance", "balance.get"),
        ("POST /v1/payment-intents", "payment-intents.create"),
        ("POST /api/v2/entries/{entry_id}/capture", "entries.capture"),
    ];
    for (number, (operation, name)) in operations.iter().enumerate() {
        for keys in ["bearer", "basic", "header:X-Api-Key", "query:api_key", "none"].iter().skip(number % 2) {
            let project = Project::empty();
            let told = project.run(&["init", "acme", "--operation", operation, "--keys", keys]);
            assert_eq!(told.code, 0, "{told:?}");
            for file in ["vendor", name] {
                let text = project.read(&format!("specs/acme/{file}.yaml"));
                assert!(text.lines().count() <= 40, "{operation}: {} lines", text.lines().count());
            }
            let linted = project.run(&["lint"]);
            assert!(linted.out.contains("no mistakes"), "{operation} {keys}: {}", linted.out);
            let told = project.run(&["-q"]);
            assert_eq!(told.code, 0, "{operation} {keys}: {}", told.out);
            // With a key two cases more.
            assert!(told.out.contains(" conform"), "{operation} {keys}: {}", told.out);
        }
    }
}

#[test]
fn what_is_asked_for_is_in_the_files() {
    let project = Project::empty();
    let typed = ["init", "acme", "--origin", "https://try.acme.example/", "--keys", "header:X-Key", "--ci", "github"];
    assert_eq!(project.run(&typed).code, 0);
    let vendor = project.read("specs/acme/vendor.yaml");
    assert!(vendor.contains("origin: https://try.acme.example\n") && vendor.contains("headers: { X-Key: $key }"));
    let workflow = project.read(".github/workflows/proviso.yml");
    assert!(workflow.contains("pins: acme=https://try.acme.example\n"), "{workflow}");
    assert!(workflow.contains("ACME_API_KEY: ${{ secrets.ACME_API_KEY }}"), "{workflow}");
    drop(serde_yaml::from_str::<serde_yaml::Value>(&workflow).unwrap());
    let project = Project::empty();
    let typed = ["init", "shop-eu", "--origin", "https://try.shop.example", "--ci", "gitlab"];
    assert_eq!(project.run(&typed).code, 0);
    let pipeline = project.read(".gitlab-ci.yml");
    assert!(pipeline.contains("--pin shop-eu=https://try.shop.example --deny"), "{pipeline}");
    assert!(pipeline.contains("SHOP_EU_API_KEY") && !pipeline.to_lowercase().contains("acme"), "{pipeline}");
    drop(serde_yaml::from_str::<serde_yaml::Value>(&pipeline).unwrap());
}

#[test]
fn several_new_vendors_do_not_get_in_each_others_way() {
    let project = Project::acme();
    project.add("other");
    assert_eq!(project.run(&["init", "third"]).code, 0);
    assert_eq!(project.run(&["lint"]).code, 0);
}

#[test]
fn nothing_is_written_over() {
    let project = Project::acme();
    for file in ["specs/acme/vendor.yaml", "specs/vendor.schema.json", "proviso.yaml", ".gitignore"] {
        project.write(file, "mine");
    }
    let told = project.run(&["init", "acme"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.contains("specs/acme exists already"), "{}", told.err);
    let told = project.run(&["init", "other"]);
    assert_eq!(told.code, 0);
    assert!(told.err.contains("kept proviso.yaml") && told.err.contains("kept .gitignore"), "{}", told.err);
    for file in ["specs/acme/vendor.yaml", "specs/vendor.schema.json", "proviso.yaml", ".gitignore"] {
        assert_eq!(project.read(file), "mine");
    }
}

#[test]
fn what_is_no_name_origin_key_or_operation_is_refused() {
    let project = Project::empty();
    for name in ["../x", "a/b", "Acme", "", ".", "null", "1st"] {
        assert_eq!(project.run(&["init", name]).code, 2, "{name}");
    }
    for (option, value, form) in [
        ("--origin", "acme.example", "https://sandbox.acme.example"),
        ("--keys", "token", "header:NAME"),
        ("--operation", "DELETE", "DELETE /v1/links/{link_id}"),
        ("--operation", "GET /a/{a_id}/b/{b_id}", "one `{id}` at most"),
        ("--ci", "jenkins", "github"),
    ] {
        let told = project.run(&["init", "acme", option, value]);
        assert_eq!(told.code, 2, "{option} {value}");
        assert!(told.err.contains(form), "{}", told.err);
    }
    let told = project.run(&["init"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("vendor's name"), "{}", told.err);
    assert_eq!(fs::read_dir(project.path()).unwrap().count(), 0);
}

#[test]
fn the_schemas_come_with_it_for_editors() {
    let project = Project::empty();
    assert_eq!(project.run(&["init", "acme"]).code, 0);
    assert_eq!(project.run(&["schema", "--check"]).code, 0);
    let modeline = "# yaml-language-server: $schema=../vendor.schema.json\n";
    assert!(project.read("specs/acme/vendor.yaml").starts_with(modeline));
    let settings = project.read("proviso.yaml");
    assert!(settings.starts_with("# yaml-language-server: $schema=specs/proviso.schema.json\n"), "{settings}");
}

/// What the program shows at a terminal where these lines are typed, and how it ends.
#[cfg(target_os = "linux")]
fn at_a_terminal(project: &Project, typed: &[&str], lines: &str) -> (Option<i32>, String) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let path = ptsname(&terminal, Vec::new()).unwrap();
    let side = || fs::File::options().read(true).write(true).open(path.to_str().unwrap()).unwrap();
    let mut child = proviso(project.path()).args(typed).stdin(side()).stdout(side()).stderr(side()).spawn().unwrap();
    let mut keys = fs::File::from(terminal);
    keys.write_all(lines.as_bytes()).unwrap();
    let ended = child.wait().unwrap();
    let mut shown = Vec::new();
    let mut piece = [0; 4096];
    // Once the other side is closed, reading fails.
    while let Ok(length @ 1..) = keys.read(&mut piece) {
        shown.extend_from_slice(&piece[..length]);
    }
    (ended.code(), String::from_utf8(shown).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_what_no_option_says_is_asked() {
    let project = Project::empty();
    let answers = "acme\n\nheader:X-Key\nnonsense\nPOST /v1/invoices/{id}/void\n\n";
    let (code, shown) = at_a_terminal(&project, &["init"], answers);
    assert_eq!(code, Some(0), "{shown}");
    for question in ["name", "sandbox answers [https://sandbox.acme.example]", "key is sent", "operation", "pipeline"] {
        assert!(shown.contains(question), "{question}: {shown}");
    }
    assert!(shown.contains("write a method and a path"), "a wrong answer is asked for again: {shown}");
    assert!(project.read("specs/acme/invoices.void.yaml").contains("request: POST /v1/invoices/{id}/void"));
    assert!(project.read("specs/acme/vendor.yaml").contains("headers: { X-Key: $key }"));
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_nothing_is_asked_where_all_is_typed_or_that_is_asked_for() {
    let (code, shown) = at_a_terminal(&Project::empty(), &["init", "acme", "--yes"], "");
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains('?') && !shown.contains("[bearer]"), "{shown}");
    let project = Project::empty();
    let (code, shown) = at_a_terminal(&project, &["init"], "\u{4}");
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("nothing was written"), "{shown}");
    assert_eq!(fs::read_dir(project.path()).unwrap().count(), 0);
}
