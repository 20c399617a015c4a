//! README and guide, held: every command in them is run, every file written and every snippet merged, by what their fences say.
//!
//! A fence says by its info string what becomes of it, so that none can be forgotten:
//!
//! | info string | is |
//! |---|---|
//! | `console` | commands after `$ `, run one after the other in one shell; lines below one are what it prints, `...` is anything, and a comment `# exit N` says how it ends |
//! | `yaml file=PATH` | a file, written |
//! | `yaml into=PATH` | a part of a file, merged into it in a copy of the folder, which lints and conforms afterwards; with `also`, into the same copy as the part before |
//! | `LANGUAGE same-as=PATH` | a file of this repository, or lines of one |
//! | `LANGUAGE not run: WHY` | shown and not run |
//! | `text` | no command |

mod session;
mod snippet;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use session::Session;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A piece of a document that is held.
enum Piece {
    Heading { level: HeadingLevel, text: String },
    Fence { info: String, text: String },
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The headings and fences of a document.
fn pieces(markdown: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut info = None;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { .. }) => text.clear(),
            Event::End(TagEnd::Heading(level)) => {
                pieces.push(Piece::Heading { level, text: std::mem::take(&mut text) });
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                text.clear();
                info = match kind {
                    CodeBlockKind::Fenced(info) => Some(info.to_string()),
                    CodeBlockKind::Indented => Some("indented".to_owned()),
                };
            }
            Event::End(TagEnd::CodeBlock) => {
                let fence = Piece::Fence { info: info.take().unwrap(), text: std::mem::take(&mut text) };
                pieces.push(fence);
            }
            Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
            _ => {}
        }
    }
    pieces
}

/// A document on its way through a folder.
struct Walk {
    document: &'static str,
    heading: String,
    session: Session,
    /// Where each section of a chapter of recipes begins.
    stem: Option<TempDir>,
    /// Whether snippets were merged that nobody has tried yet.
    untried: bool,
    commands: usize,
}

impl Walk {
    fn new(document: &'static str, begin: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in begin {
            copy(&root().join(name), &folder.path().join(name));
        }
        let session = Session::new(folder);
        Self { document, heading: String::new(), session, stem: None, untried: false, commands: 0 }
    }

    /// Goes through the document; the answer is how many commands were run.
    fn go(mut self) -> usize {
        for piece in pieces(&fs::read_to_string(root().join(self.document)).unwrap()) {
            match piece {
                Piece::Heading { level, text } => self.heading(level, text),
                Piece::Fence { info, text } => self.fence(&info, &text),
            }
        }
        self.try_out();
        self.commands
    }

    fn heading(&mut self, level: HeadingLevel, text: String) {
        self.try_out();
        if level <= HeadingLevel::H2 {
            self.stem = text.starts_with("How to").then(|| self.copied());
        } else if self.stem.is_some() {
            self.restart();
        }
        self.heading = text;
    }

    fn copied(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        copy(self.session.folder(), folder.path());
        folder
    }

    /// Goes back to where the sections of this chapter begin.
    fn restart(&mut self) {
        let folder = match &self.stem {
            Some(stem) => {
                let folder = tempfile::tempdir().unwrap();
                copy(stem.path(), folder.path());
                folder
            }
            None => self.copied(),
        };
        self.session = Session::new(folder);
    }

    fn fence(&mut self, info: &str, text: &str) {
        let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
        let place = format!("{}, {}", self.document, self.heading);
        match (language, rest) {
            ("console", "") => {
                self.try_out();
                self.commands += self.session.run(&place, text);
            }
            ("text", "") => assert!(!text.lines().any(|line| line.starts_with("$ ")), "{place}: a command in {text}"),
            (_, rest) if rest.strip_prefix("not run: ").is_some_and(|why| why.contains(' ')) => {}
            (_, rest) => match rest.split_once('=') {
                Some(("file", path)) => self.session.write(path, text),
                Some(("into", path)) => self.merge(&place, path, text),
                Some(("same-as", path)) => {
                    let whole = fs::read_to_string(root().join(path)).unwrap();
                    assert!(whole.contains(text), "{place}: {path} has not these lines:\n{text}");
                }
                _ => panic!("{place}: nothing is said of what becomes of a fence `{info}`"),
            },
        }
    }

    fn merge(&mut self, place: &str, path: &str, text: &str) {
        let path = if let Some(path) = path.strip_suffix(" also") {
            path
        } else {
            self.try_out();
            self.restart();
            path
        };
        let whole = self.session.read(path);
        self.session.write(path, &snippet::merged(place, &whole, text));
        self.untried = true;
    }

    /// Lints and runs what snippets have been merged into.
    fn try_out(&mut self) {
        if std::mem::take(&mut self.untried) {
            let place = format!("{}, {}: with its snippets", self.document, self.heading);
            self.session.run(&place, "$ proviso lint\n$ proviso -q\n");
        }
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(Result::unwrap) {
        let place: PathBuf = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(place).unwrap();
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let commands = Walk::new("README.md", &["specs", "snapshots"]).go();
    assert!(commands >= 6, "{commands} commands");
}

#[test]
fn every_command_file_and_snippet_of_the_guide_does_what_it_says() {
    let commands = Walk::new("specs/README.md", &[]).go();
    assert!(commands >= 20, "{commands} commands");
}

#[test]
fn every_command_of_the_other_pages_does_what_it_says() {
    assert_eq!(Walk::new("SECURITY.md", &[]).go(), 0, "its commands need a release");
    assert_eq!(Walk::new("specs/UNTRUSTED.md", &["specs", "snapshots"]).go(), 2);
    assert_eq!(Walk::new("CONTRIBUTING.md", &[]).go(), 0, "the tests are running");
    assert!(Walk::new("specs/EVIDENCE.md", &["specs", "snapshots"]).go() >= 7);
    for page in ["specs/RELIABILITY.md", "specs/SPEED.md"] {
        assert_eq!(Walk::new(page, &[]).go(), 0, "{page} has figures and no commands");
    }
}

#[test]
fn links_within_the_documents_lead_somewhere() {
    let documents = [
        "README.md",
        "SECURITY.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "specs/README.md",
        "specs/REFERENCE.md",
        "specs/UNTRUSTED.md",
        "specs/RELIABILITY.md",
        "specs/SPEED.md",
        "specs/EVIDENCE.md",
    ];
    for document in documents {
        let folder = root().join(document).parent().unwrap().to_owned();
        let text = fs::read_to_string(root().join(document)).unwrap();
        for event in Parser::new(&text) {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
            if dest_url.contains("://") {
                continue;
            }
            let (path, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let target = if path.is_empty() { root().join(document) } else { folder.join(path) };
            assert!(target.exists(), "{document}: {dest_url}");
            if !anchor.is_empty() {
                let there = fs::read_to_string(&target).unwrap();
                assert!(anchors(&there).any(|known| known == anchor), "{document}: {dest_url}");
            }
        }
    }
}

/// The anchors that a page shows for its headings.
fn anchors(markdown: &str) -> impl Iterator<Item = String> {
    pieces(markdown).into_iter().filter_map(|piece| match piece {
        Piece::Heading { text, .. } => {
            let kept = text.to_lowercase();
            let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
            Some(kept.collect::<String>().replace(' ', "-"))
        }
        Piece::Fence { .. } => None,
    })
}

#[test]
fn the_readme_is_read_in_a_few_minutes() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    assert!(words < 900, "{words} words");
}

#[test]
fn the_readme_lists_every_chapter_that_it_has() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let linked: Vec<String> = Parser::new(&text)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => dest_url.strip_prefix('#').map(str::to_owned),
            _ => None,
        })
        .collect();
    assert_eq!(linked, anchors(&text).skip(1).collect::<Vec<_>>());
}
