//! The report that is read back.

use super::canned::{events, events_with_known};
use super::tell;
use proviso::report::{ReadError, ReportError, Reports, SavedRun, format, read_run, run_schema};
use std::fs;
use std::path::{Path, PathBuf};

fn write(path: &Path) -> Vec<ReportError> {
    let mut reports = Reports::open(&[(format("json").unwrap(), path.to_owned())]).unwrap();
    tell(&mut reports, &events());
    reports.close()
}

#[test]
fn what_is_written_is_read_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/report.json");
    assert!(write(&path).is_empty());
    let saved = read_run(&path).unwrap();
    assert_eq!(saved, SavedRun::of(&events()));
    assert_eq!(saved.cases.len(), 10);
    insta::assert_snapshot!(fs::read_to_string(&path).unwrap());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn a_report_satisfies_the_committed_schema() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/report.schema.json");
    let now = format!("{:#}\n", run_schema());
    if std::env::var_os("PROVISO_WRITE_SCHEMA").is_some() {
        fs::write(&committed, &now).unwrap();
    }
    assert_eq!(fs::read_to_string(&committed).unwrap(), now, "PROVISO_WRITE_SCHEMA=1 cargo test writes it anew");
    let validator = jsonschema::validator_for(&run_schema()).unwrap();
    let report = serde_json::to_value(SavedRun::of(&events_with_known())).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut wrong = report;
    wrong["cases"][0]["verdict"] = "fine".into();
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn the_order_of_cases_is_that_of_the_pages_whichever_lane_was_faster() {
    let mut reversed = events();
    reversed.reverse();
    assert_eq!(SavedRun::of(&reversed).cases, SavedRun::of(&events()).cases);
}

#[test]
fn a_saved_run_is_told_again_as_it_was() {
    let saved = SavedRun::of(&events());
    let again: Vec<_> = saved.clone().into_events().collect();
    assert_eq!(SavedRun::of(&again), saved);
}

#[test]
fn what_is_no_report_is_refused_with_its_path_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = |text: &str| {
        let path = folder.path().join("it.json");
        fs::write(&path, text).unwrap();
        read_run(&path).unwrap_err()
    };
    assert!(matches!(file("{}"), ReadError::Shape { .. }));
    assert!(matches!(file("not json"), ReadError::Shape { .. }));
    assert!(matches!(file("{\"version\":7}"), ReadError::Version { version: 7, .. }));
    let error = file(
        "{\"version\":1,\"proviso\":\"0\",\"target\":\"t\",\"started\":\"\",\"summary\":{\"counts\":{\"good\":1}}}",
    );
    assert!(error.to_string().contains("summary.counts"), "{error}");
    let error = read_run(&folder.path().join("none.json")).unwrap_err();
    assert!(error.to_string().contains("none.json"), "{error}");
}

#[test]
fn one_file_for_two_reports_is_refused_however_it_is_spelt() {
    let folder = tempfile::tempdir().unwrap();
    let json = format("json").unwrap();
    let wanted = |name: &str| (json, folder.path().join(name));
    let error = Reports::open(&[wanted("a.json"), wanted("b/../a.json")]).err().unwrap();
    assert!(matches!(error, ReportError::Twice(_)), "{error}");
    assert!(Reports::open(&[wanted("a.json"), wanted("b.json")]).is_ok());
}

#[test]
fn a_path_that_cannot_be_written_is_refused_beforehand() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for path in [folder.path().to_owned(), folder.path().join("file/report.json"), PathBuf::new()] {
        let error = Reports::open(&[(format("json").unwrap(), path.clone())]).err().unwrap();
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}

#[test]
fn the_old_report_stands_until_the_new_one_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    fs::write(&path, "old").unwrap();
    let mut reports = Reports::open(&[(format("json").unwrap(), path.clone())]).unwrap();
    let events = events();
    let (last, before) = events.split_last().unwrap();
    tell(&mut reports, before);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    reports.tell(last);
    assert_eq!(read_run(&path).unwrap().cases.len(), 10);
}

#[test]
fn a_report_that_fails_is_told_at_the_end_and_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let json = format("json").unwrap();
    let (good, bad) = (folder.path().join("good.json"), folder.path().join("gone/bad.json"));
    let mut reports = Reports::open(&[(json, bad.clone()), (json, good.clone())]).unwrap();
    fs::remove_dir_all(folder.path().join("gone")).unwrap();
    fs::write(folder.path().join("gone"), "in the way").unwrap();
    tell(&mut reports, &events());
    let errors = reports.close();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().contains(&bad.display().to_string()), "{}", errors[0]);
    assert!(read_run(&good).is_ok());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_and_a_device_is_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file.json"), folder.path().join("link.json"));
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let error = Reports::open(&[(format("json").unwrap(), link.clone())]).err().unwrap().to_string();
    assert!(error.contains("is a symbolic link"), "{error}");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    assert!(write(Path::new("/dev/null")).is_empty());
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}
