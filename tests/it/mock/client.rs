//! A mock on a socket of its own, and a client that sends what it is told and reads what comes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proviso::contract::{Contracts, load};
use proviso::mock::{FaultPlan, Mock, MockSettings, Spawned};
use serde_json::Value;
use tokio::runtime::Runtime;

/// Contracts from a folder, which must be right.
pub(crate) fn read(folder: &Path) -> Arc<Contracts> {
    let loaded = load(&[folder.to_owned()]);
    let told: Vec<_> = loaded.mistakes.iter().map(|mistake| mistake.message.clone()).collect();
    assert!(told.is_empty(), "{told:?}");
    loaded.contracts
}

/// The five contracts.
pub(crate) fn contracts() -> Arc<Contracts> {
    static READ: LazyLock<Arc<Contracts>> =
        LazyLock::new(|| read(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"))));
    Arc::clone(&READ)
}

/// A contract of the test's own: one vendor file, and no page.
pub(crate) fn contract(vendor: &str, text: &str) -> Arc<Contracts> {
    let folder = tempfile::tempdir().unwrap();
    let vendor = folder.path().join(vendor);
    std::fs::create_dir(&vendor).unwrap();
    std::fs::write(vendor.join("vendor.yaml"), text).unwrap();
    read(folder.path())
}

/// A mock that runs, with its environment.
pub(crate) struct Site {
    pub(crate) environment: HashMap<String, String>,
    pub(crate) origin: String,
    addr: SocketAddr,
    _spawned: Spawned,
    _runtime: Runtime,
}

/// One answer, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    /// The row that it names.
    pub(crate) row: String,
    pub(crate) media: String,
    head: String,
    pub(crate) body: String,
}

impl Answered {
    /// A header field's value, empty where there is none.
    pub(crate) fn field(&self, name: &str) -> &str {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Site {
    pub(crate) fn open() -> Self {
        Self::with(&MockSettings::default())
    }

    pub(crate) fn with(settings: &MockSettings) -> Self {
        Self::of(contracts(), settings)
    }

    pub(crate) fn choosing(choices: &[&str]) -> Self {
        let choices = choices.iter().map(|choice| choice.parse().unwrap()).collect();
        Self::with(&MockSettings { choices, ..MockSettings::default() })
    }

    pub(crate) fn of(contracts: Arc<Contracts>, settings: &MockSettings) -> Self {
        Self::start(Mock::new(contracts, settings).unwrap())
    }

    pub(crate) fn start(mock: Mock) -> Self {
        let mock = Arc::new(mock);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let spawned = runtime
            .block_on(async { mock.spawn(SocketAddr::from(([127, 0, 0, 1], 0)), FaultPlan::default()).unwrap() });
        Self {
            environment: mock.environment().into_iter().collect(),
            origin: spawned.origin.clone(),
            addr: spawned.running.addr(),
            _spawned: spawned,
            _runtime: runtime,
        }
    }

    /// The `Authorization` field of HTTP Basic with the value of a variable as the user.
    pub(crate) fn basic(&self, variable: &str) -> (&'static str, String) {
        basic(&self.environment[variable])
    }

    /// Sends a request on a connection of its own.
    pub(crate) fn ask(&self, request: &str, headers: &[(&str, String)], body: &str) -> Answered {
        let (method, url) = request.split_once(' ').unwrap();
        let path = url.strip_prefix(&self.origin).unwrap_or(url);
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.addr);
        for (name, value) in headers {
            write!(text, "{name}: {value}\r\n").unwrap();
        }
        if !body.is_empty() {
            write!(text, "content-length: {}\r\n", body.len()).unwrap();
        }
        let mut stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(format!("{text}\r\n{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
        let mut answered = Answered {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
            row: String::new(),
            media: String::new(),
        };
        answered.row = answered.field("x-proviso-row").to_owned();
        answered.media = answered.field("content-type").to_owned();
        answered
    }
}

/// The `Authorization` field of HTTP Basic with a user and no password.
pub(crate) fn basic(user: &str) -> (&'static str, String) {
    ("Authorization", format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:"))))
}
