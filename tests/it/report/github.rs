//! Annotations and the summary of a job.

use super::canned::events;
use super::tell;
use super::terminal::Screen;
use proviso::report::{Github, Reports};
use std::fs;

#[test]
fn what_violates_is_annotated_once_and_the_summary_is_added_to_what_stands() {
    let folder = tempfile::tempdir().unwrap();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let screen = Screen::default();
    let mut reports = Reports::default();
    reports.add(Github::new(Box::new(screen.clone()), Some(summary.clone())));
    tell(&mut reports, &events());
    assert!(reports.close().is_empty());
    let text = screen.text();
    insta::assert_snapshot!(text);
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 2);
    assert!(text.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")), "{text}");
    let summary = fs::read_to_string(&summary).unwrap();
    assert!(summary.starts_with("before\n## Proviso"), "{summary}");
    assert!(summary.contains("acme/links.delete/unknown/capitals"));
}

#[test]
fn a_summary_that_cannot_be_written_is_told_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let mut reports = Reports::default();
    reports.add(Github::new(Box::new(Screen::default()), Some(folder.path().to_owned())));
    tell(&mut reports, &events());
    let errors = reports.close();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().contains(&folder.path().display().to_string()), "{}", errors[0]);
}
