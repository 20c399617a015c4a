//! `proviso diff`: two sides, compared case by case.

use super::{Project, Told, proviso};
use crate::servers::http::{Server, locked};
use crate::servers::world::World;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// The binary in this repository's folder, with the keys of a world.
fn run(world: &[(&'static str, String)], typed: &[&str]) -> Told {
    let state = tempfile::tempdir().unwrap();
    let mut command = proviso(Path::new(env!("CARGO_MANIFEST_DIR")));
    let pairs = world.iter().map(|(name, value)| (*name, value.as_str()));
    let output = command.envs(pairs).arg("--state").arg(state.path()).args(typed).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A server that tells the truth, but for what is changed on the way.
struct Changed {
    server: Server,
    world: Arc<Mutex<World>>,
    environment: [(&'static str, String); 12],
}

fn serve(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Changed {
    let world = World::default();
    let environment = world.environment();
    let world = Arc::new(Mutex::new(world));
    let asked = Arc::clone(&world);
    let server = Server::start(move |request| {
        let mut answer = locked(&asked).answer(request);
        if let Some(mut body) = answer.json() {
            change(&mut body);
            answer.body = body.to_string().into_bytes();
        }
        answer
    });
    Changed { server, world, environment }
}

#[test]
fn a_target_is_as_the_mock_is_but_for_what_it_does_otherwise() {
    let Changed { server, world, environment } = serve(|body| {
        if body.pointer("/data/message") == Some(&json!("USER_PAYMENT_LINK_DELETED_SUCCESSFULLY")) {
            body["trace"] = json!(1);
        }
    });
    let typed = ["diff", "mock", server.origin(), "gafapay/payment_links.delete/live"];
    let told = run(&environment, &typed);
    assert_eq!(told.code, 0, "{told:?}");
    let expected = format!(
        "- mock\n+ {}\n\nadditive gafapay/payment_links.delete/live\n  additive  /trace is new: 1\n",
        server.origin()
    );
    assert!(told.out.starts_with(&expected), "{}", told.out);
    assert!(told.out.contains("\n    +   \"trace\": 1\n") || told.out.contains("+   \"trace\": 1"), "{}", told.out);
    assert_eq!(run(&environment, &[&typed[..], &["--deny", "risky"]].concat()).code, 0);
    assert_eq!(run(&environment, &[&typed[..], &["--deny", "additive"]].concat()).code, 5);
    assert_eq!(locked(&world).left(), Vec::<String>::new(), "what was made is removed");
}

#[test]
fn what_one_side_violates_is_breaking_and_told_as_json() {
    let Changed { server, environment, .. } = serve(|body| {
        if body.pointer("/message") == Some(&json!("Pay link deleted successfully")) {
            body["success"] = json!("true");
        }
    });
    let told = run(&environment, &["diff", "baseline:mock", server.origin(), "mytpe/", "--format", "json"]);
    assert_eq!(told.code, 0, "{told:?}");
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let schema: Value = serde_json::from_str(&run(&[], &["schema", "comparison"]).out).unwrap();
    assert!(jsonschema::is_valid(&schema, &told));
    assert_eq!(told["counts"], json!({ "breaking": 1, "risky": 0, "additive": 0, "cosmetic": 0 }));
    let different = &told["different"][0];
    assert_eq!(different["id"], "mytpe/pay_links.delete/live");
    assert_eq!((&different["before"]["verdict"], &different["after"]["verdict"]), (&Value::Null, &json!("violates")));
    let places: Vec<_> = different["differences"].as_array().unwrap().iter().map(|one| &one["place"]).collect();
    assert_eq!(places, ["verdict", "/success"]);
    assert_eq!(different["differences"][1]["clause"]["id"], "200.success");
    assert_eq!(told["same"], 11);
    assert_eq!((&told["only_before"], &told["only_after"]), (&json!([]), &json!([])));
}

#[test]
fn two_saved_runs_are_compared_and_what_only_one_has_is_told() {
    let project = Project::acme();
    project.run(&["run", "--report-json", "all.json"]);
    project.run(&["run", "links.delete/live", "--report-json", "one.json"]);
    let told = project.run(&["diff", "all.json", "one.json"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    insta::assert_snapshot!(told.out, @r"
    only all.json answers: 4 cases
      it has no such case
        acme/links.delete/no_key
        acme/links.delete/unknown_key
        acme/links.delete/deleted
        acme/links.delete/unknown

    all.json and one.json: 1 the same, 4 cases not compared
    ");
    assert_eq!(project.run(&["diff", "all.json", "one.json", "--deny", "new"]).code, 0, "none is new in the second");
    assert_eq!(project.run(&["diff", "one.json", "all.json", "--deny", "new"]).code, 5);
    let none = project.run(&["diff", "all.json", "one.json", "links.delete/deleted"]);
    assert_eq!(none.code, 4, "{none:?}");
}

#[test]
fn accepted_answers_are_a_side_by_name_or_folder_and_a_broken_one_is_told() {
    let project = Project::acme();
    project.run(&["run", "--pending"]);
    project.run(&["accept"]);
    for side in ["baseline:mock", "snapshots/mock", "./snapshots/mock"] {
        let told = project.run(&["diff", side, "mock"]);
        assert_eq!(told.code, 0, "{told:?}");
        assert_eq!(told.out, format!("{side} and mock: 5 the same\n"));
    }
    let file = "snapshots/mock/acme/links.delete/live.snap";
    project.write(file, &project.read(file).replace("HTTP 200", "HTTP fine"));
    let told = project.run(&["diff", "mock", "baseline:mock"]);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.err.contains("live.snap:10: a status like `HTTP 200` is due here"), "{}", told.err);
    assert!(told.out.ends_with("mock and baseline:mock: 4 the same, 1 case not compared\n"), "{}", told.out);
}

#[test]
fn a_side_that_cannot_be_is_told_before_anything_is_sent() {
    let project = Project::acme();
    for (side, why) in [
        ("sandbx", "error: no target is named `sandbx`\n  help: did you mean `sandbox`?"),
        ("none.json", "error: cannot read the report none.json"),
        ("./none", "error: cannot read the report ./none"),
        ("baseline:none-such", "error: there are no baselines in snapshots/none-such"),
    ] {
        let told = project.run(&["diff", side, "mock"]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{told:?}");
        assert!(told.err.contains(why), "{}", told.err);
    }
    let refused = project.run_with(&[("ACME_API_KEY", "live_123456789")], &["diff", "mock", "sandbox"]);
    assert_eq!(refused.code, 6, "{refused:?}");
}

#[test]
fn a_vendor_that_does_not_answer_is_no_difference_but_a_failure() {
    let project = Project::acme();
    let key = [("ACME_API_KEY", "test_0123456789abcdefghijklmn")];
    let told = project.run_with(&key, &["diff", "mock", "http://127.0.0.1:9", "--retry", "0", "links.delete/live"]);
    assert_eq!(told.code, 3, "{told:?}");
    assert!(told.err.contains("notice: acme: acme does not answer at http://127.0.0.1:9"), "{}", told.err);
    assert!(told.out.starts_with("only mock answers: 1 case\n  environment: "), "{}", told.out);
}
