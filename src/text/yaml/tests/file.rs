//! Claims about files that cannot be read.

use std::fs;
use std::path::{Path, PathBuf};

use crate::text::diagnostic::{Style, render_text, sort_by_place};
use crate::text::source::{FileId, Sources};
use crate::text::yaml::{LARGEST_FILE, load};

/// The text printed for a file of these bytes, its folder left out.
fn shown(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pay.yaml"), bytes).unwrap();
    shown_at(folder.path(), "pay.yaml")
}

fn shown_at(folder: &Path, name: &str) -> String {
    let mut sources = Sources::default();
    let (file, mut mistakes) = load(&mut sources, folder.join(name));
    sort_by_place(&mut mistakes, &sources);
    assert_eq!((file, sources.iter().count()), (FileId(0), 1));
    render_text(&mistakes, &sources, Style::Plain).replace(&format!("{}/", folder.display()), "")
}

#[test]
fn a_missing_file_is_told() {
    insta::assert_snapshot!(shown_at(Path::new("/proviso-has-no-such-folder"), "pay.yaml"), @r"
    error[file-missing]: there is no such file
    --> pay.yaml
     = help: paths are taken from the current directory
    ");
}

#[test]
fn a_folder_where_a_file_is_due_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pay.yaml")).unwrap();
    assert!(
        shown_at(folder.path(), "pay.yaml").starts_with("error[not-a-file]: a folder stands where a file is due\n")
    );
}

#[test]
fn a_file_beyond_the_bound_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let file = fs::File::create(folder.path().join("pay.yaml")).unwrap();
    // A hole of a tebibyte: reading it would never end.
    file.set_len(1 << 40).unwrap();
    insta::assert_snapshot!(shown_at(folder.path(), "pay.yaml"), @r"
    error[file-too-large]: the file has 1099511627776 bytes, more than the 1048576 that a contract may have
    --> pay.yaml
     = help: split it into one file an operation
    ");
}

#[test]
fn a_file_of_exactly_the_bound_is_read() {
    let mut bytes = b"a: 1\n#".to_vec();
    bytes.resize(LARGEST_FILE, b'x');
    assert_eq!(shown(&bytes), "");
    bytes.push(b'x');
    assert!(shown(&bytes).starts_with("error[file-too-large]"));
}

#[test]
fn bytes_that_are_not_utf8_are_told_with_their_place() {
    insta::assert_snapshot!(shown(b"a: 1\nb: caf\xe9 bar\n"), @r"
    error[not-utf8]: byte 11 of the file is not UTF-8
     --> pay.yaml:2:7
      |
    2 | b: caf� bar
      |       ^ the byte 0xe9
      |
      = help: save the file as UTF-8; this may be Latin-1 or Windows-1252
    ");
}

#[test]
fn utf16_is_told_as_such() {
    assert!(shown(b"\xff\xfea\x00:\x00").contains("this looks like UTF-16; save it as UTF-8"));
}

#[test]
fn a_byte_order_mark_is_accepted_and_moves_no_place() {
    assert_eq!(shown(b"\xef\xbb\xbfa: 1\n"), "");
    assert!(shown(b"\xef\xbb\xbfa: 1\na: 2\n").contains("pay.yaml:2:1"));
    assert!(shown(b"\xef\xbb\xbf1: 1\n").contains("pay.yaml:1:1"));
}

#[cfg(unix)]
#[test]
fn a_circle_of_symbolic_links_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("b.yaml", folder.path().join("a.yaml")).unwrap();
    std::os::unix::fs::symlink("a.yaml", folder.path().join("b.yaml")).unwrap();
    let shown = shown_at(folder.path(), "a.yaml");
    assert!(shown.starts_with("error[file-unreadable]: this symbolic link cannot be followed"), "{shown}");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_that_leads_nowhere_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("gone.yaml", folder.path().join("a.yaml")).unwrap();
    let shown = shown_at(folder.path(), "a.yaml");
    assert!(shown.starts_with("error[file-missing]: this symbolic link leads to nothing"), "{shown}");
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_refused_unopened() {
    let mut sources = Sources::default();
    let (_, mistakes) = load(&mut sources, PathBuf::from("/dev/zero"));
    assert_eq!(mistakes[0].code.as_str(), "not-a-file");
}

#[test]
fn the_path_is_printed_as_typed() {
    let mut sources = Sources::default();
    let (_, mistakes) = load(&mut sources, PathBuf::from("./no/../such.yaml"));
    assert!(render_text(&mistakes, &sources, Style::Plain).contains("--> ./no/../such.yaml\n"));
}
