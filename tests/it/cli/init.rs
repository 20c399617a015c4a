//! `proviso init`: a beginning that lints at once and writes over nothing.

use super::Project;

#[test]
fn a_new_vendor_lints_at_once() {
    let project = Project::empty();
    let told = project.run(&["init", "my-pay"]);
    assert_eq!(told.code, 0);
    assert_eq!(told.out, "wrote specs/my-pay/vendor.yaml\nwrote specs/my-pay/links.delete.yaml\n");
    assert!(told.err.contains("proviso lint specs/my-pay"), "{}", told.err);
    let told = project.run(&["lint"]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(told.out.contains("no mistakes"), "{}", told.out);
    assert!(project.read("specs/my-pay/vendor.yaml").contains("MY_PAY_API_KEY"));
}

#[test]
fn several_new_vendors_do_not_stand_in_each_others_way() {
    let project = Project::acme();
    project.init("other");
    assert_eq!(project.run(&["lint"]).code, 0);
}

#[test]
fn nothing_is_written_over() {
    let project = Project::acme();
    project.write("specs/acme/vendor.yaml", "mine");
    project.write("specs/vendor.schema.json", "mine too");
    let told = project.run(&["init", "acme"]);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.contains("specs/acme is there already"), "{}", told.err);
    assert_eq!(project.run(&["init", "other"]).code, 0);
    assert_eq!(
        (project.read("specs/acme/vendor.yaml"), project.read("specs/vendor.schema.json")),
        ("mine".into(), "mine too".into())
    );
}

#[test]
fn what_is_no_name_of_a_vendor_is_refused() {
    let project = Project::empty();
    for name in ["../x", "a/b", "Acme", "", ".", "null", "1st"] {
        let told = project.run(&["init", name]);
        assert_eq!(told.code, 2, "{name}");
    }
    assert_eq!(std::fs::read_dir(project.path()).unwrap().count(), 0);
}

#[test]
fn the_schemas_come_with_it_for_editors() {
    let project = Project::acme();
    assert_eq!(project.run(&["schema", "--check"]).code, 0);
    let modeline = "# yaml-language-server: $schema=../vendor.schema.json\n";
    assert!(project.read("specs/acme/vendor.yaml").starts_with(modeline));
}
