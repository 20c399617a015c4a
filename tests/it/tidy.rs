//! The shape of the house, held: layers, sockets, names and sizes.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, lowest first: a room may import those before it. A room with rooms inside stands behind them, for the rest of it.
const LAYERS: [&str; 26] = [
    "text/visible",
    "text/source",
    "text/diagnostic",
    "text/yaml",
    "text/secret",
    "text",
    "http/exchange",
    "http",
    "contract",
    "contract/page",
    "contract/lint",
    "judge/check",
    "judge",
    "mock",
    "run/event",
    "run/snapshot",
    "run",
    "lab/walk",
    "lab/mutant",
    "lab/mismatch",
    "lab/agree",
    "lab",
    "report/explain",
    "report/picture",
    "report",
    "cli",
];

/// The room of a path, `/` between its names: the innermost.
fn room_of(path: &str) -> Option<usize> {
    let inside =
        |room: &str| path.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']));
    let rooms = LAYERS.iter().enumerate().filter(|(_, room)| inside(room));
    rooms.max_by_key(|(_, room)| room.len()).map(|(layer, _)| layer)
}

/// What names nothing.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helpers", "common", "types", "manager", "errors", "imp"];

struct File {
    path: String,
    text: String,
}

impl File {
    /// The lines of code before the tests, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod tests").unwrap_or(self.text.len());
        let lines = self.text[..end].lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str) -> Vec<File> {
    let built = |entry: &walkdir::DirEntry| entry.file_name() == "target";
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(root().join(folder))
        .into_iter()
        .filter_entry(|entry| !built(entry))
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    found.sort();
    let file = |path: &PathBuf| File {
        path: path.strip_prefix(root()).unwrap().to_string_lossy().into_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    let files: Vec<_> = found.iter().map(file).collect();
    assert!(!files.is_empty(), "{folder} has files");
    files
}

fn assert_none(trouble: &[String], rule: &str) {
    assert!(trouble.is_empty(), "{rule}:\n{}", trouble.join("\n"));
}

/// The words of a line: runs of letters, since `promise` names nobody.
fn words(line: &str) -> impl Iterator<Item = String> {
    line.split(|letter: char| !letter.is_ascii_alphabetic()).map(str::to_lowercase)
}

#[test]
fn no_vendor_is_named_in_the_source() {
    let specs =
        fs::read_dir(root().join("specs")).unwrap().filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    let vendors: Vec<String> = specs.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(vendors.len() >= 3);
    let mut trouble = Vec::new();
    for file in files("src") {
        for (number, line) in file.text.lines().enumerate() {
            if words(line).any(|word| vendors.contains(&word)) {
                trouble.push(format!("{}:{}: {line}", file.path, number + 1));
            }
        }
    }
    assert_none(&trouble, "a vendor is only YAML");
}

#[test]
fn rooms_import_only_downward() {
    let mut trouble = Vec::new();
    for file in files("src").iter().filter(|file| !["src/lib.rs", "src/main.rs"].contains(&file.path.as_str())) {
        let Some(own) = room_of(file.path.strip_prefix("src/").unwrap()) else {
            trouble.push(format!("{}: it is in no room", file.path));
            continue;
        };
        for (number, line) in file.code() {
            for piece in line.split("crate::").skip(1) {
                let end = piece.find(|letter: char| !letter.is_ascii_alphanumeric() && !"_:".contains(letter));
                let room = room_of(&piece[..end.unwrap_or(piece.len())].replace("::", "/"));
                if room.is_some_and(|other| other > own) {
                    trouble.push(format!("{}:{number}: {}", file.path, line.trim()));
                }
            }
        }
    }
    assert_none(&trouble, "a room may import only those below it");
}

/// Where a text may stand in the source, and nowhere else.
fn assert_only_in(texts: &[&str], allowed: &[&str]) {
    let mut trouble = Vec::new();
    let tests = |file: &File| file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
    let elsewhere = |file: &&File| !tests(file) && !allowed.iter().any(|allowed| file.path.starts_with(allowed));
    for file in files("src").iter().filter(elsewhere) {
        for (number, line) in file.code() {
            if texts.iter().any(|text| line.contains(text)) {
                trouble.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert_none(&trouble, &format!("{texts:?} may stand only in {allowed:?}"));
}

#[test]
fn there_is_one_client_socket_and_one_listening_socket() {
    assert_only_in(&["reqwest::Client", "ClientBuilder", "TcpStream::connect"], &["src/http/send/"]);
    assert_only_in(&["TcpListener", "TcpSocket"], &["src/mock/server.rs"]);
}

#[test]
fn the_environment_is_read_in_one_place() {
    assert_only_in(&["std::env", "env::var", "env::args"], &["src/cli/environment.rs"]);
}

#[test]
fn only_reports_and_commands_write_to_a_terminal() {
    assert_only_in(
        &["println!", "print!(", "io::stdout", "io::stderr", "anstream::"],
        &["src/report/", "src/cli/", "src/main.rs"],
    );
}

#[test]
fn secrets_leave_their_room_only_into_a_request() {
    assert_only_in(
        &[".expose()"],
        &["src/text/secret", "src/run/scope.rs", "src/run/guard.rs", "src/run/way.rs", "src/cli/"],
    );
}

#[test]
fn checks_conditions_and_verdicts_touch_nothing_outside() {
    let pure = ["src/judge/", "src/contract/condition/", "src/contract/case/", "src/run/event/"];
    let mut trouble = Vec::new();
    for file in files("src").iter().filter(|file| pure.iter().any(|pure| file.path.starts_with(pure))) {
        for (number, line) in file.code() {
            if ["std::fs", "std::net", "tokio", "reqwest", "std::process"].iter().any(|text| line.contains(text)) {
                trouble.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert_none(&trouble, "no input, no output");
}

#[test]
fn mutants_are_made_without_asking_a_schema() {
    let asking = ["check::", "jsonschema", "validator", "Compiled", "Judge", ".schema", "Finding"];
    let mut trouble = Vec::new();
    for file in files("src/lab/mutant") {
        for (number, line) in file.code() {
            if asking.iter().any(|text| line.contains(text)) {
                trouble.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert_none(&trouble, "a mutant that knows the schema measures nothing");
}

#[test]
fn files_open_with_a_sentence_and_stay_small() {
    let mut trouble = Vec::new();
    for file in files("src").iter().chain(&files("tests")) {
        let first = file.text.lines().next().unwrap_or_default();
        if !first.starts_with("//! ")
            || !first.ends_with(['.', '?']) && file.text.lines().nth(1).is_none_or(|line| !line.starts_with("//!"))
        {
            trouble.push(format!("{}: does not open with a sentence: {first}", file.path));
        }
        let lines = file.text.lines().count();
        if lines > 400 {
            trouble.push(format!("{}: {lines} lines", file.path));
        }
        let name = Path::new(&file.path).file_stem().unwrap().to_string_lossy().into_owned();
        if EMPTY_NAMES.contains(&name.as_str()) {
            trouble.push(format!("{}: the name says nothing", file.path));
        }
    }
    assert_none(&trouble, "files open with `//! `, have at most 400 lines and a name that says something");
}

#[test]
fn nothing_undone_or_hidden_is_left_in_the_source() {
    let banned = [
        "#[allow(",
        "todo!(",
        "unimplemented!(",
        "dbg!(",
        "#[ignore]",
        "super::super",
        "serde(flatten",
        "serde(untagged",
    ];
    let mut trouble = Vec::new();
    for file in files("src").iter().chain(&files("tests")).filter(|file| !file.path.ends_with("tidy.rs")) {
        for (number, line) in file.text.lines().enumerate() {
            // The schema has refused what would raise a bad error.
            let decoded = file.path.starts_with("src/contract/language/") && line.contains("serde(untagged");
            if banned.iter().any(|text| line.contains(text)) && !decoded
                || line.contains("TODO")
                || line.contains("FIXME")
            {
                trouble.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert_none(&trouble, "not in this house");
}

/// What no lint of the compiler counts, with the most that there may be: a ceiling may fall and never rise.
#[test]
fn what_hides_the_meaning_of_code_becomes_rarer() {
    let files = files("src");
    let code: Vec<&str> = files.iter().flat_map(|file| file.code().map(|(_, line)| line)).collect();
    let thousands = code.len() / 1000;
    let ceilings = [
        ("closures bound to a name, in 1,000 lines", bound_closures(&code) / thousands, 3),
        ("`unwrap_or_default`, in 1,000 lines", count(&code, &["unwrap_or_default"]) / thousands, 2),
        ("copies, in 1,000 lines", count(&code, &[".clone()", ".to_owned()", ".cloned()"]) / thousands, 24),
        ("type names used twice", repeated(type_names(&files)), 19),
        ("file names used twice", repeated(file_names(&files)), 6),
    ];
    let over = ceilings.iter().filter(|(_, found, most)| found > most);
    let trouble: Vec<String> = over.map(|(what, found, most)| format!("{what}: {found}, at most {most}")).collect();
    assert_none(&trouble, "say it by the shape of the data");
}

fn count(code: &[&str], texts: &[&str]) -> usize {
    code.iter().flat_map(|line| texts.iter().map(|text| line.matches(text).count())).sum()
}

fn bound_closures(code: &[&str]) -> usize {
    let bound = code.iter().filter_map(|line| line.trim_start().strip_prefix("let ")?.split_once(" = "));
    bound.filter(|(_, value)| value.trim_start_matches("move ").starts_with('|')).count()
}

fn type_names(files: &[File]) -> Vec<String> {
    let declared =
        files.iter().filter(|file| !file.path.ends_with("tests.rs")).flat_map(File::code).filter_map(|(_, line)| {
            let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
            let is_type = ["struct", "enum", "trait"].contains(&words.next()?);
            is_type.then(|| words.next())?
        });
    declared.map(|name| name.chars().take_while(char::is_ascii_alphanumeric).collect()).collect()
}

fn file_names(files: &[File]) -> Vec<String> {
    let named = files.iter().filter(|file| !file.path.ends_with("/mod.rs") && !file.path.ends_with("/tests.rs"));
    named.map(|file| Path::new(&file.path).file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

fn repeated(names: Vec<String>) -> usize {
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
    counts.values().filter(|count| **count > 1).count()
}
