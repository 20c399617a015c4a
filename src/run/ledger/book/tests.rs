//! The file of a ledger: nobody takes it from the living, and what cannot be written whole is not written at all.

use super::*;
use crate::run::ledger::line::{VERSION, read};

fn first() -> Line {
    Line::Ledger {
        version: VERSION,
        run: "tk0pwx01234567".parse().unwrap(),
        started: "2026-11-21T04:30:53Z".to_owned(),
    }
}

fn removed(number: u64) -> Line {
    Line::Removed { number }
}

#[test]
fn a_ledger_is_taken_only_when_nobody_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::create(folder.path(), "run", &first()).unwrap();
    let [path] = ledgers(folder.path()).unwrap().try_into().unwrap();
    assert!(Book::take(&path).unwrap().is_none());
    drop(book);
    let taken = Book::take(&path).unwrap();
    assert!(Book::take(&path).unwrap().is_none(), "one sweep holds it against another");
    taken.unwrap().0.delete().unwrap();
    assert!(Book::take(&path).unwrap().is_none(), "it is gone");
    assert!(ledgers(folder.path()).unwrap().is_empty());
}

#[test]
fn what_stands_there_under_its_name_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(FOLDER)).unwrap();
    std::fs::write(folder.path().join(FOLDER).join("run.new"), "somebody's").unwrap();
    assert!(Book::create(folder.path(), "run", &first()).is_err());
    assert_eq!(std::fs::read_to_string(folder.path().join(FOLDER).join("run.new")).unwrap(), "somebody's");
}

#[test]
fn lines_follow_behind_the_last_whole_one() {
    for (tail, kept) in [("", ""), ("{\"line\":\"rem", ""), ("{\"line\":\"removed\",\"number\":7}", "\n")] {
        let folder = tempfile::tempdir().unwrap();
        drop(Book::create(folder.path(), "run", &first()).unwrap());
        let path = folder.path().join(FOLDER).join("run.jsonl");
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{before}{tail}")).unwrap();
        let (book, bytes) = Book::take(&path).unwrap().unwrap();
        let account = read(&bytes).unwrap();
        book.resumed(&account).append(&[removed(8)]).unwrap();
        let kept = if kept.is_empty() { String::new() } else { format!("{tail}{kept}") };
        let expected = format!("{before}{kept}{{\"line\":\"removed\",\"number\":8}}\n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), expected, "{tail}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_nothing_follows_half_a_line() {
    let file = OpenOptions::new().append(true).open("/dev/full").unwrap();
    let path = PathBuf::from("/dev/full");
    let mut book = Book { path, file: Arc::new(file), length: 0, unended: false, torn: false };
    let error = book.append(&[removed(1)]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    assert!(book.torn && book.append(&[removed(2)]).is_err());
}
