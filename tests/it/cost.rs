//! What a run costs a vendor: the requests that it gets and the things that are made there, counted by somebody else, as they are printed.

use crate::runner::{Served, specs};
use proviso::http::exchange::Request;
use proviso::mock::{Answerer, Mock, MockSettings, Reply};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// The bounds of a run of the five contracts at real vendors.
const REQUESTS: usize = 220;
const THINGS: usize = 40;

/// A vendor on a socket that counts.
struct Vendor {
    counted: Arc<Counted>,
    served: Served,
    state: TempDir,
}

struct Counted {
    mock: Mock,
    /// The status of a vendor that is out of order, if it is.
    broken: Option<u16>,
    /// The requests: method and status.
    all: Mutex<Vec<(String, u16)>>,
}

impl Answerer for Counted {
    fn answer(&self, request: &Request) -> Reply {
        let mut reply = self.mock.answer(request);
        if let Some(status) = self.broken {
            reply.response.status = status;
        }
        self.all.lock().unwrap().push((request.method.clone(), reply.response.status));
        reply
    }
}

impl Vendor {
    fn new(broken: Option<u16>) -> Self {
        let mock = Mock::new(Arc::clone(&specs().contracts), &MockSettings::default()).unwrap();
        let counted = Arc::new(Counted { mock, broken, all: Mutex::default() });
        let served = Served::new(Arc::clone(&counted) as Arc<dyn Answerer>);
        Self { counted, served, state: tempfile::tempdir().unwrap() }
    }

    fn proviso(&self, typed: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
        command.env_clear().envs(self.counted.mock.environment()).current_dir(env!("CARGO_MANIFEST_DIR"));
        command.arg("--state").arg(self.state.path()).args(typed).args(["--target", &self.served.origin]);
        command.stdin(Stdio::null()).output().unwrap()
    }

    fn requests(&self) -> usize {
        self.counted.all.lock().unwrap().len()
    }

    /// How many requests with a method were fulfilled.
    fn fulfilled(&self, method: &str) -> usize {
        let all = self.counted.all.lock().unwrap();
        all.iter().filter(|(asked, status)| asked == method && (200..300).contains(status)).count()
    }
}

fn printed(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

/// The number before a word in a line that has both.
fn number_before(text: &str, word: &str) -> usize {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|found| found.trim_end_matches([',', '\n']) == word).unwrap();
    words[at - 1].replace(',', "").parse().unwrap()
}

#[test]
fn a_run_of_the_five_contracts_costs_what_is_printed_before_and_after_it_and_no_more_than_its_bound() {
    let vendor = Vendor::new(None);
    let dry = printed(&vendor.proviso(&["run", "--dry-run"]));
    let before = dry.lines().last().unwrap();
    assert_eq!(vendor.requests(), 0, "{dry}");

    let output = vendor.proviso(&["run"]);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let after = text.lines().find(|line| line.contains("conform")).unwrap();
    let counted = (vendor.requests(), vendor.fulfilled("POST"));
    assert_eq!((number_before(after, "requests"), number_before(after, "things")), counted, "{after}");
    assert_eq!((number_before(before, "requests"), number_before(before, "things")), counted, "{before}");
    assert!(counted.0 <= REQUESTS && counted.1 <= THINGS, "{counted:?}");
}

#[test]
fn it_costs_the_same_however_many_cases_run_at_once_and_in_whatever_order() {
    let costs = ["--jobs=1", "--jobs=3", "--jobs=200"].map(|jobs| {
        let vendor = Vendor::new(None);
        assert_eq!(vendor.proviso(&["run", "--quiet", jobs]).status.code(), Some(0), "{jobs}");
        (vendor.requests(), vendor.fulfilled("POST"))
    });
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    let vendor = Vendor::new(None);
    assert_eq!(vendor.proviso(&["run", "--quiet", "--shuffle=7"]).status.code(), Some(0));
    assert!(vendor.requests() <= REQUESTS && vendor.fulfilled("POST") <= THINGS, "{}", vendor.requests());
}

#[test]
fn a_run_sends_no_more_than_it_may_and_removes_what_it_has_made_within_that() {
    for most in [1, 7, 30, 60, 110] {
        for jobs in ["--jobs=1", "--jobs=64"] {
            let vendor = Vendor::new(None);
            let output = vendor.proviso(&["run", jobs, &format!("--max-requests={most}")]);
            let text = printed(&output);
            assert!(vendor.requests() <= most, "{} of {most} at {jobs}: {text}", vendor.requests());
            assert_eq!(output.status.code(), Some(3), "{text}");
            assert!(text.contains("--max-requests is reached"), "{text}");
            assert!(!text.contains("left behind"), "{most} at {jobs}: {text}");
        }
    }
    let vendor = Vendor::new(None);
    let enough = vendor.proviso(&["run", "--max-requests=220"]);
    assert_eq!(enough.status.code(), Some(0), "{}", printed(&enough));
}

#[test]
fn what_is_sent_again_counts_as_well() {
    let vendor = Vendor::new(Some(503));
    let output = vendor.proviso(&["run", "--max-requests=9", "--retry=4"]);
    assert!((5..=9).contains(&vendor.requests()), "{}: {}", vendor.requests(), printed(&output));
    assert_eq!(output.status.code(), Some(3), "{}", printed(&output));
}

#[test]
fn a_bound_that_is_none_is_refused() {
    let vendor = Vendor::new(None);
    let output = vendor.proviso(&["run", "--max-requests=0"]);
    assert_eq!((output.status.code(), vendor.requests()), (Some(2), 0), "{}", printed(&output));
}
