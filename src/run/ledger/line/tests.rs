//! The format of ledgers: what is written is read back, and what a crash or another build left is told for what it is.

use super::*;

fn intent(number: u64) -> Intent {
    Intent {
        number,
        at: "2026-11-21T04:30:53.120Z".to_owned(),
        mark: Some(format!("proviso-ab12cd34-{number}")),
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
    Line::Ledger { version, run: "ab12cd34".to_owned(), started: "2026-11-21T04:30:53Z".to_owned() }
}

fn made(number: u64, id: &str) -> Line {
    Line::Made { number, id: id.to_owned() }
}

fn written(lines: &[Line]) -> String {
    lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
}

fn entry(number: u64, id: Option<&str>) -> (u64, Entry) {
    (number, Entry { intent: intent(number), id: id.map(str::to_owned), why: None })
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
    assert_eq!((account.started.as_str(), account.whole), ("2026-11-21T04:30:53Z", text.len() as u64));
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
    assert_eq!(read(text.replace("\"number\":1", "\"number\":").as_bytes()), Err(Unreadable::Damaged(2)));
    assert_eq!(read(b"not a ledger\n"), Err(Unreadable::Damaged(1)));
    assert_eq!(read(format!("{text}{}", written(&[first(VERSION)])).as_bytes()).unwrap().open.len(), 2);
    let mut bytes = text.into_bytes();
    let place = bytes.len() - 3;
    bytes[place] = 0xff;
    assert_eq!(read(&bytes), Err(Unreadable::Damaged(3)));
}
