//! A shell in a folder, in which the commands of a document are run as a reader would type them.

use regex::Regex;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// What parts the output of one command from that of the next.
const END: char = '\u{1e}';

/// A folder, and what goes on in it.
pub(super) struct Session {
    folder: TempDir,
    home: TempDir,
    /// The shells whose background jobs may still go on.
    shells: Vec<Child>,
}

/// A command as written, with what it prints and how it ends.
struct Typed<'a> {
    command: &'a str,
    expected: Vec<&'a str>,
    code: i32,
}

impl Session {
    pub(super) fn new(folder: TempDir) -> Self {
        Self { folder, home: tempfile::tempdir().unwrap(), shells: Vec::new() }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a fence of commands; the answer is how many there were.
    pub(super) fn run(&mut self, place: &str, text: &str) -> usize {
        let typed = typed(place, text);
        let script: String =
            typed.iter().map(|typed| format!("{}\nprintf '\\036%s\\036' $?\n", typed.command)).collect();
        let told = self.shell(&script);
        let mut pieces = told.split(END);
        for typed in &typed {
            let output = pieces.next().unwrap_or_default();
            let code = pieces.next().and_then(|code| code.parse::<i32>().ok());
            assert_eq!(code, Some(typed.code), "{place}: how `{}` ended, having told:\n{output}", typed.command);
            if !typed.expected.is_empty() {
                let expected = typed.expected.join("\n");
                assert!(
                    matches(&expected, output),
                    "{place}: `{}` told\n{output}\nand the document says\n{expected}",
                    typed.command
                );
            }
        }
        typed.len()
    }

    /// What a shell in the folder told; jobs that it left in the background go on until the session ends.
    fn shell(&mut self, script: &str) -> String {
        let binary = Path::new(env!("CARGO_BIN_EXE_proviso")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let told = self.home.path().join("told");
        let stream = fs::File::create(&told).unwrap();
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-c", script]).current_dir(self.folder()).env_clear();
        command.env("PATH", path).env("HOME", self.home.path()).env("LC_ALL", "C.UTF-8");
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.stdin(Stdio::null()).stdout(stream.try_clone().unwrap()).stderr(stream);
        let mut shell = command.spawn().unwrap();
        shell.wait().unwrap();
        self.shells.push(shell);
        fs::read_to_string(told).unwrap()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for shell in &self.shells {
            // The group has the jobs that the shell has left behind; where there are none, there is nothing to end.
            drop(Command::new("kill").args(["--", &format!("-{}", shell.id())]).stderr(Stdio::null()).status());
        }
    }
}

fn typed<'a>(place: &str, text: &'a str) -> Vec<Typed<'a>> {
    let mut all: Vec<Typed<'a>> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            let code = command.rsplit_once("# exit ").map_or(0, |(_, code)| code.trim().parse().unwrap());
            all.push(Typed { command, expected: Vec::new(), code });
        } else if !(line.is_empty() && all.last().is_none_or(|typed| typed.expected.is_empty())) {
            all.last_mut().unwrap_or_else(|| panic!("{place}: no command before {line}")).expected.push(line);
        }
    }
    for typed in &mut all {
        while typed.expected.last().is_some_and(|line| line.is_empty()) {
            typed.expected.pop();
        }
    }
    all
}

/// Whether an output is what a document says, but for what no two runs share; `...` stands for anything.
fn matches(expected: &str, output: &str) -> bool {
    static CHANGING: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\d+(\.\d+)? m?s\b|127\.0\.0\.1:\d+").unwrap());
    let same = |text: &str| CHANGING.replace_all(text.trim(), "#").into_owned();
    let pattern = regex::escape(&same(expected)).replace(r"\.\.\.", "(?s:.*?)");
    Regex::new(&format!("^{pattern}$")).unwrap().is_match(&same(output))
}

#[test]
fn a_document_that_says_otherwise_than_the_program_is_found() {
    let mut session = Session::new(tempfile::tempdir().unwrap());
    session.run("here", "$ x=1; echo one   # exit 0\n$ echo \"$x in 5 ms\"\n1 in 7 ms\n$ false    # exit 1\n");
    for wrong in ["$ echo a\nb\n", "$ false\n", "$ true # exit 1\n", "$ nothing-of-this-name\n"] {
        let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| session.run("here", wrong)));
        assert!(found.is_err(), "{wrong}");
    }
    assert!(matches("a\n...\nd 127.0.0.1:80", "a\nb\nc\nd 127.0.0.1:8080\n") && !matches("a ... c", "a b"));
}
