//! Any text as a contract beside a good one: read, linted, told and, where nothing is wrong with it, compiled and mocked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proviso::contract::case::compile;
use proviso::contract::load;
use proviso::text::diagnostic::{Severity, Style, render_text};
use proviso::lab::agree::check;
use proviso::mock::{Mock, MockSettings};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A vendor with two operations; the first byte says which of its three files is replaced.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for one vendor").keep().join("demo");
    std::fs::create_dir(&folder).expect("a vendor's folder");
    folder
});
const GOOD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/lint/demo");
const FILES: [&str; 3] = ["vendor.yaml", "links.delete.yaml", "links.retrieve.yaml"];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let replaced = usize::from(*first) % FILES.len();
    for entry in std::fs::read_dir(GOOD).expect("the good vendor").flatten() {
        let name = entry.file_name();
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        let bytes = if Path::new(&name) == Path::new(FILES[replaced]) { rest } else { &bytes };
        std::fs::write(FOLDER.join(&name), bytes).expect("a file of the vendor");
    }
    let loaded = load(std::slice::from_ref(&*FOLDER));
    let mistakes: Vec<_> = loaded.mistakes.iter().cloned().chain(check(&loaded)).collect();
    let told = render_text(&mistakes, &loaded.sources, Style::Plain);
    assert_eq!(told.is_empty(), mistakes.is_empty());
    let wrong = mistakes.iter().any(|mistake| mistake.severity == Severity::Error);
    if !wrong {
        compile(&loaded.contracts);
        drop(Mock::new(loaded.contracts, &MockSettings::default()));
    }
});
