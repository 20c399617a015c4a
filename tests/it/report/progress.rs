//! How far a long run has come: in a pipe a line for each vendor every ten seconds, on a terminal one line that changes.

use super::canned::{case, finding, plan};
use super::terminal::{Screen, look};
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::report::{Level, Report, Terminal, TerminalLook};
use proviso::run::event::{CaseResult, Event, Plan, Summary};
use serde_json::json;
use std::cell::Cell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

thread_local! {
    /// The seconds since the clock of this test began.
    static SECONDS: Cell<u64> = const { Cell::new(0) };
}

/// A clock that a test sets.
pub(super) fn clock() -> Instant {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    *START + Duration::from_secs(SECONDS.get())
}

/// A report that a test looks at while a run goes on.
struct Watched {
    screen: Screen,
    terminal: Terminal,
    read: usize,
}

impl Watched {
    fn of(look: TerminalLook, cases: &[&str]) -> Self {
        SECONDS.set(0);
        let screen = Screen::default();
        let mut watched = Self { terminal: Terminal::new(Box::new(screen.clone()), look), screen, read: 0 };
        let cases = cases.iter().map(|id| (*id).to_owned()).collect();
        watched.tell(&Event::Started(Plan { cases, ..plan() }));
        watched
    }

    /// What an event adds.
    fn tell(&mut self, event: &Event) -> String {
        self.terminal.event(event).unwrap();
        self.added()
    }

    fn start(&mut self, id: &str) -> String {
        self.tell(&Event::CaseStarted { id: id.to_owned() })
    }

    fn finish(&mut self, result: CaseResult) -> String {
        self.tell(&Event::CaseFinished(Box::new(result)))
    }

    /// What is added once so many seconds have gone by.
    fn at(&mut self, seconds: u64) -> String {
        SECONDS.set(seconds);
        self.terminal.tick().unwrap();
        self.added()
    }

    fn added(&mut self) -> String {
        let text = self.screen.text();
        let added = text[self.read..].to_owned();
        self.read = text.len();
        added
    }
}

fn conforming(id: &str) -> CaseResult {
    case(id, Verdict::Conforms, &[])
}

fn violating(id: &str) -> CaseResult {
    let mut case = case(id, Verdict::Violates, &[]);
    case.findings =
        vec![finding(FindingCode::Status, "status", "status is 200, promised is 404", json!(200), json!(404))];
    case
}

fn unanswered(id: &str) -> CaseResult {
    CaseResult { reason: Some("no answer within 10 s".to_owned()), ..case(id, Verdict::Environment, &[]) }
}

const CASES: [&str; 6] = ["acme/a.b/1", "acme/a.b/2", "acme/a.b/3", "globex/c.d/1", "globex/c.d/2", "globex/c.d/3"];

#[test]
fn a_pipe_gets_a_line_for_each_vendor_every_ten_seconds_and_each_failure_as_it_comes() {
    let mut watched = Watched::of(look(Level::Normal), &CASES);
    let early = [watched.start(CASES[0]), watched.start(CASES[3]), watched.finish(violating(CASES[0])), watched.at(9)];
    assert_eq!(early.concat(), "", "a short run has its failures at its end alone");
    let failure = "violates     acme/a.b/1: status is 200, promised is 404 12 ms\n";
    let lines =
        "10 s      acme: 1 of 3 cases, 1 violates\n10 s      globex: 0 of 3 cases; globex/c.d/1 has run for 10 s\n";
    assert_eq!(watched.at(10), failure.to_owned() + lines);
    assert_eq!(watched.at(19), "");
    watched.finish(conforming(CASES[3]));
    let failure = "environment  globex/c.d/2: no answer within 10 s 12 ms\n";
    assert_eq!(watched.finish(unanswered(CASES[4])), failure);
    assert_eq!(watched.finish(unanswered(CASES[5])), "", "a reason is written once");
    let failure = "violates     acme/a.b/2: status is 200, promised is 404 12 ms\n";
    assert_eq!(watched.finish(violating(CASES[1])), failure);
    watched.start(CASES[2]);
    assert_eq!(
        watched.at(24),
        "24 s      acme: 2 of 3 cases, 2 violate; acme/a.b/3 has run for 5 s\n",
        "globex is done"
    );
    let lines = "1 min 15 s acme: 2 of 3 cases, 2 violate; acme/a.b/3 has run for 56 s\n";
    assert_eq!(watched.at(75), lines);
    watched.finish(conforming(CASES[2]));
    let told = watched.tell(&Event::Finished(Summary::default()));
    assert!(told.contains("violates acme/a.b/1\n"), "the whole of it is at the end: {told}");
    assert_eq!(watched.at(200), "");
}

#[test]
fn a_quiet_run_writes_no_progress_and_a_verbose_one_no_failure_twice() {
    let mut quiet = Watched::of(look(Level::Quiet), &CASES);
    assert_eq!([quiet.finish(violating(CASES[0])), quiet.at(10), quiet.at(20)].concat(), "");
    let mut verbose = Watched::of(look(Level::Verbose), &CASES);
    assert!(verbose.finish(violating(CASES[0])).contains("status is 200"));
    let progress = verbose.at(10);
    assert!(progress.starts_with("10 s      acme: 1 of 3 cases, 1 violates\n"), "{progress}");
}

#[test]
fn many_vendors_and_many_failures_do_not_flood_a_log() {
    let names: Vec<String> = (0..1000).map(|number| format!("vendor{:03}/a.b/{number}", number % 50)).collect();
    let ids: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut watched = Watched::of(look(Level::Normal), &ids);
    let lines = watched.at(10);
    assert_eq!(lines.lines().count(), 21, "{lines}");
    assert!(lines.ends_with("10 s      30 further vendors not done\n"), "{lines}");
    let failures: String = ids.iter().map(|id| watched.finish(violating(id))).collect();
    assert_eq!(failures.lines().count(), 51, "{failures}");
    assert!(failures.ends_with("further failures are reported at the end\n"), "{failures}");
}

#[test]
fn a_terminal_shows_the_time_that_is_gone_and_left_and_a_slow_case() {
    let live = TerminalLook { live: true, ..look(Level::Normal) };
    let mut watched = Watched::of(live, &CASES);
    watched.start(CASES[5]);
    watched.start(CASES[4]);
    for id in &CASES[..3] {
        watched.finish(conforming(id));
    }
    let shown = |text: String| text.rsplit("\u{1b}[2K").next().unwrap().to_owned();
    assert_eq!(shown(watched.at(4)), "3/6 · 3 conform · 4 s, about 4 s left · globex/c.d/3 · 1 more");
    assert_eq!(
        shown(watched.at(75)),
        "3/6 · 3 conform · 1 min 15 s, about 1 min 15 s left · globex/c.d/3 for 1 min 15 s · 1 more"
    );
}

#[test]
fn no_word_of_the_line_that_changes_is_cut() {
    let parts = ["1/6", " · 1 violates", " · 12 s", " · globex/c.d/3 for 12 s", " · 1 more"];
    let widths: [fn() -> Option<usize>; 6] =
        [|| Some(3), || Some(4), || Some(20), || Some(40), || Some(50), || Some(200)];
    let expected = [0, 1, 2, 3, 4, 5];
    for (width, expected) in widths.into_iter().zip(expected) {
        let mut watched = Watched::of(TerminalLook { live: true, width, ..look(Level::Normal) }, &CASES);
        watched.start(CASES[5]);
        watched.start(CASES[4]);
        watched.finish(violating(CASES[0]));
        let line = watched.at(12);
        assert_eq!(line.rsplit("\u{1b}[2K").next(), Some(&*parts[..expected].concat()), "{:?}", width());
    }
}

#[test]
fn a_line_that_changes_is_taken_away_before_another_text() {
    let mut watched = Watched::of(TerminalLook { live: true, ..look(Level::Normal) }, &CASES);
    watched.start(CASES[0]);
    watched.at(1);
    watched.terminal.clear_line().unwrap();
    assert_eq!(watched.added(), "\r\u{1b}[2K");
    watched.terminal.clear_line().unwrap();
    assert_eq!(watched.added(), "", "once is enough");
    assert!(watched.at(2).starts_with("0/6"), "and it is drawn again");
}

#[test]
fn the_last_word_of_an_interrupted_run_says_how_much_was_not_run() {
    let mut watched = Watched::of(look(Level::Normal), &CASES);
    let counts = [(Verdict::Conforms, 2), (Verdict::NotRun, 4)].into();
    let told = watched.tell(&Event::Finished(Summary { counts, exit_code: 130, ..Summary::default() }));
    assert!(told.ends_with("\nended     early, by an interruption: 4 of 6 cases were not run\n"), "{told}");
}
