//! The locks of pages: what they survive, what they notice, and that they name what the contracts have.

use crate::damage::{Damage, RENDERING, TRANSPORT};
use crate::parcel::{CLAUSES, PAGE, contracts};
use crate::runner::specs;
use assert_cmd::Command;
use fastrand::Rng;
use proptest::prelude::*;
use proviso::contract::Loaded;
use proviso::contract::page::{
    Lock, LockedPage, PageChange, Quote, Quotes, SealResult, SentenceState, check_copy, documents, find_document,
    lock_mistakes, lock_path, read_copy, read_quotes, seal_page,
};
use proviso::text::diagnostic::Code;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

fn passages() -> Quotes {
    CLAUSES.iter().map(|(id, passage, _)| ((*id).to_owned(), Quote::Passage((*passage).to_owned()))).collect()
}

fn sealed<'a>(loaded: &'a Loaded, copy: &str, quotes: &'a Quotes) -> SealResult<'a> {
    seal_page(&find_document(&loaded.contracts.vendors[0], "close").unwrap(), copy, quotes)
}

static LOADED: LazyLock<Loaded> = LazyLock::new(|| contracts(|ids| ids).1);

fn locked() -> LockedPage {
    static LOCKED: LazyLock<LockedPage> = LazyLock::new(|| sealed(&LOADED, PAGE, &passages()).page.unwrap());
    LOCKED.clone()
}

/// How a copy differs from [`PAGE`], and which clauses do not stand on it.
fn differs(page: &LockedPage, copy: &str) -> (PageChange, Vec<(String, SentenceState)>) {
    let checked = check_copy(page, CLAUSES.iter().map(|(id, ..)| *id), copy);
    (
        checked.change,
        checked.clauses.into_iter().filter(|(_, standing)| *standing != SentenceState::Unchanged).collect(),
    )
}

#[test]
fn damage_of_every_kind_leaves_every_hash_as_it_was() {
    let page = locked();
    for (name, damage) in RENDERING.iter().chain(&TRANSPORT) {
        let mut rng = Rng::with_seed(7);
        let copy = damage(PAGE, &mut rng);
        assert_ne!(copy, PAGE, "{name} does damage");
        assert_eq!(differs(&page, &copy), (PageChange::Nothing, vec![]), "{name}:\n{copy}");
        // Quotes are taken from copies too, and come to the same lock.
        let damaged = |passage: &str| Quote::Passage(damage(passage, &mut Rng::with_seed(3)));
        let quotes = CLAUSES.iter().map(|(id, passage, _)| ((*id).to_owned(), damaged(passage))).collect();
        assert_eq!(sealed(&LOADED, &copy, &quotes).page, Some(page.clone()), "{name}");
    }
}

/// Anything, but rich in what misread characters are made of.
const TEXT: &str = "(.|[âÂïðโย๏๐€‹›“”Ÿ\u{80}-\u{bf}ก-ฟ\u{fffd} a-c_.]){0,60}";

proptest! {
    #[test]
    fn damage_of_any_kinds_at_once_leaves_every_sentence_to_be_found(
        rendering in proptest::sample::subsequence(RENDERING.to_vec(), 0..=RENDERING.len()).prop_shuffle(),
        transport in proptest::sample::subsequence(TRANSPORT.to_vec(), 0..=TRANSPORT.len()),
        seed: u64,
    ) {
        let mut rng = Rng::with_seed(seed);
        let damage = |copy: String, (_, damage): &(&str, Damage)| damage(&copy, &mut rng);
        let copy = rendering.iter().chain(&transport).fold(PAGE.to_owned(), damage);
        prop_assert_eq!(differs(&locked(), &copy), (PageChange::Nothing, vec![]), "{}", copy);
    }

    #[test]
    fn no_text_at_all_stops_a_check(copy in TEXT, passage in TEXT) {
        let _ = differs(&locked(), &copy);
        let id = CLAUSES[0].0.to_owned();
        let _ = sealed(&LOADED, &copy, &Quotes::from([(id, Quote::Passage(passage))]));
    }
}

#[test]
fn another_word_in_a_sentence_takes_that_sentence_away_and_no_other_one() {
    let page = locked();
    for (id, passage, word) in CLAUSES {
        let copy = PAGE.replacen(passage, &passage.replace(word, "otherwise"), 1);
        assert_ne!(copy, PAGE, "{id}");
        assert_eq!(differs(&page, &copy), (PageChange::Sentences, vec![(id.to_owned(), SentenceState::Gone)]), "{id}");
    }
}

#[test]
fn a_change_in_no_sentence_is_a_change_elsewhere() {
    let copy = PAGE.replace("remedy", "what to do");
    assert_eq!(differs(&locked(), &copy), (PageChange::Elsewhere, vec![]));
    assert_eq!(differs(&locked(), &format!("{PAGE}On this page")), (PageChange::Elsewhere, vec![]));
}

#[test]
fn sentences_may_change_places() {
    let mut lines: Vec<&str> = PAGE.lines().collect();
    lines.reverse();
    assert_eq!(differs(&locked(), &lines.join("\n")), (PageChange::Elsewhere, vec![]));
}

#[test]
fn underscores_eaten_and_numbers_without_their_point_alter_a_sentence_that_still_stands() {
    let page = locked();
    for (id, there, later) in [
        ("request.pattern", "(_test)?_[", "(test)?["),
        ("request.weight", "12.50", "1250"),
        ("errors.no_parcel", "no_parcel", "noparcel"),
        ("effects.closed", "nothing more", "no_thing more"),
        ("200.parcel", "\"shut\": true", "\"shut\": \"true\""),
        ("200.parcel", "\"lids\": []", "\"lids\": {}"),
        ("200.parcel", "\"state\": \"closed\"", "\"state\": closed"),
        ("samples.close", "parcel.close()", "parcel.close"),
    ] {
        let copy = PAGE.replacen(there, later, 1);
        assert_ne!(copy, PAGE, "{id}");
        assert_eq!(differs(&page, &copy), (PageChange::Signs, vec![(id.to_owned(), SentenceState::Altered)]), "{id}");
    }
}

#[test]
fn a_copy_without_text_has_lost_every_sentence_and_cannot_be_locked() {
    let (change, clauses) = differs(&locked(), " \u{200b}• | \n");
    assert_eq!((change, clauses.len()), (PageChange::Sentences, CLAUSES.len()));
    assert_eq!(sealed(&LOADED, "", &Quotes::new()).page, None);
}

#[test]
fn quotes_and_clauses_that_do_not_fit_are_told() {
    let (_folder, loaded) = contracts(|ids| [ids, vec!["200.extra", "200.lost"]].concat());
    let mut quotes = passages();
    quotes.insert("200.lost".to_owned(), Quote::Absent("cut off".to_owned()));
    let told = sealed(&loaded, PAGE, &quotes);
    assert_eq!(told.without_quote, ["200.extra"]);
    let page = told.page.unwrap();
    let standing = check_copy(&page, ["200.extra", "200.lost"], PAGE).clauses;
    let not_locked = |why: Option<&str>| SentenceState::NotLocked(why.map(str::to_owned));
    assert_eq!(
        standing,
        [("200.extra".to_owned(), not_locked(None)), ("200.lost".to_owned(), not_locked(Some("cut off")))]
    );

    for (id, passage) in
        [("effects.kept", "Größe bleibt stehen"), ("effects.kept", "— • —"), ("request.weight", "12,50")]
    {
        let mut quotes = passages();
        quotes.insert(id.to_owned(), Quote::Passage(passage.to_owned()));
        let told = sealed(&loaded, PAGE, &quotes);
        assert_eq!((told.page, told.not_on_page), (None, vec![id]), "{passage}");
    }
    let mut quotes = passages();
    quotes.insert("200.none".to_owned(), Quote::Passage("Close a parcel".to_owned()));
    let told = sealed(&loaded, PAGE, &quotes);
    assert_eq!((told.page, told.without_clause, told.without_status), (None, vec!["200.none"], vec![]));
    quotes.insert("409.status".to_owned(), Quote::Passage("The parcel is already shut".to_owned()));
    assert_eq!(sealed(&loaded, PAGE, &quotes).without_status, ["409.status"]);
}

#[test]
fn a_lock_is_read_as_it_was_written_and_holds_no_word_of_the_page() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("clauses.lock");
    assert_eq!(Lock::read(&path).unwrap(), Lock::default(), "no lock is one without pages");
    let mut lock = Lock::default();
    lock.pages.insert("close".to_owned(), locked());
    lock.write(&path).unwrap();
    assert_eq!(Lock::read(&path).unwrap(), lock);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left in the folder");
    let entries = fs::read_to_string(&path).unwrap();
    let entries: String = entries.lines().filter(|line| !line.starts_with('#')).collect();
    for word in ["parcel_test", "Größe", "Gewicht", "nothing", "names", "kilograms", "becomes", "everywhere", "Compare"]
    {
        assert!(PAGE.contains(word) && !entries.contains(word), "{word}");
    }
}

#[test]
fn what_is_no_lock_is_refused_with_the_place() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("clauses.lock");
    let mut lock = Lock::default();
    lock.pages.insert("close".to_owned(), locked());
    let text = lock.text().unwrap();
    for (wrong, why) in [
        (text.replacen("version: 2", "version: 3", 1), "version 3"),
        (text.replacen("version: 2", "version: 1", 1), "lock its pages again"),
        (text.replacen("200.lid: 3", "200.lid: x3", 1), "pages.close.clauses.200.lid"),
        (text.replacen("url:", "uri:", 1), "pages.close"),
        (text.replacen("pages:", "pages: [", 1), "is no lock"),
        ("a: &a [*a]".to_owned(), "anchor"),
        (String::new(), "empty"),
    ] {
        fs::write(&path, wrong).unwrap();
        let error = Lock::read(&path).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(Lock::read(&path).is_err());
    assert!(lock.write(&path).is_err());
    assert!(lock.write(&folder.path().join("nowhere/clauses.lock")).is_err());
}

#[test]
fn quotes_that_are_none_are_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("quotes.yaml");
    for wrong in
        ["", "- a\n", "200.a: 1\n", "200.a: { absent: 1 }\n", "200.a: { absent: x, b: y }\n", "200.a: x\n200.a: y\n"]
    {
        fs::write(&path, wrong).unwrap();
        assert!(read_quotes(&path).is_err(), "{wrong}");
    }
    assert!(read_quotes(folder.path()).is_err());
    fs::write(&path, "200.a: x\n200.b: { absent: why }\n").unwrap();
    let absent = Quote::Absent("why".to_owned());
    let due = [("200.a".to_owned(), Quote::Passage("x".to_owned())), ("200.b".to_owned(), absent)];
    assert_eq!(read_quotes(&path).unwrap(), Quotes::from(due));
}

#[test]
fn a_copy_that_is_no_text_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("page.txt");
    assert!(read_copy(&path).is_err() && read_copy(folder.path()).is_err());
    fs::write(&path, [0x47, 0x72, 0xf6, 0xdf, 0x65]).unwrap();
    assert!(read_copy(&path).unwrap_err().to_string().contains("UTF-8"));
    fs::write(&path, vec![b'a'; (4 << 20) + 1]).unwrap();
    assert!(read_copy(&path).is_err());
}

/// The clauses that stand on no saved copy of their page, each of which the lock has a reason for.
const ABSENT: [(&str, &str, &str); 2] =
    [("omise", "delete-link", "5xx.retry"), ("omise", "delete-link", "5xx.status_page")];

#[test]
fn the_locks_of_this_repository_name_exactly_what_its_contracts_have() {
    let loaded = specs();
    let mut absent = Vec::new();
    for vendor in &loaded.contracts.vendors {
        let lock = Lock::read(&lock_path(&loaded, vendor)).unwrap();
        let documents = documents(vendor);
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        let pages = sorted(documents.keys().map(|id| (*id).to_owned()).collect());
        assert_eq!(lock.pages.keys().cloned().collect::<Vec<_>>(), pages, "{}", vendor.name);
        for (id, document) in documents {
            let page = &lock.pages[id];
            let named = sorted(page.clauses.keys().chain(page.absent.keys()).cloned().collect());
            assert_eq!(named, sorted(document.clauses().map(str::to_owned).collect()), "{id}");
            assert_eq!((&page.url, &page.read), (&document.page.url, &document.page.read), "{id}");
            assert!(page.absent.values().all(|why| why.len() > 10), "{id}");
            absent.extend(page.absent.keys().map(|clause| (vendor.name.clone(), id.to_owned(), clause.clone())));
        }
    }
    assert_eq!(absent, ABSENT.map(|(vendor, page, clause)| (vendor.to_owned(), page.to_owned(), clause.to_owned())));
    assert_eq!(lock_mistakes(&loaded), []);
}

fn codes(loaded: &Loaded) -> Vec<(Code, String)> {
    lock_mistakes(loaded).into_iter().map(|mistake| (mistake.code, mistake.message)).collect()
}

/// Writes the lock of [`PAGE`] beside contracts.
fn with_lock(loaded: &Loaded, change: impl Fn(&mut Lock)) -> PathBuf {
    let path = lock_path(loaded, &loaded.contracts.vendors[0]);
    let mut lock = Lock::default();
    lock.pages.insert("close".to_owned(), locked());
    change(&mut lock);
    lock.write(&path).unwrap();
    path
}

#[test]
fn a_lock_and_contracts_that_drift_apart_are_told() {
    let one = |loaded: &Loaded, code: Code, word: &str| {
        let found = codes(loaded);
        assert!(found.len() == 1 && found[0].0 == code && found[0].1.contains(word), "{word}: {found:?}");
    };
    let (_folder, loaded) = contracts(|ids| ids);
    assert_eq!(codes(&loaded), [], "a vendor without a lock has no mistakes");
    let path = with_lock(&loaded, |_| {});
    assert_eq!(codes(&loaded), []);
    with_lock(&loaded, |lock| {
        let page = lock.pages.remove("close").unwrap();
        lock.pages.insert("open".to_owned(), page.clone());
        lock.pages.insert("close".to_owned(), page);
    });
    one(&loaded, Code::LockUnknown, "`open`");
    with_lock(&loaded, |lock| lock.pages.get_mut("close").unwrap().read = "2026-11-19".to_owned());
    one(&loaded, Code::LockStale, "another copy");
    fs::write(&path, "nothing").unwrap();
    one(&loaded, Code::LockUnreadable, "clauses.lock");

    let (_folder, fewer) = contracts(|ids| ids[1..].to_vec());
    with_lock(&fewer, |_| {});
    one(&fewer, Code::LockUnknown, CLAUSES[0].0);
    let (_folder, more) = contracts(|ids| [ids, vec!["200.extra"]].concat());
    with_lock(&more, |_| {});
    one(&more, Code::LockStale, "200.extra");
    let mistake = &lock_mistakes(&more)[0];
    let span = mistake.span(&more.sources).unwrap();
    assert_eq!(&more.sources[span.file].text()[span.range], "200.extra");
}

fn proviso(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    let output = command.current_dir(folder).args(["pages"]).args(arguments).args(["--specs", "."]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_locks_a_page_and_tells_what_is_gone_from_a_later_copy() {
    let (folder, _) = contracts(|ids| ids);
    let folder = folder.path();
    let own = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = own.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let passages: Vec<_> = CLAUSES.iter().map(|(id, passage, _)| format!("{id}: {passage:?}")).collect();
    let passages = passages.join("\n");
    let (page, quotes) = (file("page.txt", PAGE), file("quotes.yaml", &passages));
    let wrong = file("wrong.yaml", &passages.replace("becomes", "stays"));
    let later = file("later.txt", &PAGE.replace("becomes", "stays"));

    let (code, _, told) = proviso(folder, &["lock", "acme", "--page", "close", "--text", &page, "--quotes", &wrong]);
    assert!(code == 2 && told.contains("`200.closed`") && !folder.join("acme/clauses.lock").exists(), "{told}");
    let (code, _, told) = proviso(folder, &["check", "acme", "--page", "close", "--text", &page]);
    assert!(code == 2 && told.contains("proviso pages lock acme --page close"), "{told}");
    let (code, _, told) = proviso(folder, &["lock", "acme", "--page", "close", "--text", &page, "--quotes", &quotes]);
    assert!(code == 0 && told.contains("locked 12 clauses"), "{told}");
    let (code, told, _) = proviso(folder, &["check", "acme", "--page", "close", "--text", &page]);
    assert!(
        code == 0 && told.contains("12 unchanged, 0 altered, 0 fewer, 0 gone, 0 not locked; the page has not changed"),
        "{told}"
    );
    let (code, told, _) = proviso(folder, &["check", "acme", "--page", "close", "--text", &later]);
    assert!(code == 1 && told.contains("gone        200.closed: Something") && told.contains("1 gone"), "{told}");
    let (code, told, _) = proviso(folder, &["check", "acme", "--page", "close", "--text", &later, "--format=json"]);
    let document: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(code == 1 && document["change"] == "sentences" && document["clauses"][4]["standing"] == "gone", "{told}");
    let (code, told, _) = proviso(folder, &["check", "acme"]);
    assert!(code == 0 && told.contains("close  2026-11-20       12      12       0"), "{told}");
    for wrong in [
        &["check", "acne"][..],
        &["check", "acme", "--page", "clos", "--text", &page],
        &["check", "acme", "--page", "close"],
    ] {
        assert_eq!(proviso(folder, wrong).0, 2, "{wrong:?}");
    }
}
