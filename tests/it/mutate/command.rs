//! `proviso mutate` as it is typed: what it prints, and how it ends.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Exit code, what was printed, what was told beside it.
fn mutate(specs: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.arg("mutate").arg("--specs").arg(specs).args(args).env_clear();
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/specs"))
}

/// Numbers of a last line `N mutants, K killed, E equivalent`.
fn counts(out: &str) -> [usize; 3] {
    let last = out.lines().last().unwrap();
    let words: Vec<&str> = last.split(' ').collect();
    assert_eq!((words[1], words[3], words[5], words.len()), ("mutants,", "killed,", "equivalent", 6), "{last}");
    [words[0], words[2], words[4]].map(|word| word.parse().unwrap())
}

/// A copy of one vendor's contracts in which a text stands for another.
fn with(vendor: &str, file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(vendor)).unwrap();
    for entry in std::fs::read_dir(repository().join(vendor)).unwrap().map(Result::unwrap) {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let changed = if entry.file_name() == file { text.replace(from, to) } else { text.clone() };
        assert!(entry.file_name() != file || changed != text);
        std::fs::write(folder.path().join(vendor).join(entry.file_name()), changed).unwrap();
    }
    folder
}

#[test]
fn strong_contracts_end_well_with_their_counts_on_the_last_line() {
    let (code, out, err) = mutate(repository(), &["mytpe", "--fail-under", "100%"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let [mutants, killed, equivalent] = counts(&out);
    assert!(mutants > 200 && killed + equivalent == mutants, "{out}");
    assert!(out.contains("By kind") && out.contains("mytpe/pay_links.delete") && !out.contains("Survivors"), "{out}");
}

#[test]
fn a_promise_that_is_missing_is_told_with_its_row_its_clause_the_change_and_the_line_to_write() {
    let weak = with("mytpe", "pay_links.delete.yaml", "message: PAY_LINK_NOT_FOUND, ", "");
    let (code, out, err) = mutate(weak.path(), &["pay_links.delete/unknown", "--fail-under", "100%"]);
    assert_eq!(code, 1, "{out}");
    assert!(err.contains("`proviso lint` shows where"), "{err}");
    assert!(out.contains("mytpe/pay_links.delete/unknown  404.message: The message is PAY_LINK_NOT_FOUND"), "{out}");
    assert!(out.contains("field dropped: /message left out (it was "), "{out}");
    let line = "write  message: { type: string, minLength: 1 }  under outcomes.not_found.fields (";
    assert!(out.contains(line), "{out}");
    assert!(out.contains("pay_links.delete.yaml:"), "{out}");
    let [mutants, killed, equivalent] = counts(&out);
    assert!(killed + equivalent < mutants);
    assert_eq!(mutate(weak.path(), &["pay_links.delete/unknown"]).0, 0, "without a bound a score is only told");
    assert_eq!(mutate(weak.path(), &["pay_links.delete/unknown", "--fail-under", "50%"]).0, 0);
}

#[test]
fn the_score_is_one_json_document_for_machines() {
    let weak = with("mytpe", "pay_links.delete.yaml", "message: PAY_LINK_NOT_FOUND, ", "");
    let (code, out, _) =
        mutate(weak.path(), &["pay_links.delete/unknown", "--format", "json", "--fail-under", "99.5%"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &document["version"], &document["fail_under"]), (1, &Value::from(1), &Value::from("99.50%")));
    let survivors = document["survivors"].as_array().unwrap();
    let dropped = survivors.iter().find(|one| one["kind"] == "field-dropped").unwrap();
    assert_eq!(dropped["clause"], "404.message");
    assert_eq!(
        (&dropped["advice"]["under"], &dropped["advice"]["write"]),
        (&Value::from("/outcomes/not_found/fields"), &Value::from("message: { type: string, minLength: 1 }"))
    );
    let tally = &document["tally"];
    let number = |name: &str| tally[name].as_u64().unwrap();
    assert_eq!(number("killed") + number("equivalent") + survivors.len() as u64, number("mutants"));
}

#[test]
fn what_is_typed_wrongly_is_told() {
    let (code, _, err) = mutate(repository(), &["--fail-under", "101%"]);
    assert!(code == 2 && err.contains("from 0% to 100%"), "{err}");
    let (code, _, err) = mutate(repository(), &["pay_link.delete"]);
    assert!(code == 4 && err.contains("did you mean `pay_links.delete`"), "{err}");
}
