//! Secrets that a test would know anywhere, sent in every way, echoed in every encoding, minted at run time: no output holds one.

use super::needles::{Needles, text_of};
use crate::servers::http::{Answer, Received, Server, locked};
use crate::servers::world::World;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// A vendor that is sent its credentials in the query, in a JSON body and in fields of the head, and mints tokens.
const MINTING: [(&str, &str); 3] = [
    (
        "vendor.yaml",
        "version: 1\nvendor: minting\ntargets: { sandbox: { origin: \"https://minting.example\", mode: test } }\n\
         credentials:\n  key: { env: MINTING_KEY, mock: $alnum32 }\n  user: { env: MINTING_USER, mock: $alnum12 }\n\
         auth: { query: { api_key: $key }, headers: { X-User: $user } }\n\
         resources: { thing: { id: { pattern: \"^[0-9]+$\", new: $digits8 } } }\n\
         operations:\n  things.create:\n    request: POST /minting/things\n    json: { key: $key, user: $user, title: $mark }\n\
         \x20   outcomes: { made: { status: 201, fields: { id: { type: string }, token: { type: string } }, secret: [/token] } }\n\
         \x20   rows: { new: { when: {}, then: made, leads: { thing: live }, capture: { id: /id, token: /token }, inferred: a test } }\n",
    ),
    (
        "things.delete.yaml",
        "version: 1\noperation: things.delete\npage: { id: delete, url: \"https://minting.example/d\", read: \"2026-11-20\" }\n\
         request: DELETE /minting/things/{id}\npath: { id: thing }\nheaders: { X-Token: $thing.token }\n\
         clauses: { 200.status: \"A thing that goes is answered with 200\" }\n\
         outcomes: { deleted: { status: 200, fields: { deleted: true }, cites: [200.status] } }\n\
         rows: { live: { when: { thing: live }, then: deleted, leads: { thing: deleted } } }\n",
    ),
    (
        "things.form.yaml",
        "version: 1\noperation: things.form\npage: { id: form, url: \"https://minting.example/f\", read: \"2026-11-20\" }\n\
         request: POST /minting/things/{id}/form\npath: { id: thing }\nform: { key: $key, token: $thing.token }\n\
         clauses: { 200.status: \"A form that is taken is answered with 200\" }\n\
         outcomes: { taken: { status: 200, fields: { taken: true }, cites: [200.status] } }\n\
         rows: { live: { when: { thing: live }, then: taken } }\n",
    ),
];

/// How the server behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// It tells the truth, and what it was sent beside it.
    Echoes = 0,
    /// The same in other words, so that the answer drifts.
    EchoesOtherwise = 1,
    /// It tells what it was sent in place of the truth, but where it makes something, so that it is known to be the vendor.
    Lies = 2,
    /// It refuses to remove anything.
    Keeps = 3,
    /// It answers nothing any more.
    Dies = 4,
}

/// A folder with contracts, a server that echoes, and all that is secret.
struct Leaky {
    folder: TempDir,
    server: Server,
    manner: Arc<AtomicUsize>,
    variables: Vec<(String, String)>,
    /// The tokens that were minted, and how often anything was echoed.
    minted: Arc<Mutex<Vec<String>>>,
    echoed: Arc<AtomicUsize>,
}

impl Leaky {
    fn new() -> Self {
        let mut world = World::default();
        world.omise.accounts[0].secret = String::from("skey_test_ca\"n\\a/r+y=\u{e9}&1");
        world.omise.accounts[1].secret = String::from("skey_test_foreign%canary-2");
        world.omise.accounts[0].public = String::from("pkey_test_public/canary+3");
        world.gafapay.token = String::from("gafa \"canary\" & token=4");
        world.gafapay.company = String::from("8675309");
        world.mytpe.key = String::from("tpe key+with/space 5");
        world.mytpe.secret = String::from("tpe%20secret\\u0041<6>");
        let variables = world.environment().into_iter().filter(|(name, _)| !name.contains("LINK"));
        let mut variables: Vec<(String, String)> = variables.map(|(name, value)| (name.to_owned(), value)).collect();
        variables.push(("MINTING_KEY".to_owned(), "mint&key \"canary\"/+7".to_owned()));
        variables.push(("MINTING_USER".to_owned(), "0123456789".to_owned()));
        let secrets: Vec<String> = variables.iter().map(|(_, value)| value.clone()).collect();
        let (manner, minted, echoed) =
            (Arc::new(AtomicUsize::new(Manner::Echoes as usize)), Arc::default(), Arc::new(AtomicUsize::new(0)));
        let (as_it_is, tokens, count) = (Arc::clone(&manner), Arc::clone(&minted), Arc::clone(&echoed));
        let world = Mutex::new(world);
        let server = Server::start(move |request| {
            let manner = as_it_is.load(Ordering::SeqCst);
            assert!(manner != Manner::Dies as usize, "no answer");
            if manner == Manner::Keeps as usize && request.method == "DELETE" {
                return Answer::new(403, "application/json", "{}");
            }
            let (truth, token) = match request.path.strip_prefix("/minting/things") {
                Some(path) => minting(request, path, &mut locked(&tokens)),
                None => (locked(&world).answer(request), None),
            };
            count.fetch_add(1, Ordering::SeqCst);
            let known: Vec<String> = secrets.iter().cloned().chain(token).collect();
            echo(request, truth, &known, manner)
        });
        let folder = tempfile::tempdir().unwrap();
        let specs = folder.path().join("specs");
        for vendor in ["omise", "gafapay", "mytpe"] {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(vendor), &specs.join(vendor));
        }
        std::fs::create_dir(specs.join("minting")).unwrap();
        for (name, text) in MINTING {
            std::fs::write(specs.join("minting").join(name), text).unwrap();
        }
        Self { folder, server, manner, variables, minted, echoed }
    }

    fn behaves(&self, manner: Manner) {
        self.manner.store(manner as usize, Ordering::SeqCst);
    }

    fn value(&self, name: &str) -> &str {
        &self.variables.iter().find(|(known, _)| known == name).unwrap().1
    }

    /// The program in the folder, with everything in its environment that might make it talk.
    fn program(&self, typed: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(self.folder.path()).env_clear().envs(self.variables.iter().cloned()).stdin(Stdio::null());
        command.envs([("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full"), ("GITHUB_ACTIONS", "true")]);
        command.env("GITHUB_STEP_SUMMARY", "out/step.md").args(typed);
        command
    }

    /// Runs the program; what it told is scanned, and returned with its code.
    fn run(&self, typed: &[&str], code: i32) -> String {
        let output = self.program(typed).output().unwrap();
        let told = text_of(&output.stdout) + &text_of(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{typed:?}:\n{told}");
        self.needles().assert_none(&told, &typed.join(" "));
        told
    }

    /// A run against the server, with every report there is; all of them are scanned.
    fn test(&self, typed: &[&str], code: i32) -> String {
        // What an earlier run was given is nothing that this one can know.
        locked(&self.minted).clear();
        let formats = proviso::report::FORMATS.iter().map(|format| format.name);
        let options: Vec<String> =
            formats.flat_map(|name| [format!("--report-{name}"), format!("out/report.{name}")]).collect();
        let mut all = vec!["run", "--target", self.server.origin(), "--baseline", "accepted/", "--retry", "0"];
        all.extend(options.iter().map(String::as_str));
        all.extend(typed);
        let told = self.run(&all, code);
        for format in proviso::report::FORMATS {
            let written = std::fs::read(self.folder.path().join("out/report.".to_owned() + format.name)).unwrap();
            assert!(!written.is_empty(), "{}", format.name);
        }
        self.scan(&typed.join(" "));
        told
    }

    /// Every file in the folder but the contracts: reports, pending and accepted answers, ledgers, what is remembered.
    fn scan(&self, after: &str) -> usize {
        let needles = self.needles();
        let files = walkdir::WalkDir::new(self.folder.path()).into_iter().map(Result::unwrap);
        let files = files.filter(|entry| entry.file_type().is_file() && entry.file_name() != "typed.env");
        let mut count = 0;
        for entry in files {
            let name = entry.path().strip_prefix(self.folder.path()).unwrap().display().to_string();
            needles.assert_none(&name, "a file's name");
            needles.assert_none(&text_of(&std::fs::read(entry.path()).unwrap()), &format!("{name} after {after}"));
            count += 1;
        }
        count
    }

    fn needles(&self) -> Needles {
        let values = self.variables.iter().map(|(_, value)| value.clone());
        Needles::of(values.chain(locked(&self.minted).iter().cloned()))
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// The truth, and the token of the thing that is spoken of: only who has been given one knows that it is secret.
fn minting(request: &Received, path: &str, tokens: &mut Vec<String>) -> (Answer, Option<String>) {
    let number = path.trim_start_matches('/').split('/').next().and_then(|number| number.parse::<usize>().ok());
    let (status, body) = match (request.method.as_str(), path) {
        ("POST", "") => {
            let token = format!("tok \"minted\"/{}+{:016x}\u{e9}", tokens.len(), fastrand::u64(..));
            tokens.push(token);
            (201, json!({ "id": tokens.len().to_string(), "token": tokens.last() }))
        }
        ("POST", _) => (200, json!({ "taken": true })),
        _ => (200, json!({ "deleted": true })),
    };
    let token = number.map_or_else(|| tokens.last(), |number| tokens.get(number - 1));
    (Answer::new(status, "application/json", body.to_string()), token.cloned())
}

/// An answer with all that the request held and all that is secret, in every encoding, in its head and its body.
fn echo(request: &Received, truth: Answer, known: &[String], manner: usize) -> Answer {
    let lies = manner == Manner::Lies as usize && request.method != "POST";
    let all = known.join(" | ");
    let encoded = BASE64_STANDARD.encode(&all);
    let percent = percent_encoding::utf8_percent_encode(&all, percent_encoding::NON_ALPHANUMERIC).to_string();
    let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let hex: String = all.bytes().map(|byte| format!("{byte:02x}")).collect();
    let keys: serde_json::Map<String, Value> = known.iter().map(|value| (value.clone(), json!(1))).collect();
    let echo = json!({
        "raw": all, "base64": encoded, "percent": percent, "lines": lines.join("\n"), "hex": hex, "keys": keys,
        "head": format!("{:?}", request.headers), "query": request.query,
        "body": String::from_utf8_lossy(&request.body), "again": json!({ "text": all }).to_string(),
        "number": 8_675_309, "manner": manner % 2,
    });
    let mut body = truth.json().unwrap_or(Value::Null);
    match &mut body {
        Value::Object(map) if lies => {
            // Where the token is not in its place, nobody can know it for one.
            map.iter_mut().filter(|(name, _)| *name != "token").for_each(|(_, value)| *value = json!(all));
            map.insert("echo".to_owned(), echo);
        }
        Value::Object(map) => drop(map.insert("echo".to_owned(), echo)),
        other => *other = if lies { echo } else { return truth },
    }
    let status = if lies { 418 } else { truth.status };
    let mut answer = Answer { status, body: body.to_string().into_bytes(), ..truth };
    // A field of the head may hold most things but no line end.
    answer.headers.push(("X-Echo".to_owned(), all));
    answer.headers.push(("X-Echo-Encoded".to_owned(), format!("{encoded} {percent}")));
    answer
}

#[test]
fn no_output_of_a_run_holds_a_secret_in_any_encoding() {
    let leaky = Leaky::new();
    let told = leaky.test(&["-vv", "--color", "always"], 0);
    assert!(told.contains("$OMISE_SECRET_KEY") && told.contains("$TOKEN"), "what was sent is told by name: {told}");
    assert!(leaky.echoed.load(Ordering::SeqCst) > 100 && locked(&leaky.minted).len() > 1);
    leaky.run(&["review", "--list", "--baseline", "accepted/"], 0);
    let accepted = leaky.run(&["accept", "--baseline", "accepted/"], 0);
    assert!(accepted.lines().count() > 20, "{accepted}");
    assert!(leaky.scan("accept") > 40);
    leaky.behaves(Manner::EchoesOtherwise);
    let drifted = leaky.test(&["-v"], 0);
    assert!(drifted.contains("drifted"), "{drifted}");
    leaky.run(&["review", "--list", "--baseline", "accepted/"], 0);
    leaky.behaves(Manner::Lies);
    for level in [&["-q"][..], &[], &["-v"], &["-vv"]] {
        leaky.test(level, 1);
    }
    let written = std::fs::read_to_string(leaky.folder.path().join("out/report.json")).unwrap();
    assert!(
        written.contains("curl -i") && written.contains("-u \\\"$OMISE_SECRET_KEY\\\"':'"),
        "there are lines to send again"
    );
}

#[test]
fn nothing_that_is_made_of_a_saved_run_and_no_walk_tells_a_secret() {
    let leaky = Leaky::new();
    let origin = leaky.server.origin().to_owned();
    leaky.test(&[], 0);
    std::fs::rename(leaky.folder.path().join("out/report.json"), leaky.folder.path().join("before.json")).unwrap();
    leaky.behaves(Manner::Lies);
    leaky.test(&[], 1);
    let minted = locked(&leaky.minted).clone();
    leaky.run(&["judge", "out/report.json", "--report-html", "out/judged.html", "-v"], 1);
    leaky.run(&["merge", "before.json", "out/report.json", "--report-json", "out/merged.json", "-v"], 1);
    leaky.run(&["coverage"], 0);
    let told = leaky.run(&["diff", "before.json", "out/report.json"], 3);
    assert!(told.contains("breaking gafapay/payment_links.delete/unknown"), "{told}");
    leaky.run(&["diff", "before.json", &origin], 3);
    locked(&leaky.minted).extend(minted);
    leaky.run(&["walk", "--target", &origin, "--lull", "0s", "--steps", "60"], 1);
    assert!(leaky.scan("what is made of a saved run") > 12);
}

#[test]
fn nothing_that_is_left_behind_and_no_breakage_tells_a_secret() {
    let leaky = Leaky::new();
    leaky.behaves(Manner::Keeps);
    let told = leaky.test(&["--vendor", "minting", "-vv"], 1);
    assert!(told.contains("left behind"), "{told}");
    let ledgers = std::fs::read_dir(leaky.folder.path().join(".proviso/ledger")).unwrap().count();
    assert_eq!(ledgers, 1, "{told}");
    let elsewhere = leaky.run(&["sweep", "--dry-run"], 6);
    let target = format!("minting={}", leaky.server.origin());
    assert!(elsewhere.contains(&format!("proviso sweep --target '{target}'")), "{elsewhere}");
    leaky.run(&["sweep", "--dry-run", "--target", &target], 0);
    let remains = leaky.run(&["sweep", "--target", &target], 3);
    assert!(remains.contains("remains?"), "{remains}");
    leaky.scan("sweep");
    leaky.behaves(Manner::Dies);
    leaky.test(&["-vv"], 3);
}

#[test]
fn no_command_beside_the_run_tells_a_secret() {
    let leaky = Leaky::new();
    let typed = format!("export MYTPE_API_SECRET='{}'\n", leaky.value("MYTPE_API_SECRET"));
    std::fs::write(leaky.folder.path().join("typed.env"), typed).unwrap();
    let secret = format!("GAFAPAY_TOKEN={}", leaky.value("GAFAPAY_TOKEN"));
    let given = ["--secret", &secret, "--secrets-file", "typed.env"];
    let dry = leaky.run(&[&["run", "--dry-run", "--target", leaky.server.origin()], &given[..]].concat(), 0);
    assert!(dry.contains("nothing was sent") && leaky.echoed.load(Ordering::SeqCst) == 0, "{dry}");
    leaky.run(&["list"], 0);
    leaky.run(&["explain", "minting/things.delete/live"], 0);
    leaky.run(&["explain", "omise/links.delete/live"], 0);
    leaky.run(&["lint"], 0);
    // A run in which every vendor is refused writes its reports too.
    std::fs::create_dir(leaky.folder.path().join("out")).unwrap();
    let refused = leaky.run(&[&["run", "--target", "omise=https://elsewhere.invalid"], &given[..]].concat(), 6);
    assert!(refused.contains("--allow host=omise"), "{refused}");
    leaky.run(&[&["run", "--target", "https://user:tpe%20secret@elsewhere.invalid"], &given[..]].concat(), 2);
    leaky.run(&["run", "--secret", leaky.value("MYTPE_API_KEY")], 2);
}

/// The mock in a process of its own: its log of requests, for a client that puts credentials where none belong.
#[test]
fn the_log_of_the_mock_tells_no_secret() {
    let leaky = Leaky::new();
    let mut command = leaky.program(&["serve", "--print-env"]);
    let mut served = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(served.stdout.take().unwrap()).lines().map(Result::unwrap);
    let origin = lines.find_map(|line| Some(line.strip_prefix("export PROVISO_TARGET='")?.to_owned())).unwrap();
    let address = origin.trim_start_matches("http://").trim_end_matches('\'').to_owned();
    for name in ["OMISE_SECRET_KEY", "GAFAPAY_TOKEN", "MYTPE_API_SECRET", "GAFAPAY_COMPANY_ID"] {
        let value = percent_encoding::utf8_percent_encode(leaky.value(name), percent_encoding::NON_ALPHANUMERIC);
        for path in [format!("/links/{value}"), format!("/{value}?key={value}"), format!("/links?{value}")] {
            let mut client = std::net::TcpStream::connect(&address).unwrap();
            let head = format!("GET {path} HTTP/1.1\r\nHost: h\r\nX-Key: {value}\r\nConnection: close\r\n\r\n");
            client.write_all(head.as_bytes()).unwrap();
            client.read_to_end(&mut Vec::new()).unwrap();
        }
    }
    served.kill().unwrap();
    let mut told = String::new();
    served.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    served.wait().unwrap();
    assert_eq!(told.lines().filter(|line| line.contains(" GET ")).count(), 12, "{told}");
    leaky.needles().assert_none(&told, "the log of the mock");
}
