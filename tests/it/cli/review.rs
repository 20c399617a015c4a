//! `proviso review` on a terminal, driven by keys and looked at as a person would look at it.

use super::{Project, proviso};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;
use vt100::{Color, Parser};

/// The program on a terminal of its own.
struct Session {
    child: Child,
    keyboard: File,
    written: Receiver<Vec<u8>>,
    terminal: Parser,
}

/// How long a screen is waited for; only a program that hangs takes so long.
const PATIENCE: Duration = Duration::from_mins(2);

impl Session {
    fn start(project: &Project, (rows, columns): (u16, u16), typed: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        tcsetwinsize(&master, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        // Nobody is signalled on a terminal that is no one's own: Ctrl-C is a key, whenever it comes.
        let mut modes = tcgetattr(&master).unwrap();
        modes.local_modes.remove(LocalModes::ISIG);
        tcsetattr(&master, OptionalActions::Now, &modes).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let end = || OpenOptions::new().read(true).write(true).open(&name).unwrap();
        let mut command = proviso(project.path());
        command.env("TERM", "xterm-256color").args(typed).stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().unwrap();
        drop(command);
        let keyboard = File::from(master);
        let mut screen = keyboard.try_clone().unwrap();
        let (sender, written) = channel();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            // Once nobody holds the other end, reading fails.
            while let Ok(count @ 1..) = screen.read(&mut piece) {
                if sender.send(piece[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            keyboard,
            written,
            terminal: Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 100),
        }
    }

    fn seen(&self) -> String {
        self.terminal.screen().contents()
    }

    /// Waits until a text is seen.
    fn until(&mut self, text: &str) {
        while !self.seen().contains(text) {
            let Ok(bytes) = self.written.recv_timeout(PATIENCE) else { panic!("no `{text}` in:\n{}", self.seen()) };
            self.terminal.process(&bytes);
        }
    }

    fn press(&mut self, key: &str) {
        self.keyboard.write_all(key.as_bytes()).unwrap();
    }

    /// What is seen at last, and how the program ended.
    fn end(mut self) -> (String, Option<i32>) {
        loop {
            match self.written.recv_timeout(PATIENCE) {
                Ok(bytes) => self.terminal.process(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it goes on:\n{}", self.seen()),
            }
        }
        (self.seen(), self.child.wait().unwrap().code())
    }

    /// The colour in which a text is written.
    fn colour(&self, text: &str) -> Color {
        let screen = self.terminal.screen();
        let (rows, columns) = screen.size();
        let (rows, columns): (u16, u16) = (rows.into(), columns.into());
        let line = |row: u16| screen.rows(0, columns).nth(usize::from(row)).unwrap();
        let row = (0..rows).find(|row| line(*row).contains(text)).unwrap();
        let before = line(row).split(text).next().unwrap().chars().count();
        screen.cell(row, u16::try_from(before).unwrap()).unwrap().fgcolor()
    }
}

impl Drop for Session {
    /// A test that has failed leaves no program behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const RED: Color = Color::Idx(1);
const GREEN: Color = Color::Idx(2);
const CYAN: Color = Color::Idx(6);
const FOLDER: &str = "snapshots/mock/acme/links.delete";

/// A project in which three answers wait: one that is new, one with a field more, one of another status.
fn waiting() -> Project {
    let project = Project::acme();
    project.run(&["run", "--pending"]);
    project.run(&["accept"]);
    std::fs::remove_file(project.path().join(FOLDER).join("deleted.snap")).unwrap();
    project.change(&format!("{FOLDER}/live.snap"), "  \"deleted\": true,\n", "");
    project.change(&format!("{FOLDER}/unknown.snap"), "HTTP 404", "HTTP 400");
    assert_eq!(project.run(&["run"]).code, 0);
    project
}

fn files(project: &Project) -> Vec<String> {
    let names = std::fs::read_dir(project.path().join(FOLDER)).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.contains("_key"))
        .collect();
    names.sort();
    names
}

#[test]
fn keys_go_through_what_waits_and_nothing_is_written_before_the_end() {
    let project = waiting();
    let before = files(&project);
    let mut session = Session::start(&project, (24, 80), &["review"]);
    session.until("q quit");
    insta::assert_snapshot!(session.seen(), @r#"
    1/3 acme/links.delete/deleted  new
    when link: deleted, then not_found (404)

      DELETE /acme/links/[link.id]

      HTTP 404
      content-type: application/json

      {
        "code": "not_found",
        "message": "not found"
      }

    a accept   r reject   s skip   u undo   d side by side   q quit
    "#);
    assert_eq!(session.colour("new"), CYAN);
    session.press("s");
    session.until("2/3");
    session.until("q quit");
    insta::assert_snapshot!(session.seen(), @r#"
    2/3 acme/links.delete/live  additive
    when link: live, then deleted (200)

    additive  /deleted is new: true
              200.deleted: deleted is true

      DELETE /acme/links/[link.id]

      HTTP 200
      content-type: application/json

      {
    +   "deleted": true,
        "id": "[link.id]"
      }

    a accept   r reject   s skip   u undo   d side by side   q quit
    "#);
    assert_eq!(session.colour("+   \"deleted\""), GREEN);
    session.press("a");
    session.until("3/3");
    session.press("d");
    session.until("one below the other");
    session.until("q quit");
    insta::assert_snapshot!(session.seen(), @r#"
    3/3 acme/links.delete/unknown  breaking
    when link: unknown, then not_found (404)

    breaking  the status is 404, it was 400
              404.status: A link that is not found is answered with 404

    DELETE /acme/links/[link.id]             DELETE /acme/links/[link.id]

    HTTP 400                               | HTTP 404
    content-type: application/json           content-type: application/json

    {                                        {
      "code": "not_found",                     "code": "not_found",
      "message": "not found"                   "message": "not found"
    }                                        }

    a accept   r reject   s skip   u undo   d one below the other   q quit
    "#);
    assert_eq!((session.colour("HTTP 400"), session.colour("HTTP 404"), session.colour("breaking")), (RED, GREEN, RED));
    session.press("u");
    session.until("2/3");
    session.press("x");
    session.press("r");
    session.until("3/3");
    assert_eq!(files(&project), before, "nothing is decided yet");
    session.press("a");
    let (seen, code) = session.end();
    assert_eq!(code, Some(0));
    let told = format!("rejected {FOLDER}/live.snap\naccepted {FOLDER}/unknown.snap\n1 answer goes on waiting");
    assert!(seen.trim_end().ends_with(&told), "{seen}");
    assert_eq!(files(&project), ["deleted.snap.new", "live.snap", "unknown.snap"]);
    assert!(project.read(&format!("{FOLDER}/unknown.snap")).contains("HTTP 404"));
    assert!(!project.read(&format!("{FOLDER}/live.snap")).contains("deleted\": true"));
}

#[test]
fn quitting_keeps_what_was_decided_and_an_interruption_leaves_all_as_it_was() {
    let project = waiting();
    let before = files(&project);
    let mut session = Session::start(&project, (24, 80), &["review"]);
    session.until("1/3");
    session.press("a");
    session.until("2/3");
    session.press("\u{3}");
    let (_, code) = session.end();
    assert_eq!(code, Some(130));
    assert_eq!(files(&project), before);
    let mut session = Session::start(&project, (24, 80), &["review"]);
    session.until("1/3");
    session.press("aq");
    let (seen, code) = session.end();
    assert_eq!(code, Some(0));
    assert!(seen.contains("2 answers go on waiting"), "{seen}");
    assert_eq!(files(&project), ["deleted.snap", "live.snap", "live.snap.new", "unknown.snap", "unknown.snap.new"]);
}

#[test]
fn a_small_window_shows_the_lines_that_differ_and_breaks_none_in_a_word() {
    let project = waiting();
    let mut session = Session::start(&project, (22, 36), &["review", "unknown"]);
    session.until("q quit");
    insta::assert_snapshot!(session.seen(), @r"
    1/1 acme/links.delete/unknown
    breaking
    when link: unknown, then not_found
    (404)

    breaking  the status is 404, it was
              400
              404.status: A link that is
              not found is answered with
              404

      DELETE /acme/links/[link.id]

    - HTTP 400
    + HTTP 404
      content-type: application/json

      ... 4 the same

    a accept   r reject   s skip
    u undo   d side by side   q quit
    ");
    session.press("q");
    session.end();
}
