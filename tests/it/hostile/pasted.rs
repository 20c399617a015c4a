//! What a person pastes: the printed lines and scripts ask what was asked before, byte for byte, and run nothing that is not ours.

use crate::edits::some;
use crate::servers::http::{Answer, Received, Server};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use proviso::text::secret::percent;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

const SHELLS: [&str; 2] = ["sh", "bash"];

/// A key that means something to every shell, to URLs, to JSON and to curl.
/// No 12 of its signs in a row are in what a vendor or a contract writes: they would be hidden there too, as a part of the key.
const KEY: &str = r#"@k'e"y\$(touch KEYED)`touch KEYED`;touch KEYED +/=&%{a,b}*!~é"#;

/// Whether what the lines need is on this machine.
#[expect(clippy::print_stderr, reason = "a check that was skipped has to be seen")]
fn has_tools() -> bool {
    let missing = ["curl", "jq", "bash"].into_iter().find(|tool| Command::new(tool).arg("--version").output().is_err());
    missing.inspect(|tool| eprintln!("SKIPPED: nothing is pasted, since {tool} is not here")).is_none()
}

/// A project of one vendor, whose files are JSON, which is YAML as well.
struct Project(TempDir);

impl Project {
    fn new(files: &[(&str, Value)]) -> Self {
        let project = Self(TempDir::new().unwrap());
        let folder = project.0.path().join("specs/pasted");
        std::fs::create_dir_all(&folder).unwrap();
        for (name, value) in files {
            // What YAML does not take raw, JSON can escape.
            let text = value.to_string().replace('\u{7f}', "\\u007f");
            std::fs::write(folder.join(name), text).unwrap();
        }
        project
    }

    fn report(&self, name: &str) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.0.path().join(name)).unwrap()).unwrap()
    }

    fn proviso(&self, typed: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(self.0.path()).env_clear().env("PASTED_KEY", KEY).args(typed).output().unwrap()
    }
}

/// Runs a text in a shell, in an empty folder that has to stay empty, with the key in its variable.
fn paste(shell: &str, text: &str) {
    let folder = TempDir::new().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new(shell);
    command.current_dir(folder.path()).args(["-c", text]).env_clear().env("PATH", path).env("PASTED_KEY", KEY);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{shell}: {text}\n{output:?}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{shell} ran something: {left:?}\n{text}");
}

fn target(received: &Received) -> String {
    format!("{}?{}", received.path, received.query)
}

/// A request as far as a line has to send it again: everything but the client's own name.
fn essence(received: &Received) -> (String, String, BTreeSet<(String, String)>, Vec<u8>) {
    let named = |(name, value): &(String, String)| (name.to_lowercase(), value.clone());
    let headers = received.headers.iter().map(named).filter(|(name, _)| name != "user-agent");
    (received.method.clone(), target(received), headers.collect(), received.body.clone())
}

fn page(number: usize, request: &str, mut rest: Value) -> (String, Value) {
    let name = format!("things.op{number}");
    let mut operation = json!({
        "version": 1,
        "operation": name,
        "page": { "id": format!("op{number}"), "url": "https://pasted.example/", "read": "2026-11-20" },
        "request": request.replace("/op", &format!("/op{number}")),
        "path": { "thing": "thing" },
        "clauses": { "204.status": "Answered with 204" },
        "outcomes": { "made": { "status": 204, "cites": ["204.status"] } },
        "rows": { "bad": { "when": { "thing": "malformed" }, "then": "made", "inferred": "it is a test" } },
    });
    operation.as_object_mut().unwrap().append(rest.as_object_mut().unwrap());
    (format!("{name}.yaml"), operation)
}

/// A contract that has these words in every place of a request where there may be any.
fn contract(words: &[String; 6]) -> Vec<(String, Value)> {
    let text = words.clone().map(|word| word.replace('$', "$$"));
    let [id, query, header, name, value, raw] = &text;
    let header: String =
        header.chars().map(|letter| if letter < ' ' || letter == '\u{7f}' { '\t' } else { letter }).collect();
    let headers = json!({ "X-It's-`$HOME`-!*": format!("a{header}z"), "X-Empty": "" });
    let with = |more: Value| {
        let mut rest = json!({ "query": { query.as_str(): value, "q": query }, "headers": headers });
        rest.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rest
    };
    let vendor = json!({
        "version": 1,
        "vendor": "pasted",
        "targets": { "sandbox": { "origin": "https://pasted.example", "mode": "test" } },
        "credentials": { "key": { "env": "PASTED_KEY", "mock": "key-$hex8" } },
        "auth": { "basic": { "user": "$key", "password": format!("p{header}") }, "query": { "key": "$key" } },
        "resources": { "thing": { "id": { "pattern": "^ok[0-9a-f]{6}$", "new": "ok$hex6", "malformed": { "word": format!("{id}-"), "globs": "{a,b}[1-2]" } } } },
    });
    let keyed = json!({ "X-Key": "@$key", "Content-Type": "text/plain" });
    let pages = [
        page(0, "GET /op/{thing}", with(json!({}))),
        page(1, "DELETE /op/{thing}", json!({ "headers": { "X-Key": "$key" }, "auth": { "bearer": "$key" } })),
        page(2, "POST /op/{thing}", with(json!({ "json": { name.as_str(): value, "key": "$key", "list": [raw] } }))),
        page(3, "PATCH /op/{thing}", with(json!({ "form": { name.as_str(): value, "key": "a $key", "list": raw } }))),
        page(
            4,
            "PUT /op/{thing}",
            json!({ "headers": keyed, "raw": { "media": "text/plain", "text": format!("{raw}$key|{raw}\n") } }),
        ),
        page(
            5,
            "POST /op/{thing}",
            json!({ "raw": { "media": "text/plain", "text": format!("@/etc/hostname{raw}") }, "headers": { "Content-Type": "a/b" } }),
        ),
        page(6, "POST /op/{thing}", json!({})),
        page(7, "HEAD /op/{thing}", json!({})),
        page(8, "GET /op/{thing}", json!({ "json": { "word": raw } })),
        // Longer than an argument of the system may safely be.
        page(9, "POST /op/{thing}", json!({ "raw": { "media": "text/plain", "text": "x".repeat(70_000) } })),
    ];
    [("vendor.yaml".to_owned(), vendor)].into_iter().chain(pages).collect()
}

fn words() -> impl Strategy<Value = String> {
    let pieces = [
        "'",
        "\"",
        "$HOME",
        "$PASTED_KEY",
        "${PASTED_KEY}",
        "$(touch PWNED)",
        "`touch PWNED`",
        "; touch PWNED;",
        "\ntouch PWNED\n",
        "'$(touch PWNED)'",
        "\"$(touch PWNED)\"",
        "*",
        "?",
        "{a,b}",
        "[1-2]",
        "-o",
        "--output PWNED",
        "@/etc/hostname",
        "@",
        "!!",
        "\\",
        "\\'",
        "%s%n",
        "%27",
        "~",
        "#",
        "&",
        "|touch PWNED",
        ">PWNED",
        "\u{1}",
        "\u{1b}[2J",
        "\t",
        "\r\n",
        "\u{7f}",
        "\u{202e}",
        "\u{e0041}",
        "é",
        " ",
        ".",
        "..",
        "/",
        "a",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..5).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_pasted_line_asks_the_same_again_and_runs_nothing() {
    if !has_tools() {
        return;
    }
    let words = [words(), words(), words(), words(), words(), words()];
    let outcome = TestRunner::new(some(6)).run(&words, |words| {
        let server = Server::start(|_| Answer::new(200, "application/json", "{}"));
        let files = contract(&words);
        let project =
            Project::new(&files.iter().map(|(name, value)| (name.as_str(), value.clone())).collect::<Vec<_>>());
        let told = project.proviso(&["--target", server.origin(), "--report-json", "run.json", "-v"]);
        let shown = String::from_utf8(told.stdout).unwrap();
        prop_assert_eq!(told.status.code(), Some(1), "{}{}", shown, String::from_utf8_lossy(&told.stderr));
        let report: Value =
            serde_json::from_str(&std::fs::read_to_string(project.0.path().join("run.json")).unwrap()).unwrap();
        let mut pasted = 0;
        for case in report["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] == "violates") {
            let line = case["exchanges"].as_array().unwrap().last().unwrap()["curl"].as_str().unwrap();
            prop_assert!(shown.contains(&format!("  again     {line}\n")), "{}\n{}", line, shown);
            prop_assert!(!line.chars().any(proviso::text::visible::is_hidden), "{}", line);
            let prefix = format!("/op{}/", &case["operation"].as_str().unwrap()["things.op".len()..]);
            let sent: Vec<_> =
                server.received().iter().filter(|it| it.path.starts_with(&prefix)).map(essence).collect();
            for shell in SHELLS {
                paste(shell, line);
                let again = essence(server.received().last().unwrap());
                prop_assert!(sent.contains(&again), "{}: {}\n{:?}\n{:?}", shell, line, again, sent);
                pasted += 1;
            }
        }
        prop_assert_eq!(pasted, 10 * 2 * 2, "{}", shown);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn an_id_with_dots_that_no_client_sends_is_a_mistake_of_the_contract() {
    let server = Server::start(|_| Answer::new(200, "application/json", "{}"));
    let mut files = contract(&["a", "b", "c", "d", "e", "f"].map(str::to_owned));
    files[0].1["resources"]["thing"]["id"]["malformed"] = json!({ "one": ".", "two": ".." });
    let project = Project::new(&files.iter().map(|(name, value)| (name.as_str(), value.clone())).collect::<Vec<_>>());
    let told = project.proviso(&["things.op1/", "--target", server.origin()]);
    let shown = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.code() == Some(2) && shown.contains("error[mock-mismatch]"), "{told:?}");
    assert!(server.received().is_empty(), "nothing was sent");
}

#[test]
fn a_pasted_line_asks_the_address_that_the_vendor_handed_out_and_runs_nothing() {
    if !has_tools() {
        return;
    }
    let server = Server::start(|received| {
        let url = format!(
            "{}/pay/it's$(touch$IFS'PWNED')/`touch`/{{a,b}}[1-2]?{{a,b}}[1-2]=$(touch$IFS'PWNED')|`$HOME`&é#x",
            received.origin
        );
        Answer::new(200, "application/json", json!({ "id": "ok123456", "url": url }).to_string())
    });
    let vendor = json!({
        "version": 1,
        "vendor": "pasted",
        "targets": { "sandbox": { "origin": "https://pasted.example", "mode": "test" } },
        "resources": { "thing": { "id": { "pattern": "^ok[0-9a-f]{6}$", "new": "ok$hex6" } } },
        "operations": { "things.create": {
            "request": "POST /things",
            "outcomes": { "made": { "status": 200, "fields": { "id": "$thing.id", "url": { "type": "string", "format": "uri", "examples": ["$origin/pay"] } } } },
            "rows": { "new": { "when": {}, "then": "made", "inferred": "needed", "leads": { "thing": "live" },
                               "capture": { "id": "/id", "url": "/url" } } },
        } },
    });
    let mut page = page(0, "GET $thing.url", json!({}));
    page.1.as_object_mut().unwrap().remove("path");
    page.1["rows"] = json!({ "opens": { "when": { "thing": "live" }, "then": "made", "inferred": "it is a test" } });
    let project = Project::new(&[("vendor.yaml", vendor), (&page.0, page.1.clone())]);
    let told = project.proviso(&["op0", "--target", server.origin(), "--report-json", "run.json"]);
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    let report = project.report("run.json");
    let line = report["cases"][0]["exchanges"].as_array().unwrap().last().unwrap()["curl"].as_str().unwrap();
    let sent: Vec<_> = server.received().iter().map(essence).collect();
    assert!(sent.iter().any(|(_, target, ..)| target.contains("{a,b}[1-2]=$(touch$IFS")), "{sent:?}");
    for shell in SHELLS {
        paste(shell, line);
        assert!(sent.contains(&essence(server.received().last().unwrap())), "{shell}: {line}");
    }
}

/// An id that a vendor made up to harm whoever asks for it in a shell.
const ID: &str = r#"-it's"$(touch PWNED)`touch PWNED`$PASTED_KEY\\{a,b}[1-2]*?#&= é%27+!"#;

/// A vendor that makes things under such ids, and answers what is asked of them with more of the kind.
fn malicious() -> Server {
    let made = AtomicUsize::new(0);
    Server::start(move |received| {
        let answer = match received.method.as_str() {
            "POST" => json!({ "it's $(touch PWNED)": [{ "id": id(made.fetch_add(1, Ordering::SeqCst)) }] }),
            _ => json!({ "ok": "$(touch PWNED)\n$(touch PWNED)\r\ntouch PWNED\u{1b}[2J\u{202e}" }),
        };
        Answer::new(200, "application/json", answer.to_string())
    })
}

fn id(number: usize) -> String {
    format!("{ID}{number}")
}

#[test]
fn the_script_of_a_walk_asks_the_same_again_and_runs_nothing() {
    if !has_tools() {
        return;
    }
    let server = malicious();
    let vendor = json!({
        "version": 1,
        "vendor": "pasted",
        "targets": { "sandbox": { "origin": "https://pasted.example", "mode": "test" } },
        "credentials": { "key": { "env": "PASTED_KEY", "mock": "key-$hex8" } },
        "auth": { "query": { "key": "$key" } },
        "resources": { "pay-thing": { "id": { "pattern": "^.{3,}$", "new": "ok$hex6" } } },
        "operations": { "things.create": {
            "request": "POST /things",
            "json": { "it's": "$$(touch PWNED)\n`touch PWNED`\u{1b}" },
            "outcomes": { "made": { "status": 200, "fields": { "/it's $(touch PWNED)/0/id": { "type": "string", "minLength": 1 } } } },
            "rows": { "new": { "when": {}, "then": "made", "inferred": "needed", "leads": { "pay-thing": "live" },
                               "capture": { "id": "/it's $(touch PWNED)/0/id" } } },
        } },
    });
    let mut page = page(1, "GET /op/{thing}", json!({ "path": { "thing": "pay-thing" } }));
    page.1["outcomes"]["made"] = json!({ "status": 200, "fields": { "ok": true }, "cites": ["200.ok"] });
    page.1["clauses"] = json!({ "200.ok": "ok is true; $(touch PWNED)\n$(touch PWNED)" });
    page.1["rows"] = json!({ "is": { "when": { "pay-thing": "live" }, "then": "made" } });
    let project = Project::new(&[("vendor.yaml", vendor), (&page.0, page.1.clone())]);
    let typed = ["walk", "--target", server.origin(), "--lull", "0", "--steps", "20", "--format", "json"];
    let told = project.proviso(&typed);
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    let walk: Value = serde_json::from_slice(&told.stdout).unwrap();
    let failure = &walk["vendors"][0]["failure"];
    let script = failure["script"].as_str().unwrap();
    assert!(!script.chars().any(|letter| letter != '\n' && proviso::text::visible::is_hidden(letter)), "{script}");
    assert!(script.contains("# needs: PASTED_KEY\n"), "{script}");
    let made = |server: &Server| server.received().iter().filter(|it| it.method == "POST").count() - 1;
    let path = |server: &Server| format!("/op1/{}", percent(&id(made(server))));
    let sent: Vec<_> = server.received().iter().map(essence).collect();
    for shell in SHELLS {
        paste(shell, script);
        let received = server.received();
        let [.., create, read] = received.as_slice() else { panic!("{script}") };
        assert!(
            sent.contains(&essence(create)) && read.path == path(&server),
            "{shell}: {script}\n{create:?}\n{read:?}"
        );
        assert!(sent.iter().any(|one| one.2 == essence(read).2), "{script}\n{read:?}");
    }
}
