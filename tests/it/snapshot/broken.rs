//! Files that are broken in every way that files break: told with the line, the rest judged, nothing overwritten.

use crate::servers::world::World;
use crate::snapshot::{Rig, unchanged};
use proviso::judge::verdict::Verdict;
use proviso::run::event::Baseline;
use std::fs;
use std::path::Path;

const BROKEN: &str = "test/mytpe/pay_links.delete/live.snap";

/// What a run makes of a baseline that somebody has changed: the line that it blames.
fn blamed(rig: &Rig, spoil: impl Fn(&Path)) -> String {
    let path = rig.folder.join(BROKEN);
    let good = fs::read(&path).unwrap();
    spoil(&path);
    let before = fs::read(&path).ok();
    let told = rig.run(World::default(), unchanged);
    assert_eq!(fs::read(&path).ok(), before, "nothing is overwritten");
    assert!(rig.files(".snap.new").is_empty(), "and nothing is put beside it");
    let of = |id: &str| told.results.iter().find(|result| result.id == id).unwrap();
    assert_eq!(of("mytpe/pay_links.delete/live").baseline, Some(Baseline::Broken));
    assert_eq!(of("mytpe/pay_links.delete/live").verdict, Verdict::Conforms);
    let others = told.results.iter().filter(|result| result.baseline == Some(Baseline::Same)).count();
    assert_eq!(others, told.of(Verdict::Conforms).len() - 1, "the rest is judged: {}", told.trouble());
    assert_eq!(told.notices.len(), 1, "{:?}", told.notices);
    assert_eq!(told.notices[0].kind, "broken-baseline");
    if path.is_dir() {
        fs::remove_dir(&path).unwrap();
    }
    fs::write(&path, good).unwrap();
    let message = told.notices[0].message.clone();
    message.split("live.snap").nth(1).unwrap().split('\n').next().unwrap().to_owned()
}

#[test]
fn a_broken_baseline_is_told_with_its_line_and_the_rest_is_judged() {
    let rig = Rig::of("mytpe/");
    rig.run(World::default(), unchanged);
    rig.accept();
    let rewrite = |change: &dyn Fn(String) -> String| {
        blamed(&rig, |path| fs::write(path, change(fs::read_to_string(path).unwrap())).unwrap())
    };
    let conflict =
        rewrite(&|text| text.replace("HTTP 200", "<<<<<<< ours\nHTTP 200\n=======\nHTTP 201\n>>>>>>> theirs"));
    assert_eq!(conflict, ":10: a conflict is not resolved here: keep one side and take the marks away");
    let cut = rewrite(&|text| text[..text.len() - 5].to_owned());
    assert!(cut.starts_with(":15: the body is not JSON: EOF while parsing"), "{cut}");
    assert_eq!(rewrite(&|text| text[..30].to_owned()), ":2: the file breaks off: no second line `---` ends its head");
    assert_eq!(rewrite(&|_| String::new()), ":1: the file is empty");
    let edited = rewrite(&|text| text.replace("\"success\": true", "\"success\": yes"));
    assert!(edited.starts_with(":15: the body is not JSON"), "{edited}");
    let newer = rewrite(&|text| text.replace("version: 1", "version: 7"));
    assert_eq!(newer, ":5: this file is of version 7, and this proviso reads up to 1: update proviso");
    let folder = blamed(&rig, |path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    });
    assert_eq!(folder, ": this is no file");
    let bytes = blamed(&rig, |path| fs::write(path, b"---\n\xff\xfe").unwrap());
    assert_eq!(bytes, ":2: this is no text in UTF-8");
}

#[test]
fn a_pending_file_that_is_read_only_is_told_and_left() {
    let rig = Rig::of("mytpe/pay_links.delete/live");
    let path = rig.folder.join(format!("{BROKEN}.new"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "mine").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let told = rig.run(World::default(), unchanged);
    assert_eq!(told.results[0].baseline, Some(Baseline::Broken));
    assert!(told.notices[0].message.contains("live.snap.new: this file is read-only"), "{:?}", told.notices);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}
