//! Whose variables go where: a vendor reads its own alone, and they go where they are pinned, for nobody's fork, and unshown.

use super::listener;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// What a stranger's contract wants, or an engineer's own machine has.
const THEIRS: &str = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY";
const KEY: (&str, &str) = ("ACME_API_KEY", "test_0123456789abcdefghijklmn");

/// A change of the vendor that `init` begins: in a file, from a text to another.
type Change = (&'static str, &'static str, &'static str);

const VENDOR: &str = "specs/acme/vendor.yaml";

/// The key is read from a variable of somebody else.
const KEY_OF_OTHERS: Change = (VENDOR, "env: ACME_API_KEY", "env: AWS_SECRET_ACCESS_KEY");
/// The key is read from a variable whose name only begins alike.
const KEY_ALIKE: Change = (VENDOR, "env: ACME_API_KEY", "env: ACMECORP_API_KEY");
/// The key is read from a variable in small letters.
const KEY_SMALL: Change = (VENDOR, "env: ACME_API_KEY", "env: acme_api_key");
/// A state is supplied by the vendor's own variable.
const FIXTURE: Change =
    (VENDOR, "      new: link_$alnum12 ", "      new: link_$alnum12\n    fixtures: { used: ACME_USED_LINK }\n   ");
/// The same by a variable of somebody else.
const FIXTURE_OF_OTHERS: Change =
    (VENDOR, "      new: link_$alnum12 ", "      new: link_$alnum12\n    fixtures: { used: GITHUB_TOKEN }\n   ");
const USED: Change = (
    "specs/acme/links.delete.yaml",
    "  live:    { when",
    "  used:    { when: { link: used }, then: not_found, inferred: \"as any other\" }\n  live:    { when",
);

/// A call that carries no credentials.
const OPEN: [Change; 2] = [
    (VENDOR, "error_code: /code ", "canary: depots.list\nerror_code: /code "),
    (
        "specs/acme/depots.list.yaml",
        "",
        "version: 1\noperation: depots.list\n\
         page: { id: depots, url: \"https://docs.acme.example/depots\", read: \"2026-11-20\" }\n\
         request: GET /acme/depots\nauth: none\n\
         clauses: { 200.status: \"The list is answered with 200\" }\n\
         outcomes: { list: { status: 200, body: { type: array, items: { type: string } }, cites: [200.status] } }\n\
         rows: { all: { when: {}, then: list, inferred: \"there is always a list\" } }\n",
    ),
];

/// The vendor in `tests/fixtures/acme`, changed; a file that it has not is written.
fn project(changes: &[Change]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    crate::acme::write_acme(folder.path(), "acme");
    for (file, from, to) in changes {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
    folder
}

fn proviso(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(folder).env_clear();
    command
}

/// What is done, and with what.
#[derive(Clone, Copy, Default)]
struct Deed<'a> {
    changes: &'a [Change],
    variables: &'a [(&'a str, &'a str)],
    /// A command line of words between spaces; `URL` is the listener's.
    typed: &'a str,
    /// The event of the workflow that this runs in: its name, and what its file says.
    event: Option<(&'a str, Option<&'a str>)>,
}

/// Does it; the answer is how it ended, and whether anybody connected. Whatever leaves would go to the listener.
fn done(deed: Deed<'_>) -> (Output, bool) {
    let (folder, listener) = (project(deed.changes), listener());
    let port = listener.local_addr().unwrap().port();
    let typed = deed.typed.replace("URL", &format!("http://127.0.0.1:{port}"));
    let mut command = proviso(folder.path());
    command.args(typed.split_whitespace()).envs(deed.variables.iter().copied());
    if !typed.starts_with("sweep") {
        command.args(["--retry", "0", "--timeout", "500ms"]);
    }
    for host in ["sandbox.acme.example", "elsewhere.example"] {
        command.arg("--connect-to").arg(format!("{host}:443:127.0.0.1:{port}"));
    }
    if let Some((name, told)) = deed.event {
        command.env("GITHUB_EVENT_NAME", name);
        if let Some(told) = told {
            fs::write(folder.path().join("event.json"), told).unwrap();
            command.env("GITHUB_EVENT_PATH", "event.json");
        }
    }
    let output = command.output().unwrap();
    let connected = listener.accept().is_ok();
    for (_, value) in deed.variables.iter().filter(|(name, _)| *name != "PROVISO_PINS") {
        for stream in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(stream).contains(value), "{typed}: {value} is shown");
        }
    }
    (output, connected)
}

/// It is refused before anything is sent, in words that hold these.
fn refused(deed: Deed<'_>, said: &[&str]) {
    let (output, connected) = done(deed);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{}: {told}", deed.typed);
    for said in said {
        assert!(told.contains(said), "{}: {said} in:\n{told}", deed.typed);
    }
    assert!(!connected, "{}: nothing may connect\n{told}", deed.typed);
}

/// It is no business of the guard's: somebody is asked, who does not answer.
fn sent(deed: Deed<'_>) {
    let (output, connected) = done(deed);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{}: {told}", deed.typed);
    assert!(connected, "{}: the request leaves\n{told}", deed.typed);
}

#[test]
fn a_variable_that_is_not_the_vendors_own_is_refused_by_every_command_that_sends() {
    let deed = Deed { changes: &[KEY_OF_OTHERS], variables: &[("AWS_SECRET_ACCESS_KEY", THEIRS)], ..Deed::default() };
    let said = ["$AWS_SECRET_ACCESS_KEY is not a variable of acme", "--allow env=acme:AWS_SECRET_ACCESS_KEY"];
    for typed in [
        "--target sandbox",
        "--target sandbox links.delete/no_key",
        "--target URL",
        "--target URL --allow env=acme:AWS_ACCESS_KEY_ID --allow env=other:AWS_SECRET_ACCESS_KEY --allow host=acme",
        "walk --target sandbox --steps 5",
        "sweep --target sandbox",
        "diff mock sandbox",
        "diff URL mock",
    ] {
        refused(Deed { typed, ..deed }, &said);
    }
}

#[test]
fn a_name_that_only_looks_like_the_vendors_own_is_not() {
    for (change, name) in [(KEY_ALIKE, "ACMECORP_API_KEY"), (KEY_SMALL, "acme_api_key")] {
        let deed = Deed { changes: &[change], variables: &[(name, THEIRS)], ..Deed::default() };
        refused(Deed { typed: "--target sandbox", ..deed }, &[name, "begin with ACME_"]);
    }
    let deed =
        Deed { changes: &[FIXTURE_OF_OTHERS, USED], variables: &[("GITHUB_TOKEN", THEIRS), KEY], ..Deed::default() };
    refused(Deed { typed: "--target sandbox used", ..deed }, &["--allow env=acme:GITHUB_TOKEN"]);
    let unset = Deed { changes: &[KEY_OF_OTHERS], typed: "--target sandbox", ..Deed::default() };
    refused(unset, &["--allow env=acme:AWS_SECRET_ACCESS_KEY"]);
}

#[test]
fn the_mock_is_given_no_variable_of_the_machine() {
    let deed = Deed {
        changes: &[KEY_OF_OTHERS, FIXTURE, USED],
        variables: &[("AWS_SECRET_ACCESS_KEY", THEIRS), ("ACME_USED_LINK", THEIRS)],
        typed: "-vv",
        ..Deed::default()
    };
    let (output, connected) = done(deed);
    assert_eq!((output.status.code(), connected), (Some(0), false), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_mock_gives_no_value_to_a_variable_that_is_not_its_vendors() {
    let folder = project(&[(VENDOR, "env: ACME_API_KEY", "env: LD_PRELOAD")]);
    let output = proviso(folder.path()).args(["serve", "--print-env", "--addr", "127.0.0.1:0"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()));
    assert!(String::from_utf8_lossy(&output.stderr).contains("foreign-variable"));
}

#[test]
fn what_is_the_vendors_own_or_permitted_by_name_is_sent() {
    let own = Deed { variables: &[KEY], ..Deed::default() };
    sent(Deed { typed: "--target sandbox", ..own });
    sent(Deed { typed: "--target URL", ..own });
    let theirs =
        Deed { changes: &[KEY_OF_OTHERS], variables: &[("AWS_SECRET_ACCESS_KEY", "test_0123456789abcd")], ..own };
    sent(Deed { typed: "--target sandbox --allow env=acme:AWS_SECRET_ACCESS_KEY", ..theirs });
    let fixture = Deed { changes: &[FIXTURE, USED], variables: &[KEY], ..own };
    sent(Deed { typed: "--target sandbox --variable ACME_USED_LINK=link_9f2k used", ..fixture });
}

#[test]
fn a_fixture_that_is_no_id_is_refused_and_shown_nowhere() {
    let deed = Deed { changes: &[FIXTURE, USED], variables: &[KEY, ("ACME_USED_LINK", THEIRS)], ..Deed::default() };
    for typed in [
        "--target sandbox used -vv",
        "--target URL used -vv",
        "walk --target URL",
        "diff mock URL used",
        "--target sandbox used --allow host=acme --allow live-key=acme --report-json /dev/stdout --report-har /dev/stderr",
    ] {
        refused(Deed { typed, ..deed }, &["$ACME_USED_LINK is not the id of a link", "^link_[0-9a-z]+$"]);
    }
}

#[test]
fn a_run_says_which_variables_go_where_before_it_sends_at_every_verbosity() {
    let deed =
        Deed { changes: &[FIXTURE, USED], variables: &[KEY, ("ACME_USED_LINK", "link_9f2k")], ..Deed::default() };
    for typed in ["--target sandbox -q", "--target sandbox", "--target sandbox -vv", "diff mock sandbox -q"] {
        let (output, connected) = done(Deed { typed, ..deed });
        assert!(connected, "{typed}");
        let told = String::from_utf8_lossy(&output.stderr);
        let line = "acme: $ACME_API_KEY, $ACME_USED_LINK to https://sandbox.acme.example\n";
        assert_eq!(told.matches(line).count(), 1, "{typed}: {told}");
    }
    let (output, _) = done(Deed { variables: &[KEY], typed: "--target URL", ..Deed::default() });
    assert!(!String::from_utf8_lossy(&output.stderr).contains("acme: $"), "nothing leaves this machine");
    let (output, _) = done(Deed { changes: &OPEN, typed: "--target sandbox", ..Deed::default() });
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("acme: no variable to https://sandbox.acme.example\n"), "{told}");
}

#[test]
fn what_the_canary_sends_counts_whatever_the_cases_are() {
    let [named, open] = OPEN;
    let live = [("ACME_API_KEY", "live_0123456789abcdefghijkl")];
    let deed = Deed { changes: &[open], variables: &live, typed: "--target sandbox depots", ..Deed::default() };
    refused(deed, &["--allow live-key=acme"]);
    refused(
        Deed { typed: "--target sandbox depots --allow live-key=acme --pin other=https://a.example", ..deed },
        &["no pin"],
    );
    let undocumented = (VENDOR, "mode: test  ", "mode: undocumented  ");
    let unasked = Deed { changes: &[open, undocumented], variables: &[KEY], ..deed };
    // Where the cases only read, the canary does.
    sent(unasked);
    sent(Deed { changes: &[open, undocumented, named], ..unasked });
    refused(Deed { typed: "--target sandbox", ..unasked }, &["--allow changes=acme"]);
}

#[test]
fn variables_go_nowhere_but_where_they_are_pinned() {
    let keyed = Deed { variables: &[KEY], ..Deed::default() };
    for (typed, said) in [
        ("--target sandbox --pin other=https://sandbox.acme.example", "acme has no pin, and $ACME_API_KEY would go to"),
        ("--target sandbox --pin acme=https://api.acme.example", "acme is pinned to https://api.acme.example, not to"),
        ("--target sandbox --pin acme=http://sandbox.acme.example", "is pinned to http://"),
        (
            "--target sandbox --pin acme=https://sandbox.acme.example:8443",
            "is pinned to https://sandbox.acme.example:8443",
        ),
        (
            "--target sandbox --pin acme=https://sandbox.acme.example.evil.example",
            "not to https://sandbox.acme.example",
        ),
        ("--target sandbox --pin acme=https://xn--sandbox-0ic.acme.example", "not to https://sandbox.acme.example"),
        (
            "--target acme=https://elsewhere.example --allow host=acme --allow changes=acme --pin acme=https://sandbox.acme.example",
            "not to https://elsewhere.example",
        ),
        ("--target URL --pin acme=https://sandbox.acme.example", "--pin acme=http://127.0.0.1:"),
        ("walk --target sandbox --pin other=https://sandbox.acme.example", "acme has no pin"),
        ("sweep --target sandbox --pin acme=https://api.acme.example", "is pinned to"),
        ("diff mock sandbox --pin acme=https://api.acme.example", "is pinned to"),
    ] {
        refused(Deed { typed, ..keyed }, &[said]);
    }
    let pinned =
        Deed { variables: &[KEY, ("PROVISO_PINS", "other=https://a.example  acme=https://b.example")], ..keyed };
    refused(Deed { typed: "--target sandbox", ..pinned }, &["acme is pinned to https://b.example"]);
}

#[test]
fn variables_go_where_they_are_pinned() {
    let keyed = Deed { variables: &[KEY], ..Deed::default() };
    for typed in [
        "--target sandbox --pin acme=https://sandbox.acme.example",
        "--target sandbox --pin acme=https://SANDBOX.acme.example:443/",
        "--target sandbox --pin acme=https://api.acme.example --pin acme=https://sandbox.acme.example",
        "--target URL --pin acme=URL",
    ] {
        sent(Deed { typed, ..keyed });
    }
    let pinned = [KEY, ("PROVISO_PINS", "other=https://a.example acme=https://sandbox.acme.example")];
    sent(Deed { variables: &pinned, typed: "--target sandbox", ..keyed });
    // Where a vendor is sent no variable, no pin is needed.
    sent(Deed { changes: &OPEN, typed: "--target sandbox --pin other=https://a.example", ..Deed::default() });
}

#[test]
fn no_file_of_the_tree_pins_or_permits() {
    for (file, text) in [
        ("proviso.yaml", "pins: [acme=https://sandbox.acme.example]\n"),
        ("proviso.yaml", "allow: [fork]\n"),
        ("specs/acme/vendor.yaml", "allow: [env=acme:AWS_SECRET_ACCESS_KEY]\n"),
        ("specs/acme/links.delete.yaml", "pins: { acme: https://sandbox.acme.example }\n"),
    ] {
        let folder = project(&[]);
        let path = folder.path().join(file);
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(path, before + text).unwrap();
        let output = proviso(folder.path()).args(["--target", "sandbox"]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{file}: {told}");
        assert!(told.contains("unknown-key"), "{told}");
    }
}

#[test]
fn a_pin_or_permit_that_is_not_understood_stops_everything() {
    for (typed, pins, said) in [
        ("--target sandbox --pin acme", "", "write it as VENDOR=ORIGIN"),
        ("--target sandbox --pin acme=https://sandbox.acme.example/v1", "", "without a path"),
        ("--target sandbox --allow env=acme", "", "env=VENDOR:NAME"),
        ("--target sandbox --allow fork=acme", "", "fork"),
        ("--target sandbox", "acme=sandbox.acme.example", "PROVISO_PINS: `acme=sandbox.acme.example` is not a pin"),
        ("walk --target sandbox", "acme", "PROVISO_PINS: `acme` is not a pin"),
        ("sweep --target sandbox", "acme", "PROVISO_PINS: `acme` is not a pin"),
    ] {
        let (output, connected) = done(Deed { variables: &[KEY, ("PROVISO_PINS", pins)], typed, ..Deed::default() });
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), connected), (Some(2), false), "{typed}: {told}");
        assert!(told.contains(said), "{typed}: {told}");
    }
}

/// What the file of a pull request's event says.
fn pull_request(head: &str) -> String {
    format!(r#"{{"repository":{{"full_name":"we/contracts"}},"pull_request":{{"head":{{"repo":{head}}}}}}}"#)
}

#[test]
fn a_forks_pull_request_asks_nobody() {
    let keyed = Deed { variables: &[KEY], typed: "--target sandbox", ..Deed::default() };
    let ours = pull_request(r#"{"full_name":"we/contracts"}"#);
    let theirs = pull_request(r#"{"full_name":"they/contracts"}"#);
    let gone = pull_request("null");
    let events = [
        ("pull_request", Some(theirs.as_str())),
        ("pull_request", Some(gone.as_str())),
        ("pull_request", Some("{ not JSON")),
        ("pull_request", None),
        ("pull_request_review", Some(theirs.as_str())),
        ("pull_request_target", Some(ours.as_str())),
        ("pull_request_target", None),
    ];
    for event in events {
        refused(Deed { event: Some(event), ..keyed }, &["the pull request of a fork", "--allow fork"]);
    }
    let event = Some(("pull_request", Some(theirs.as_str())));
    for typed in ["walk --target sandbox", "sweep --target sandbox", "diff mock sandbox"] {
        refused(Deed { typed, event, ..keyed }, &["--allow fork"]);
    }
    refused(Deed { changes: &OPEN, variables: &[], typed: "--target sandbox depots", event }, &["--allow fork"]);
}

#[test]
fn what_is_no_forks_or_permitted_or_on_this_machine_is_asked() {
    let keyed = Deed { variables: &[KEY], typed: "--target sandbox", ..Deed::default() };
    let ours = pull_request(r#"{"full_name":"we/contracts"}"#);
    let theirs = pull_request(r#"{"full_name":"they/contracts"}"#);
    for event in [("pull_request", Some(ours.as_str())), ("push", None), ("schedule", Some("{}"))] {
        sent(Deed { event: Some(event), ..keyed });
    }
    let event = Some(("pull_request", Some(theirs.as_str())));
    sent(Deed { typed: "--target sandbox --allow fork", event, ..keyed });
    sent(Deed { typed: "--target URL", event, ..keyed });
    let (output, _) = done(Deed { typed: "--target mock", event, ..keyed });
    assert_eq!(output.status.code(), Some(0));
}
