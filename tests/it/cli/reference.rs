//! `proviso reference`: what is committed is what the types and lists say.

use super::{Project, proviso};
use std::path::Path;

#[test]
fn the_committed_reference_is_that_of_the_types_and_lists() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = proviso(repository).arg("reference").output().unwrap();
    let committed = std::fs::read_to_string(repository.join("specs/REFERENCE.md")).unwrap().replace("\r\n", "\n");
    let printed = String::from_utf8(output.stdout).unwrap();
    let first = committed.lines().zip(printed.lines()).find(|(old, new)| old != new);
    assert!(committed == printed, "`cargo run -q -- reference > specs/REFERENCE.md` writes what differs: {first:?}");
}

#[test]
fn the_reference_has_every_key_code_command_and_option() {
    let project = Project::empty();
    let page = project.run(&["reference"]).out;
    let mut due: Vec<String> = Vec::new();
    due.extend(proviso::text::diagnostic::Code::ALL.iter().map(|code| format!("| `{code}` |")));
    due.extend(proviso::judge::check::FindingCode::ALL.iter().map(|(code, _)| format!("| `{}` |", code.as_str())));
    due.extend(proviso::report::FORMATS.iter().map(|format| format!("--report-{} FILE", format.name)));
    for schema in ["vendor", "operation", "settings"] {
        let schema: serde_json::Value = serde_json::from_str(&project.run(&["schema", schema]).out).unwrap();
        due.extend(schema["properties"].as_object().unwrap().keys().map(|key| format!("| `{key}` |")));
    }
    let help = project.run(&["--help"]).out;
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let commands = commands.filter_map(|line| line.split_whitespace().next()).filter(|command| *command != "help");
    for command in commands {
        due.push(format!("### `proviso {command}`"));
        let help = project.run(&[command, "--help"]).out;
        let words = help.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
        due.extend(
            words.filter(|word| word.starts_with("--") && word.len() > 3 && *word != "--help").map(str::to_owned),
        );
    }
    assert!(due.len() > 300, "{}", due.len());
    let missing: Vec<_> = due.iter().filter(|due| !page.contains(due.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let untold = page.lines().filter(|line| line.starts_with("| `") && line.ends_with("|  |"));
    assert_eq!(untold.collect::<Vec<_>>(), [""; 0], "every key says what it means");
}
