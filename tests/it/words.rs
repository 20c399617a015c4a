//! Plain words in what users read: help, messages, templates and pages, held by a list that only grows stricter.

use std::fs;
use std::path::Path;

/// What is not written, and what is written instead.
const WORDS: [(&str, &str); 22] = [
    ("stands", "is, appears, belongs in"),
    ("stood", "was"),
    ("whoever", "the user, any"),
    ("whatever", "any, all"),
    ("nobody", "no user, none"),
    ("somebody", "a user, a person"),
    ("nought", "zero"),
    ("thrice", "three times"),
    ("hence", "so"),
    ("thereby", "so"),
    ("whereby", "by which"),
    ("thus", "so"),
    ("by itself", "automatically, alone"),
    ("by themselves", "automatically"),
    ("come to", "result in, reach"),
    ("brings about", "sets up"),
    ("brought about", "set up"),
    ("bring about", "set up"),
    ("at hand", "available"),
    ("made ready", "prepared"),
    ("is told", "is reported"),
    ("are told", "are reported"),
];

/// The pages and the folders of source that keep to the list. Others are added as they are rewritten, and none is taken away.
const HELD: [&str; 9] = [
    "README.md",
    "CONTRIBUTING.md",
    "specs/EVIDENCE.md",
    "specs/README.md",
    "specs/RELIABILITY.md",
    "specs/SPEED.md",
    "src/cli",
    "src/report",
    "src/run/missing_id.rs",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The words of the list that a text has, each between other signs than letters.
fn found(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.to_lowercase();
        for (word, instead) in WORDS {
            let is_word = |(at, _): (usize, &str)| {
                let before = line[..at].chars().next_back();
                let after = line[at + word.len()..].chars().next();
                !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
            };
            if line.match_indices(word).any(is_word) {
                found.push((number + 1, word, instead));
            }
        }
    }
    found
}

#[test]
fn what_users_read_is_in_plain_words() {
    let mut trouble = Vec::new();
    for held in HELD {
        let files = walkdir::WalkDir::new(root().join(held)).into_iter().map(Result::unwrap);
        let mut any = false;
        for file in files.filter(|entry| entry.file_type().is_file()) {
            any = true;
            let name = file.path().strip_prefix(root()).unwrap().display().to_string();
            for (line, word, instead) in found(&fs::read_to_string(file.path()).unwrap()) {
                trouble.push(format!("{name}:{line}: `{word}`; write: {instead}"));
            }
        }
        assert!(any, "{held} has files");
    }
    assert!(trouble.is_empty(), "not plain:\n{}", trouble.join("\n"));
}

#[test]
fn a_word_of_the_list_is_found_and_a_longer_one_is_not() {
    assert_eq!(found("It Stands here.\nThe thus-far\n").len(), 2);
    assert!(found("understands, withstood, thusly, nobodys").is_empty());
}
