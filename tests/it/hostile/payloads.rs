//! Twenty payloads in eight places of an answer, and in the contract itself, through every output.

use crate::servers::http::{Answer, Received, Server};
use proviso::text::visible::is_hidden;
use pulldown_cmark::{Event, Parser};
use serde_json::{Map, Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What would run, ask somebody, or change what is seen, if an output took it for more than text.
const PAYLOADS: [&str; 20] = [
    "<script>fetch('http://127.0.0.1:9/')</script>",
    "</script><script>window.pwned=1</script>",
    "\"><img src=http://127.0.0.1:9/x onerror=window.pwned=1>",
    "javascript:window.pwned=1",
    "]]></failure></testcase><failure message='x'>",
    "<!--<script>",
    "::error::pwned\n::set-output name=x::y",
    "##[group]x\n##vso[task.setvariable variable=x]y",
    "\u{1b}[2J\u{1b}[8mhidden\u{1b}]52;c;cHduZWQ=\u{7}\u{8}\u{0}",
    "\u{1b}[31mpwned\u{1b}[0m\u{9b}31m",
    "\u{202e}gnp.exe\u{202c}\u{2066}x\u{2069}",
    "\u{61c}\u{ad}\u{200d}\u{200b}\u{feff}",
    "\u{e0041}\u{e0042}\u{e007f}\u{e0101}\u{e0000}",
    "\u{e000}\u{f8ff}\u{10fffd}\u{fdd0}\u{ffff}",
    "\u{2028}line\u{2029}paragraph\u{85}next\r\n\u{b}\u{c}",
    "```\n</details>\n# head @everyone ![x](http://127.0.0.1:9/x) <b>|x|",
    "not ok 1 # SKIP\nBail out!\n...\n---",
    "$(touch PWNED)`touch PWNED`';touch PWNED'",
    "{{policy}}{{script}} ${alert(1)} %s%n",
    "<svg onload=window.pwned=1><style>*{background:url(http://127.0.0.1:9/)}</style><base href=http://127.0.0.1:9/>",
];

/// Where in an answer a payload is, each a page of its own.
const PLACES: [&str; 8] = ["value", "name", "id", "message", "code", "header", "header_name", "media"];

/// The answer that has a payload in a place: `/message/p7`.
fn answer(received: &Received) -> Answer {
    let (place, payload) = received.path.trim_start_matches('/').split_once('/').unwrap();
    let payload = PAYLOADS[payload[1..].parse::<usize>().unwrap()];
    let header: String = payload.chars().filter(|letter| !letter.is_ascii_control()).collect();
    let token: String = payload.chars().filter(char::is_ascii_alphanumeric).collect();
    let with = |name: &str, value: Value| {
        let body: Map<String, Value> = [("ok".to_owned(), json!(true)), (name.to_owned(), value)].into_iter().collect();
        Answer::new(200, "application/json", Value::Object(body).to_string())
    };
    match place {
        "value" => with("ok", json!(payload)),
        "name" => with(payload, json!(1)),
        "id" => with("id", json!(payload)),
        "message" => with("message", json!(payload)),
        "code" => with("code", json!(payload)),
        "header" => with("ok", json!(false)).with_header("X-Odd", &header),
        "header_name" => with("ok", json!(false)).with_header(&format!("X-{token}"), &header),
        _ => with("ok", json!(false)).with_header("Content-Type", &header),
    }
}

/// A vendor whose every text is a payload too, and a page for each place.
fn contract(folder: &Path) {
    let folder = folder.join("specs/odd");
    std::fs::create_dir_all(&folder).unwrap();
    let samples: Map<String, Value> =
        (0..PAYLOADS.len()).map(|number| (format!("p{number}"), format!("p{number}").into())).collect();
    let vendor = json!({
        "version": 1,
        "vendor": "odd",
        "title": PAYLOADS.concat(),
        "targets": { "sandbox": { "origin": "https://odd.example", "mode": "test" } },
        "error_code": "/code",
        "resources": {
            "thing": { "id": { "pattern": "^ok[0-9a-f]{6}$", "new": "ok$hex6", "malformed": samples } },
            "made": { "id": { "pattern": "^made$", "new": "made" } },
        },
    });
    write(&folder, "vendor.yaml", &vendor);
    for (number, place) in PLACES.iter().enumerate() {
        let says = PAYLOADS[number..].concat();
        let outcome = match *place {
            "name" => {
                json!({ "status": 200, "body": { "type": "object", "properties": { "ok": { "const": true } }, "additionalProperties": false } })
            }
            "message" => json!({ "status": 200, "fields": { "message": "gone" } }),
            "code" => json!({ "status": 200, "fields": { "ok": true }, "code": "gone" }),
            "header" => json!({ "status": 200, "fields": { "ok": true }, "headers": { "X-Odd": "even" } }),
            "media" => json!({ "status": 200, "fields": { "ok": true }, "media": "application/json" }),
            "id" => json!({ "status": 200, "fields": { "ok": true, "id": "$made.id" } }),
            _ => json!({ "status": 200, "fields": { "ok": true } }),
        };
        let mut row = json!({ "when": { "thing": "malformed" }, "then": "made", "inferred": says });
        if *place == "id" {
            row["leads"] = json!({ "made": "live" });
            row["capture"] = json!({ "id": "/id" });
        }
        let mut outcome = outcome;
        outcome["cites"] = json!(["200.status"]);
        let operation = json!({
            "version": 1,
            "operation": place,
            "page": { "id": place, "url": "https://odd.example/", "read": "2026-11-20" },
            "title": says,
            "request": format!("{} /{place}/{{thing}}", if *place == "id" { "POST" } else { "GET" }),
            "path": { "thing": "thing" },
            "clauses": { "200.status": says, "200.other": { "says": says, "untestable": says } },
            "outcomes": { "made": outcome },
            "rows": { "odd": row },
        });
        write(&folder, &format!("{place}.yaml"), &operation);
    }
}

/// JSON is YAML; what YAML does not take raw has an escape in both.
fn write(folder: &Path, name: &str, value: &Value) {
    let escaped = |letter: char| match u32::from(letter) {
        code @ ..=0xffff if is_hidden(letter) => format!("\\u{code:04x}"),
        _ => letter.to_string(),
    };
    std::fs::write(folder.join(name), value.to_string().chars().map(escaped).collect::<String>()).unwrap();
}

struct Stage {
    folder: TempDir,
    server: Server,
}

impl Stage {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// What a command prints, which is shown to have nothing in it that is more than text.
    fn run(&self, typed: &[&str], code: i32) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        let output = command.current_dir(self.folder.path()).env_clear().args(typed).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let told = text(output.stdout) + &text(output.stderr);
        assert_eq!(output.status.code(), Some(code), "{typed:?}: {told}");
        assert_plain(&format!("{typed:?}"), &told);
        let command =
            |line: &&str| line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[");
        assert_eq!(told.lines().find(command), None, "{typed:?}");
        told
    }
}

/// Nothing hidden is in an output, but for line ends and the colours that are ours.
fn assert_plain(name: &str, text: &str) {
    let colour = regex::Regex::new("\u{1b}\\[([0-9;]+)m(.{0,12})").unwrap();
    for found in colour.captures_iter(text) {
        assert!(
            found[1] != *"8" && !found[2].starts_with("pwned") && !found[2].starts_with("hidden"),
            "{name}: {found:?}"
        );
    }
    let text = regex::Regex::new("\u{1b}\\[[0-9;]+m").unwrap().replace_all(text, "");
    let hidden = text.char_indices().find(|(_, letter)| *letter != '\n' && is_hidden(*letter));
    if let Some((at, letter)) = hidden {
        let start = text.floor_char_boundary(at.saturating_sub(80));
        panic!("{name} has {letter:?} after {:?}", &text[start..at]);
    }
}

/// The formats of reports, and where each is left for the readers of other ecosystems.
const FORMATS: [&str; 8] = ["json", "ndjson", "junit", "tap", "sarif", "har", "markdown", "html"];

fn stage() -> Stage {
    let folder = TempDir::new().unwrap();
    contract(folder.path());
    Stage { folder, server: Server::start(answer) }
}

#[test]
fn nothing_that_a_vendor_or_a_contract_says_is_more_than_text_in_any_output() {
    let stage = stage();
    let origin = stage.server.origin().to_owned();
    let options: Vec<String> =
        FORMATS.iter().flat_map(|format| [format!("--report-{format}"), format!("payloads.{format}")]).collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    stage.run(&[&["--target", &origin, "-vv", "--color", "always"], options.as_slice()].concat(), 1);
    for format in FORMATS {
        let text = stage.read(&format!("payloads.{format}"));
        assert_plain(format, &text);
        // For .ci/lint/reports.py and tests/browser.
        std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("payloads.{format}")), text).unwrap();
    }
    let report: Value = serde_json::from_str(&stage.read("payloads.json")).unwrap();
    let cases = report["cases"].as_array().unwrap();
    assert_eq!(cases.len(), PAYLOADS.len() * PLACES.len());
    let others: Vec<_> = cases.iter().filter(|case| case["verdict"] != "violates").map(|case| &case["id"]).collect();
    assert!(others.is_empty(), "every payload departs from its page: {others:?}");
    assert_read(&stage);
    for colours in ["always", "never"] {
        let typed = ["--target", &origin, "--color", colours];
        stage.run(&[&typed[..], &["--report-json", "again.json"]].concat(), 1);
        for what in ["odd/value", "odd/value/odd/p9", "odd/value/200.status", "odd/value/200.other"] {
            stage.run(&["explain", what, "--color", colours], 0);
        }
        stage.run(&["--target", &origin, "--dry-run", "--color", colours], 0);
        stage.run(&["list", "-v", "--color", colours], 0);
        stage.run(&["lint", "--color", colours], 0);
        stage.run(&["coverage", "--from", "payloads.json", "--color", colours], 0);
        stage.run(&["judge", "payloads.json", "--color", colours], 1);
        stage.run(&["diff", "payloads.json", "again.json", "--color", colours], 0);
        stage.run(&["merge", "payloads.json", "again.json", "--report-markdown", "merged.md", "--color", colours], 1);
        stage.run(&["mutate", "--color", colours], 3);
        stage.run(&["walk", "--target", &origin, "--steps", "20", "--lull", "0", "--color", colours], 1);
    }
    assert_plain("merged.md", &stage.read("merged.md"));
    for typed in [
        &["list", "--format", "json"][..],
        &["lint", "--format", "json"],
        &["coverage", "--from", "payloads.json", "--format", "json"],
    ] {
        serde_json::from_str::<Value>(&stage.run(typed, 0)).unwrap();
    }
    stage.run(&["explain", "--graph", "odd"], 0);
    let picture = stage.run(&["explain", "--graph", "odd", "--format", "svg"], 0);
    roxmltree::Document::parse(&picture).unwrap();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("payloads.svg"), picture).unwrap();
}

/// Readers that others wrote find in the reports what the JSON report has.
fn assert_read(stage: &Stage) {
    let cases = PAYLOADS.len() * PLACES.len();
    let junit = stage.read("payloads.junit");
    let junit = roxmltree::Document::parse(&junit).unwrap();
    let named = |name: &str| junit.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((named("testcase"), named("failure"), named("script")), (cases, cases, 0));
    let markdown = stage.read("payloads.markdown");
    for event in Parser::new(&markdown) {
        let (Event::Html(html) | Event::InlineHtml(html)) = event else {
            assert!(!matches!(event, Event::Start(pulldown_cmark::Tag::Image { .. })), "{event:?}");
            continue;
        };
        let ours = ["<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"];
        let rest = ours.iter().fold(html.to_string(), |html, tag| html.replace(tag, ""));
        assert!(!rest.contains('<'), "{html}");
    }
    let tap = stage.read("payloads.tap");
    let word = |line: &&str| line.starts_with("not ok ") || line.starts_with("ok ");
    assert_eq!(tap.lines().filter(word).count(), cases);
    assert!(!tap.lines().any(|line| line.starts_with("Bail")));
    let page = stage.read("payloads.html");
    assert_eq!(
        page.matches("<script").count(),
        2 + cases.div_ceil(50),
        "the page's own script, the index and the portions"
    );
    for line in stage.read("payloads.ndjson").lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    let sarif: Value = serde_json::from_str(&stage.read("payloads.sarif")).unwrap();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        assert_plain("a message of SARIF", result["message"]["text"].as_str().unwrap());
    }
}

#[test]
fn answers_that_wait_for_a_person_are_shown_as_text() {
    let stage = stage();
    let file = stage.path("specs/odd/value.yaml");
    let page = std::fs::read_to_string(&file).unwrap();
    let lax = page.replace("\"ok\":true", "\"ok\":{\"type\":[\"boolean\",\"string\"]}");
    assert_ne!(lax, page);
    std::fs::write(&file, lax).unwrap();
    let run = ["value/", "--target", stage.server.origin(), "--baseline", "waiting/", "-v"];
    stage.run(&run, 0);
    for colours in ["always", "never"] {
        let shown = stage.run(&["review", "--list", "--baseline", "waiting/", "--color", colours], 0);
        assert!(shown.contains("<script>fetch") && shown.contains(r"\u202e"), "{shown}");
    }
    stage.run(&["accept", "--baseline", "waiting/"], 0);
    // Now every accepted answer is another one's.
    let folder = stage.path("waiting");
    let files = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.unwrap().into_path());
    for file in files.filter(|file| file.is_file()) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert_plain("a baseline", &text);
        std::fs::write(&file, text.replace("\"ok\": \"", "\"ok\": \"x")).unwrap();
    }
    for colours in ["always", "never"] {
        assert!(stage.run(&[&run[..], &["--color", colours]].concat(), 0).contains("drifted"));
        stage.run(&["review", "--list", "--baseline", "waiting/", "--color", colours], 0);
    }
}

/// Commands to a workflow are ours alone, and what is in them is text.
fn assert_annotations(name: &str, told: &str, number: usize) {
    assert_plain(name, told);
    let commands: Vec<&str> = told.lines().filter(|line| line.trim_start().starts_with("::")).collect();
    let of_a_file =
        |line: &&&str| ["::error file=specs/odd/", "::warning file=specs/odd/"].iter().any(|it| line.starts_with(it));
    let ours = |line: &&str| of_a_file(&line) || line.starts_with("::warning title=");
    assert_eq!(commands.iter().filter(of_a_file).count(), number, "{name}: {told}");
    assert!(commands.iter().all(ours), "{name}: {commands:?}");
}

#[test]
fn annotations_and_the_summary_of_a_workflow_hold_no_command_of_a_vendor() {
    let stage = stage();
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command
        .current_dir(stage.folder.path())
        .env_clear()
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", "summary.md");
    let output = command.args(["--target", stage.server.origin()]).output().unwrap();
    assert_annotations("a run", &String::from_utf8(output.stdout).unwrap(), PAYLOADS.len() * PLACES.len());
    assert_plain("the summary", &stage.read("summary.md"));
}

#[test]
fn mistakes_in_a_contract_show_it_as_text() {
    let stage = stage();
    let wrong: Map<String, Value> = PAYLOADS.iter().map(|payload| ((*payload).to_owned(), json!(payload))).collect();
    let text =
        serde_json::to_string_pretty(&json!({ "version": 1, "operation": PAYLOADS.concat(), "rows": wrong })).unwrap();
    let written = serde_json::from_str(&text).unwrap();
    write(&stage.path("specs/odd"), "value.yaml", &written);
    // Over many lines, so that the lines are shown, and with what YAML takes raw.
    let lines = PAYLOADS.iter().map(|payload| format!("{payload:?}: \u{202e}\u{ad}\u{e0041}{payload:?} # \u{2066}\n"));
    std::fs::write(stage.path("specs/odd/name.yaml"), lines.collect::<String>()).unwrap();
    for colours in ["always", "never"] {
        assert!(stage.run(&["lint", "--color", colours], 2).contains("specs/odd/name.yaml:"));
        stage.run(&["list", "--color", colours], 2);
    }
    let told = stage.run(&["lint", "--format", "json"], 2);
    let mistakes = serde_json::from_str::<Value>(&told).unwrap()["mistakes"].as_array().unwrap().len();
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    let output =
        command.current_dir(stage.folder.path()).env_clear().args(["lint", "--format", "github"]).output().unwrap();
    assert_annotations("lint", &String::from_utf8(output.stdout).unwrap(), mistakes);
}

#[test]
fn the_log_of_the_mock_shows_requests_as_text() {
    let stage = stage();
    for colours in ["always", "never"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(stage.folder.path()).env_clear().args(["serve", "--print-env", "--color", colours]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let environment = crate::serve::printed(&mut process);
        let address = environment.last().unwrap().1.strip_prefix("http://").unwrap().to_owned();
        for payload in PAYLOADS {
            let path: String = payload.chars().filter(|letter| !letter.is_ascii_control() && *letter != ' ').collect();
            let mut client = TcpStream::connect(&address).unwrap();
            client
                .write_all(format!("GET /{path}\u{9b}31m HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").as_bytes())
                .unwrap();
            client.read_to_end(&mut Vec::new()).unwrap();
        }
        process.kill().unwrap();
        let log = String::from_utf8(process.wait_with_output().unwrap().stderr).unwrap();
        assert!(log.contains("pwned") && log.contains("\\u{202e}"), "{log}");
        assert_plain("the log", &log);
    }
}
