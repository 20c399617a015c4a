//! The arguments: the default command, both forms of a flag, suggestions, help, and streams that nobody reads.

use super::{Project, proviso};
use std::process::Stdio;

#[test]
fn help_is_what_it_was() {
    let project = Project::empty();
    for command in
        ["", "run", "walk", "serve", "coverage", "merge", "lint", "list", "explain", "init", "schema", "completions"]
    {
        let typed: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let told = project.run(&typed);
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{command}");
        insta::assert_snapshot!(format!("help_{}", if command.is_empty() { "proviso" } else { command }), told.out);
    }
    insta::assert_snapshot!("help_short", project.run(&["-h"]).out);
}

#[test]
fn the_help_has_every_exit_code() {
    let help = Project::empty().run(&["--help"]).out;
    let codes = help.split("Exit codes:").nth(1).unwrap();
    let (codes, order) = codes.split_once("Where several apply, the first of ").unwrap();
    let codes: Vec<&str> = codes.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(codes, ["0", "1", "2", "3", "4", "5", "6", "130"]);
    assert_eq!(order.trim_end(), "2, 130, 1, 3, 6, 5, 4, 0.");
}

#[test]
fn the_version_is_told() {
    let told = Project::empty().run(&["--version"]);
    assert_eq!((told.code, told.out.as_str()), (0, concat!("proviso ", env!("CARGO_PKG_VERSION"), "\n")));
}

#[test]
fn run_is_meant_where_no_command_is_named() {
    let project = Project::acme();
    let named = project.run(&["run", "--list", "deleted", "-q"]);
    assert_eq!((named.code, named.out.as_str()), (0, "acme/links.delete/deleted\n"));
    for typed in [
        ["--list", "deleted", "-q"].as_slice(),
        &["deleted", "--list", "-q"],
        &["-q", "--list", "deleted"],
        &["--specs", "specs", "deleted", "-q", "--list"],
    ] {
        let told = project.run(typed);
        assert_eq!((told.code, told.out.as_str()), (0, named.out.as_str()), "{typed:?}");
    }
}

#[test]
fn flags_take_their_value_in_both_forms() {
    let project = Project::acme();
    let flags = [
        ("--target", "sandbox"),
        ("--vendor", "acme"),
        ("--operation", "links.delete"),
        ("--jobs", "4"),
        ("--retry", "0"),
        ("--rate-limit", "5/s"),
        ("--timeout", "10s"),
        ("--max-time", "1m"),
        ("--variable", "A=b=c"),
        ("--secret", "A=b"),
        ("--secrets-file", "/dev/null"),
        ("--proxy", "http://127.0.0.1:1"),
        ("--cacert", "x.pem"),
        ("--connect-to", "a:443:127.0.0.1:8443"),
        ("--shard", "1/1"),
        ("--choose", "links.delete/deleted=not_found"),
        ("--allow", "host=acme"),
        ("--specs", "specs"),
        ("--state", ".x"),
        ("--color", "never"),
    ];
    for (flag, value) in flags {
        let apart = project.run(&["run", "--list", flag, value]);
        let joined = project.run(&["--list", &format!("{flag}={value}")]);
        assert_eq!((apart.code, joined.code), (0, 0), "{flag} {apart:?} {joined:?}");
        assert_eq!(apart.out, joined.out, "{flag}");
    }
    for flag in ["-j4", "--shuffle", "--shuffle=7", "--fail-fast", "--require-all", "-vv"] {
        assert_eq!(project.run(&["--list", flag]).code, 0, "{flag}");
    }
}

#[test]
fn a_value_that_is_none_is_refused() {
    let project = Project::acme();
    for typed in [
        "--jobs=0",
        "--jobs=x",
        "--retry=-1",
        "--rate-limit=5",
        "--timeout=0",
        "--max-time=soon",
        "--variable=x",
        "--secret==x",
        "--connect-to=a:1",
        "--shard=5/4",
        "--shard=0/1",
        "--choose=x",
        "--allow=everything",
        "--shuffle=x",
        "--color=red",
    ] {
        let told = project.run(&["--list", typed]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{typed}");
        assert!(told.err.contains("invalid value") || told.err.contains("has no name"), "{}", told.err);
    }
}

#[test]
fn a_word_that_looks_like_a_command_is_told_and_not_taken_as_a_filter() {
    let project = Project::acme();
    for (typed, meant) in [
        ("lnit", "lint"),
        ("sevre", "serve"),
        ("lists", "list"),
        ("explian", "explain"),
        ("test", "run"),
        ("mock", "serve"),
    ] {
        let told = project.run(&[typed]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{typed}");
        assert!(
            told.err.contains(&format!("`proviso {meant}`")) && told.err.contains(&format!("proviso run {typed}")),
            "{}",
            told.err
        );
    }
    assert_eq!(project.run(&["run", "--list", "lnit"]).code, 4);
}

#[test]
fn a_mistyped_flag_is_told_with_the_nearest() {
    let told = Project::acme().run(&["--targte", "sandbox"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("'--target'"), "{}", told.err);
}

#[test]
fn nobody_reading_is_no_mistake() {
    let project = Project::acme();
    for typed in [["list"].as_slice(), &["--help"], &["schema"], &["explain", "syntax"], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = proviso(project.path()).args(typed).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
            (Some(0), ""),
            "{typed:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_told() {
    let project = Project::acme();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = proviso(project.path()).arg("list").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written"));
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let project = Project::acme();
    assert!(!project.run(&["lint"]).out.contains('\x1b'));
    assert!(project.run(&["lint", "--color", "always"]).out.contains('\x1b'));
    assert!(!project.run(&["lint", "--color", "never"]).out.contains('\x1b'));
    for (variables, typed, coloured) in [
        (&[("FORCE_COLOR", "1")][..], &["lint"][..], true),
        (&[("CLICOLOR_FORCE", "1")], &["lint"], true),
        (&[("FORCE_COLOR", "0")], &["lint"], false),
        (&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], &["lint"], false),
        (&[("FORCE_COLOR", "1")], &["lint", "--color", "never"], false),
    ] {
        assert_eq!(project.run_with(variables, typed).out.contains('\x1b'), coloured, "{variables:?} {typed:?}");
    }
}

#[test]
fn a_path_a_vendor_an_operation_a_case_and_a_pattern_are_names_everywhere() {
    let project = Project::acme();
    project.add("other");
    for typed in ["acme/", "acme/*", "specs/acme", "./specs/acme/", "specs/acme/links.delete.yaml", "acme/links.delete"]
    {
        let told = project.run(&["list", "-q", typed]);
        assert_eq!((told.code, told.out.lines().count()), (0, 5), "{typed}: {told:?}");
        assert!(told.out.lines().all(|line| line.starts_with("acme/links.delete/")), "{typed}: {}", told.out);
    }
    for typed in ["specs", "links.delete"] {
        assert_eq!(project.run(&["list", "-q", typed]).out.lines().count(), 10, "{typed}");
    }
    for (typed, title) in [
        ("acme", "acme\n"),
        ("acme/", "acme\n"),
        ("specs/acme", "acme\n"),
        ("specs/acme/links.delete.yaml", "acme/links.delete\n"),
        ("acme/links.delete/live", "acme/links.delete/live\n"),
    ] {
        let told = project.run(&["explain", typed]);
        assert!(told.code == 0 && told.out.starts_with(title), "{typed}: {told:?}");
    }
    assert!(project.run(&["explain", "acme"]).out.contains("acme/links.delete: DELETE /acme/links/{link_id}"));
    for typed in ["acme", "acme/", "acme/links.delete", "specs/acme"] {
        let told = project.run(&["lint", typed]);
        assert!(told.code == 0 && told.out.contains("of 1 vendor"), "{typed}: {told:?}");
    }
    for typed in ["acme", "acme/", "specs/acme"] {
        let told = project.run(&["walk", typed, "--steps", "5", "-q"]);
        assert!(told.code == 0 && told.out.contains("conforms     acme"), "{typed}: {told:?}");
    }
}

#[test]
fn what_failed_is_listed_and_nothing_is_run() {
    let project = Project::acme();
    assert_eq!(project.run(&["--failed", "--list"]).code, 2, "no run is remembered");
    project.run(&["-q"]);
    assert_eq!(project.run(&["--failed", "--list"]).code, 4, "none failed");
    let told = project
        .run_with(&[("ACME_API_KEY", "test_0123456789")], &["-t", "http://127.0.0.1:9", "--retry", "0", "deleted"]);
    assert_eq!(told.code, 3, "{told:?}");
    let told = project.run(&["--failed", "--list", "-q"]);
    assert_eq!((told.code, told.out.as_str()), (0, "acme/links.delete/deleted\n"));
}

#[cfg(unix)]
#[test]
fn a_report_on_the_standard_output_has_it_alone() {
    let project = Project::acme();
    let told = project.run(&["--report-json", "-"]);
    assert_eq!(told.code, 0);
    let report: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(report["cases"].as_array().unwrap().len(), 5);
    assert!(told.err.contains("5 conform"), "{}", told.err);
    assert!(!project.path().join("-").exists());
}

#[test]
fn completions_know_the_commands_and_the_flags_of_run() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let told = Project::empty().run(&["completions", shell]);
        assert_eq!(told.code, 0);
        assert!(told.out.contains("target") && told.out.contains("explain"), "{shell}");
    }
    assert_eq!(Project::empty().run(&["completions", "csh"]).code, 2);
}
