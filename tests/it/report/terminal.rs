//! The report that a person watches.

use super::canned::{case, events, finding, plan};
use super::progress::clock;
use proviso::judge::check::FindingCode;
use proviso::judge::verdict::Verdict;
use proviso::report::{Level, Report, Terminal, TerminalLook};
use proviso::run::event::{Event, Plan, Summary};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// A terminal that can be read afterwards.
#[derive(Clone, Default)]
pub(crate) struct Screen(Arc<Mutex<Vec<u8>>>);

impl Screen {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) fn look(level: Level) -> TerminalLook {
    TerminalLook { level, colour: false, live: false, width: || Some(100), now: clock }
}

pub(crate) fn shown(look: TerminalLook, events: &[Event]) -> String {
    let screen = Screen::default();
    let mut terminal = Terminal::new(Box::new(screen.clone()), look);
    for event in events {
        terminal.event(event).unwrap();
    }
    screen.text()
}

#[test]
fn a_run_of_all_verdicts_is_told() {
    insta::assert_snapshot!(shown(look(Level::Normal), &events()));
}

#[test]
fn a_quiet_run_tells_what_fails_and_one_line_of_counts() {
    insta::assert_snapshot!(shown(look(Level::Quiet), &events()));
}

#[test]
fn a_verbose_run_tells_every_case_and_every_exchange() {
    insta::assert_snapshot!(shown(look(Level::Exchanges), &events()));
}

#[test]
fn lines_are_broken_for_a_narrow_terminal() {
    let narrow = TerminalLook { width: || Some(40), ..look(Level::Normal) };
    insta::assert_snapshot!(shown(narrow, &events()));
}

#[test]
fn colours_are_there_only_when_asked_for() {
    let coloured = shown(TerminalLook { colour: true, ..look(Level::Normal) }, &events());
    let plain = shown(look(Level::Normal), &events());
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31mviolates\u{1b}[0m"), "{coloured}");
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    assert!(!plain.contains('\u{1b}'), "{plain}");
}

#[test]
fn nothing_that_a_vendor_says_moves_the_cursor() {
    for level in [Level::Quiet, Level::Normal, Level::Verbose, Level::Exchanges] {
        let text = shown(look(level), &events());
        let hidden = |character: char| character.is_control() && character != '\n';
        assert!(!text.contains(hidden) && !text.contains('\u{202e}'), "{text:?}");
    }
}

#[test]
fn nothing_that_a_vendor_says_commands_the_pipeline() {
    for level in [Level::Quiet, Level::Normal, Level::Verbose, Level::Exchanges] {
        for width in [(|| Some(24)) as fn() -> Option<usize>, || Some(100), || None] {
            let text = shown(TerminalLook { width, ..look(level) }, &events());
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
            assert!(!text.contains("##["), "{text}");
        }
    }
}

#[test]
fn all_well_takes_few_lines() {
    let cases = vec![case("acme/links.delete/live", Verdict::Conforms, &[])];
    let text = shown(look(Level::Normal), &run(cases));
    insta::assert_snapshot!(text);
}

#[test]
fn ten_thousand_failures_are_counted_and_not_all_shown() {
    let broken = |number: usize| {
        let mut case = case(&format!("acme/links.delete/row{number}"), Verdict::Violates, &[]);
        case.findings = vec![finding(FindingCode::Status, "status", "wrong", json!(200), json!(404))];
        case
    };
    let events = run((0..10_000).map(broken).collect());
    let text = shown(look(Level::Normal), &events);
    assert!(text.lines().count() < 400, "{} lines", text.lines().count());
    assert!(text.contains("9980 further failing cases not shown"), "{text}");
    let verbose = shown(look(Level::Verbose), &events);
    assert!(verbose.contains("row9999"), "the last one is shown under -v");
}

#[test]
fn the_live_line_fits_is_painted_over_and_leaves_nothing_behind() {
    let narrow = TerminalLook { live: true, width: || Some(30), ..look(Level::Normal) };
    let text = shown(narrow, &events());
    let painted: Vec<&str> = text.split("\r\u{1b}[2K").collect();
    assert!(painted.len() > 3, "{text:?}");
    for before in &painted[..painted.len() - 1] {
        let line = before.rsplit('\n').next().unwrap();
        assert!(line.contains("/10"), "{line:?} is the live line");
        assert!(line.chars().count() < 30, "{line:?} fits");
    }
    assert_eq!(painted.concat().lines().filter(|line| line.starts_with("next")).count(), 3, "{text}");
    assert!(text.ends_with('\n'));
}

#[test]
fn an_interrupted_run_tells_what_was_judged() {
    let mut events = run(vec![case("acme/links.delete/live", Verdict::Conforms, &[])]);
    if let Some(Event::Started(plan)) = events.first_mut() {
        plan.cases.push("acme/links.delete/never".into());
    }
    assert!(shown(look(Level::Normal), &events).contains("1 conforms"));
}

fn run(cases: Vec<proviso::run::event::CaseResult>) -> Vec<Event> {
    let plan =
        Plan { cases: cases.iter().map(|case| case.id.clone()).collect(), pages: super::canned::pages(), ..plan() };
    let mut counts = BTreeMap::new();
    let mut events = vec![Event::Started(plan)];
    for case in cases {
        *counts.entry(case.verdict).or_default() += 1;
        events.push(Event::CaseFinished(Box::new(case)));
    }
    events.push(Event::Finished(Summary { counts, requests: 1, ..Summary::default() }));
    events
}

#[test]
fn a_tick_before_and_after_the_run_paints_nothing_in_a_pipe() {
    let screen = Screen::default();
    let mut terminal = Terminal::new(Box::new(screen.clone()), look(Level::Normal));
    terminal.tick().unwrap();
    assert_eq!(screen.text(), "");
    for event in events() {
        terminal.event(&event).unwrap();
    }
    let told = screen.text();
    terminal.tick().unwrap();
    assert_eq!(screen.text(), told);
}
