//! The format of ledgers: what is written is read back, and what a crash or another build left is told for what it is.

use super::*;

fn run() -> RunId {
    "tk0pwx01234567".parse().unwrap()
}

fn intent(number: u64) -> Intent {
    Intent {
        number,
        at: "2026-11-21T04:30:53.120Z".to_owned(),
        mark: Some(Mark { run: run(), number }),
        vendor: "acme".to_owned(),
        target: "sandbox".to_owned(),
        origin: "https://sandbox.acme.example".to_owned(),
        resource: "card".to_owned(),
        operation: "cards.create".to_owned(),
        state: "live".to_owned(),
        account: Some("secret".to_owned()),
        within: BTreeMap::from([("customer".to_owned(), "cust_1".to_owned())]),
        doubtful: false,
    }
}

fn first(version: u32) -> Line {
    Line::Ledger { version, run: run(), started: "2026-11-21T04:30:53Z".to_owned() }
}

fn made(number: u64, id: &str) -> Line {
    Line::Made { number, id: id.to_owned() }
}

fn written(lines: &[Line]) -> String {
    lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
}

fn entry(number: u64, id: Option<&str>) -> (u64, Entry) {
    (number, Entry { intent: intent(number), id: id.map(str::to_owned), ..Entry::default() })
}

#[test]
fn what_is_made_and_not_removed_is_open() {
    let state = Line::State { number: 4, state: "frozen".to_owned() };
    let nothing = Line::Nothing { number: 2, why: "answered 401".to_owned() };
    let lines = [
        first(VERSION),
        Line::Intent(intent(1)),
        Line::Intent(intent(2)),
        made(1, "card_1"),
        nothing,
        Line::Intent(intent(3)),
        Line::Intent(intent(4)),
        Line::Removed { number: 1 },
        made(4, "card_4"),
        state,
    ];
    let text = written(&lines);
    let account = read(text.as_bytes()).unwrap();
    let (number, mut frozen) = entry(4, Some("card_4"));
    "frozen".clone_into(&mut frozen.intent.state);
    assert_eq!(account.open, BTreeMap::from([entry(3, None), (number, frozen)]));
    assert_eq!((account.run, account.whole), (Some(run()), text.len() as u64));
    assert!(!account.unended);
}

#[test]
fn a_torn_last_line_says_nothing_unless_it_lacks_only_its_end() {
    let whole = written(&[first(VERSION), Line::Intent(intent(1))]);
    let last = written(&[made(1, "card_1")]);
    for cut in 0..last.len() {
        let account = read(format!("{whole}{}", &last[..cut]).as_bytes()).unwrap();
        let complete = cut == last.len() - 1;
        assert_eq!(account.open, BTreeMap::from([entry(1, complete.then_some("card_1"))]), "cut at {cut}");
        assert_eq!(account.whole, (whole.len() + if complete { cut } else { 0 }) as u64, "cut at {cut}");
        assert_eq!(account.unended, complete, "cut at {cut}");
    }
}

#[test]
fn a_run_that_was_killed_while_it_wrote_its_first_line_has_made_nothing() {
    let first = written(&[first(VERSION)]);
    for cut in 0..first.len() {
        assert!(read(&first.as_bytes()[..cut]).unwrap().open.is_empty(), "cut at {cut}");
    }
}

#[test]
fn another_version_is_told_whatever_else_it_says() {
    assert_eq!(read(written(&[first(2)]).as_bytes()), Err(Unreadable::OtherVersion(2)));
    assert_eq!(read(b"{\"line\":\"book\",\"version\":7,\"pages\":[]}\nnonsense\n"), Err(Unreadable::OtherVersion(7)));
}

#[test]
fn a_damaged_line_is_told_and_not_passed_over() {
    let text = written(&[first(VERSION), Line::Intent(intent(1)), Line::Intent(intent(2))]);
    let damaged = |bytes: &[u8]| match read(bytes) {
        Err(Unreadable::Damaged(line, _)) => Some(line),
        _ => None,
    };
    assert_eq!(damaged(text.replace("\"number\":1", "\"number\":").as_bytes()), Some(2));
    assert_eq!(damaged(b"not a ledger\n"), Some(1));
    assert_eq!(damaged(written(&[Line::Removed { number: 1 }]).as_bytes()), Some(1), "no run is named first");
    assert_eq!(read(format!("{text}{}", written(&[first(VERSION)])).as_bytes()).unwrap().open.len(), 2);
    let mut bytes = text.into_bytes();
    let place = bytes.len() - 3;
    bytes[place] = 0xff;
    assert_eq!(damaged(&bytes), Some(3));
}

#[test]
fn a_mark_of_another_form_or_another_run_is_told() {
    let text = written(&[first(VERSION), Line::Intent(intent(1))]);
    let mark = Mark { run: run(), number: 1 }.to_string();
    for other in ["", "link", "proviso-tk0pwx01234567", "proviso-ab12cd34-1"] {
        let error = read(text.replace(&mark, other).as_bytes()).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("expected `proviso-RUN-N`"), "{other}: {error}");
    }
    let other = Mark { run: "tk0pwy01234567".parse().unwrap(), number: 1 };
    let foreign = read(text.replace(&mark, &other.to_string()).as_bytes());
    assert_eq!(foreign, Err(Unreadable::Foreign(2, other)));
    assert!(read(text.replacen("tk0pwx", "TK0PWX", 1).as_bytes()).is_err(), "its run is not a run");
}
