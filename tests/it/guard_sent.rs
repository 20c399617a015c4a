//! The guard looks at all that is sent, wherever a contract puts it, and at the way that it takes: a listener sees nothing of
//! what is refused, and sees what is meant.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

const VENDOR: &str = "\
version: 1
vendor: guarded
targets:
  sandbox: { origin: https://api.guarded.example, mode: key }
credentials:
  key: { env: GUARDED_KEY, test: \"^(gk|pk)_test_\", mock: gk_test_$alnum16 }
auth: { bearer: $key }
";

const OPERATION: &str = "\
version: 1
operation: things.send
page: { id: send, url: \"https://docs.guarded.example/send\", read: \"2026-01-01\" }
request: GET /things
clauses:
  200.status: \"Sending a thing is answered with 200\"
outcomes:
  sent: { status: 200, cites: [200.status] }
rows:
  sent: { when: {}, then: sent }
";

const SUPPORT: &str = "
operations:
  things.look:
    request: GET /look
    auth: { bearer: $key }
    outcomes: { seen: { status: 200 } }
    rows: { seen: { when: {}, then: seen, inferred: \"the page on looking\" } }
canary: things.look
";

const TEST_KEY: &str = "gk_test_0123456789abcdef";
const LIVE_KEY: &str = "gk_live_0123456789abcdef";

/// A contract in a folder of its own, and a listener to which every connection would come.
struct Stage {
    folder: tempfile::TempDir,
    listener: TcpListener,
    key: &'static str,
}

impl Stage {
    fn of(vendor: &str, operation: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let specs = folder.path().join("specs/guarded");
        fs::create_dir_all(&specs).unwrap();
        fs::write(specs.join("vendor.yaml"), vendor).unwrap();
        fs::write(specs.join("things.send.yaml"), operation).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { folder, listener, key: TEST_KEY }
    }

    /// The contract as it is above.
    fn plain() -> Self {
        Self::of(VENDOR, OPERATION)
    }

    fn with_key(self, key: &'static str) -> Self {
        Self { key, ..self }
    }

    fn port(&self) -> u16 {
        self.listener.local_addr().unwrap().port()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the binary; `PORT` in arguments is the listener's.
    fn proviso(&self, arguments: &[&str]) -> Output {
        let port = self.port().to_string();
        let arguments = arguments.iter().map(|argument| argument.replace("PORT", &port));
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.current_dir(self.path()).env_clear().env("GUARDED_KEY", self.key).args(arguments);
        command.output().unwrap()
    }

    /// Runs against a target in such a way that a connection to any name comes to the listener.
    fn run(&self, arguments: &[&str]) -> Output {
        let to_listener = ["--connect-to", "::127.0.0.1:PORT"];
        self.proviso(&[&["run", "--retry", "0", "--timeout", "300ms"], arguments, &to_listener].concat())
    }

    /// Runs against an address of this machine.
    fn run_here(&self, arguments: &[&str]) -> Output {
        self.proviso(&[&["run", "--retry", "0", "--timeout", "300ms", "--target"], arguments].concat())
    }

    fn was_called(&self) -> bool {
        self.listener.accept().is_ok()
    }

    #[track_caller]
    fn assert_refused(&self, output: &Output, permit: &str, why: &str) {
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(6), "{told}");
        assert!(told.contains(&format!("--allow {permit}=guarded")) && told.contains(why), "{permit}, {why}: {told}");
        assert!(!told.contains(self.key), "{told}");
        assert!(!self.was_called(), "nothing may connect: {told}");
    }

    #[track_caller]
    fn assert_called(&self, output: &Output) {
        let told = String::from_utf8_lossy(&output.stderr);
        assert_ne!(output.status.code(), Some(6), "{told}");
        assert!(self.was_called(), "{told}{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// The contract with its key in one place and nowhere else, by the name of the place.
fn places() -> Vec<(&'static str, Stage)> {
    let auth = |auth: &str| VENDOR.replace("{ bearer: $key }", auth);
    let own = |lines: &str| OPERATION.replace("request: GET /things\n", &format!("request: POST /things\n{lines}\n"));
    let vendors = [
        ("basic user", "{ basic: { user: $key } }"),
        ("basic password", "{ basic: { user: me, password: $key } }"),
        ("bearer", "{ bearer: $key }"),
        ("header", "{ headers: { X-Api-Key: $key } }"),
        ("scheme word", "{ headers: { Authorization: Token $key } }"),
        ("query", "{ query: { api_key: $key } }"),
    ];
    let operations = [
        ("an operation's own basic", "auth: { basic: { user: $key } }"),
        ("an operation's own bearer", "auth: { bearer: $key }"),
        ("an operation's own header", "auth: { headers: { X-Api-Key: $key } }"),
        ("an operation's own query", "auth: { query: { api_key: $key } }"),
        ("a header", "headers: { X-Signature: made with $key }"),
        ("a name with more behind it", "headers: { X-Signature: $key.pem }"),
        ("a query", "query: { signed_by: $key }"),
        ("JSON", "json: { login: { keys: [none, \"key $key\"] } }"),
        ("a form", "form: { login: $key }"),
        ("raw", "raw: { media: application/xml, text: <key>$key</key> }"),
    ];
    let none = auth("none");
    let mut places: Vec<_> = vendors.iter().map(|(name, text)| (*name, Stage::of(&auth(text), OPERATION))).collect();
    places.extend(operations.iter().map(|(name, lines)| (*name, Stage::of(&none, &own(lines)))));
    let path = OPERATION.replace("GET /things", "GET /things/$key");
    places.push(("a path", Stage::of(&none, &path)));
    let header = none.replace("auth: none", "auth: none\nheaders: { X-Api-Key: $key }");
    places.push(("a header of all requests", Stage::of(&header, OPERATION)));
    let support = none.replace("auth: none", &format!("auth: none{SUPPORT}"));
    places.push(("a call that only supports the page", Stage::of(&support, OPERATION)));
    places
}

#[test]
fn a_key_anywhere_in_a_request_is_not_sent_without_encryption() {
    for (place, stage) in places() {
        let vendor = stage.path().join("specs/guarded/vendor.yaml");
        let text = fs::read_to_string(&vendor).unwrap().replace("https://api", "http://api");
        fs::write(&vendor, text).unwrap();
        println!("{place}");
        stage.assert_refused(&stage.run(&["--target", "sandbox"]), "plain-http", "http://api.guarded.example");
        stage.assert_called(&stage.run(&["--target", "sandbox", "--allow", "plain-http=guarded"]));
    }
}

#[test]
fn a_live_key_anywhere_in_a_request_is_sent_nowhere_not_even_on_this_machine() {
    for (place, stage) in places() {
        let stage = stage.with_key(LIVE_KEY);
        println!("{place}");
        stage.assert_refused(&stage.run(&["--target", "sandbox"]), "live-key", "$GUARDED_KEY is not a test key");
        stage.assert_refused(&stage.run_here(&["http://127.0.0.1:PORT"]), "live-key", "$GUARDED_KEY is not a test key");
        stage.assert_called(&stage.run_here(&["http://127.0.0.1:PORT", "--allow", "live-key=guarded"]));
    }
}

#[test]
fn a_live_key_is_refused_by_every_name_of_this_machine() {
    let names = [
        "http://localhost:PORT",
        "http://LOCALHOST:PORT/v1",
        "http://127.1:PORT",
        "http://2130706433:PORT",
        "http://[::1]:PORT",
        "guarded=http://127.0.0.1:PORT",
        "local",
    ];
    for name in names {
        let stage = Stage::plain().with_key(LIVE_KEY);
        let settings = format!("targets:\n  local: {{ guarded: \"http://127.0.0.1:{}\" }}\n", stage.port());
        fs::write(stage.path().join("proviso.yaml"), settings).unwrap();
        stage.assert_refused(&stage.run_here(&[name]), "live-key", "not a test key");
    }
}

#[test]
fn every_command_that_sends_refuses_a_live_key_on_this_machine() {
    let commands: [&[&str]; 3] = [
        &["walk", "--target", "http://127.0.0.1:PORT", "--steps", "1"],
        &["diff", "http://127.0.0.1:PORT", "mock"],
        &["sweep", "--target", "http://127.0.0.1:PORT"],
    ];
    for command in commands {
        let stage = Stage::plain().with_key(LIVE_KEY);
        stage.assert_refused(&stage.proviso(command), "live-key", "not a test key");
    }
}

#[test]
fn a_test_key_of_either_sort_is_sent_on_this_machine() {
    for (key, target) in [
        (TEST_KEY, "http://127.0.0.1:PORT"),
        ("pk_test_0123456789abcdef", "http://localhost:PORT"),
        (TEST_KEY, "http://2130706433:PORT"),
        (TEST_KEY, "HTTP://127.0.0.1:PORT/v1/"),
    ] {
        let stage = Stage::plain().with_key(key);
        stage.assert_called(&stage.run_here(&[target]));
    }
}

#[test]
fn a_key_that_nothing_tells_from_a_live_one_and_changes_without_a_test_mode_are_free_on_this_machine() {
    let vendor = VENDOR.replace("test: \"^(gk|pk)_test_\", ", "").replace("mode: key", "mode: undocumented");
    let stage = Stage::of(&vendor, &OPERATION.replace("GET", "POST")).with_key(LIVE_KEY);
    stage.assert_refused(&stage.run(&["--target", "sandbox"]), "changes", "documents no test mode");
    stage.assert_called(&stage.run_here(&["http://127.0.0.1:PORT"]));
}

#[test]
fn requests_without_a_key_need_no_encryption() {
    let vendor = VENDOR.replace("{ bearer: $key }", "none").replace("https:", "http:");
    let stage = Stage::of(&vendor, OPERATION);
    stage.assert_called(&stage.run(&["--target", "sandbox"]));
}

#[test]
fn an_address_is_plain_however_its_scheme_is_written() {
    let stage = Stage::plain();
    let arguments = ["--target", "HTTP://api.guarded.example", "--allow", "host=guarded"];
    stage.assert_refused(&stage.run(&arguments), "plain-http", "not encrypted");
}

#[test]
fn a_host_that_only_looks_like_the_declared_one_is_told_in_both_spellings() {
    for (host, told) in [
        ("https://api.gu\u{430}rded.example", "https://api.gu\u{430}rded.example (that is api.xn--gurded-4nf.example)"),
        ("https://api.%67uarded.exampl%65.net", "(that is api.guarded.example.net)"),
        ("https://api\u{3002}guarded.example.net", "(that is api.guarded.example.net)"),
        ("https://api.guarded.example.", "https://api.guarded.example. is no host"),
        ("https://api.guarded.example:8443", "https://api.guarded.example:8443 is no host"),
        ("https://guarded.example", "https://guarded.example is no host"),
        ("https://127.0.0.1.guarded.example", "is no host"),
        ("https://localhost.guarded.example", "is no host"),
        ("https://0.0.0.0:PORT", "is no host"),
        ("https://[::ffff:127.0.0.1]:PORT", "is no host"),
    ] {
        let stage = Stage::plain();
        stage.assert_refused(&stage.run(&["--target", host]), "host", told);
    }
}

#[test]
fn a_host_is_asked_once_it_is_permitted() {
    let stage = Stage::plain();
    let arguments = ["--target", "https://api.gu\u{430}rded.example", "--allow", "host=guarded"];
    stage.assert_called(&stage.run(&arguments));
}

#[test]
fn what_other_programs_read_as_another_host_is_no_address() {
    for address in [
        r"http://127.0.0.1:PORT\@evil.example",
        r"http://127.0.0.1:PORT\evil.example",
        r"http:\\127.0.0.1:PORT",
        "http:127.0.0.1:PORT",
        "http:///127.0.0.1:PORT",
        "http://127.0.0.1:PORT\t.evil.example",
        "http://127.0.0.1:PORT /",
        "http://evil.example@127.0.0.1:PORT",
        "http://@127.0.0.1:PORT",
        "http://127.0.0.1:PORT#@evil.example",
        "http://127.0.0.1:PORT?@evil.example",
        r"guarded=http://127.0.0.1:PORT\@evil.example",
    ] {
        let stage = Stage::plain();
        let output = stage.run_here(&[address]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{address}: {told}");
        assert!(told.contains("target"), "{address}: {told}");
        assert!(!stage.was_called(), "{address}: {told}");
    }
}

#[test]
fn a_way_that_leaves_this_machine_is_not_this_machine() {
    let ways: [(&[&str], &str); 5] = [
        (&["--proxy", "http://proxy.example:3128"], "go to the proxy http://proxy.example:3128"),
        (&["--proxy", "https://proxy.example:3128"], "go to the proxy https://proxy.example:3128"),
        (&["--connect-to", "localhost:PORT:away.example:80"], "go to away.example"),
        (&["--connect-to", "::away.example:"], "go to away.example"),
        (&["--connect-to", "other::127.0.0.1:", "--connect-to", "LOCALHOST::[::2]:"], "go to ::2"),
    ];
    for (way, why) in ways {
        let stage = Stage::plain();
        let output = stage.proviso(&[&["run", "--target", "http://localhost:PORT"], way].concat());
        stage.assert_refused(&output, "host", why);
        stage.assert_refused(&output, "plain-http", "http://localhost");
        let mock = stage.proviso(&[&["run"], way].concat());
        if way.contains(&"localhost:PORT:away.example:80") || way.contains(&"LOCALHOST::[::2]:") {
            assert_eq!(mock.status.code(), Some(0), "the mock is at another port and has no name");
        } else {
            stage.assert_refused(&mock, "host", why);
        }
    }
}

#[test]
fn a_proxy_that_is_spoken_to_in_the_clear_is_refused_and_its_password_is_not_told() {
    let stage = Stage::plain();
    let proxied = ["run", "--target", "sandbox", "--proxy", "http://user:a-password@proxy.example:3128"];
    let output = stage.proviso(&proxied);
    stage.assert_refused(&output, "plain-http", "the proxy http://proxy.example:3128 is spoken to without encryption");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("a-password"));
}

#[test]
fn a_proxy_on_this_machine_is_asked() {
    for target in ["http://127.0.0.1:1", "sandbox"] {
        let stage = Stage::plain();
        let proxied =
            ["run", "--retry", "0", "--timeout", "300ms", "--target", target, "--proxy", "http://127.0.0.1:PORT"];
        stage.assert_called(&stage.proviso(&proxied));
    }
}
