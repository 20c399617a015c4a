//! A case of each verdict, run and explained by the program itself.

use crate::hostile::stage::{Rule, Stage};
use crate::servers::lies::{How, Lie, Place, lies_for};
use crate::servers::reply::Vendor;
use crate::servers::world::World;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A run of a vendor of this repository that was saved, and what is needed to ask for its stories.
struct Saved {
    folder: TempDir,
    secrets: Vec<String>,
    terminal: String,
}

impl Saved {
    /// Runs the cases of a filter against an origin, without these variables.
    fn run(origin: &str, environment: &[(&'static str, String)], filter: &str, without: &[&str]) -> Self {
        let given = environment.iter().filter(|(name, _)| !without.contains(name));
        let given: Vec<(&str, &str)> = given.map(|(name, value)| (*name, value.as_str())).collect();
        let folder = tempfile::tempdir().unwrap();
        let typed = ["run", filter, "-t", origin, "--retry", "1", "--report-json"];
        let (_, terminal) = proviso(folder.path(), &given, &typed, Some("run.json"));
        let is_secret = |name: &str| name.ends_with("KEY") || name.ends_with("TOKEN") || name.ends_with("SECRET");
        let secrets = given.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| (*value).to_owned());
        Self { secrets: secrets.collect(), terminal, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("run.json")
    }

    /// The story of a case, without any variable.
    fn why(&self, case: &str) -> String {
        let file = self.file();
        let (code, story) = proviso(self.folder.path(), &[], &["explain", "--why", file.to_str().unwrap(), case], None);
        assert_eq!(code, 0, "{story}");
        for secret in &self.secrets {
            assert!(!story.contains(secret), "{story}");
        }
        story
    }
}

/// The program in this repository's folder: how it ended, and all that it wrote.
fn proviso(state: &Path, given: &[(&str, &str)], typed: &[&str], file: Option<&str>) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().stdin(Stdio::null());
    command.envs(given.iter().copied()).arg("--state").arg(state).args(typed);
    let output = command.args(file.map(|file| state.join(file))).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

/// A run of a vendor's cases that match a filter, against a world.
fn saved(world: World, filter: &str) -> Saved {
    let environment = world.environment();
    let stand = world.serve();
    Saved::run(stand.server.origin(), &environment, filter, &[])
}

/// Checks that a story has these lines in this order, others between them.
#[track_caller]
fn assert_lines(story: &str, expected: &[&str]) {
    let mut lines = story.lines().map(str::trim_start);
    for part in expected {
        assert!(lines.any(|line| line.contains(part)), "{part} in:\n{story}");
    }
}

/// A lie of a vendor that fits.
fn lie(vendor: Vendor, fits: impl Fn(&Lie) -> bool) -> Lie {
    lies_for(vendor).into_iter().find(fits).unwrap()
}

/// A rule by which requests of a method are answered so.
fn answering(method: &'static str, status: &'static str, body: &'static str) -> Rule {
    let head = "Content-Type: application/json\r\nContent-Length:";
    let answer = format!("HTTP/1.1 {status} X\r\n{head} {}\r\n\r\n{body}", body.len());
    Rule::new(
        move |request, _| request.method == method,
        move |wire| {
            wire.write(&answer);
        },
    )
}

#[test]
fn a_case_that_conforms_has_every_check_of_its_outcome_and_the_state_afterwards() {
    let run = saved(World::default(), "mytpe/pay_links.delete/live");
    let story = run.why("mytpe/pay_links.delete/live");
    assert!(story.starts_with("mytpe/pay_links.delete/live: conforms\n\n1. The row\n"), "{story}");
    let expected = [
        "when link: live, then deleted (200)",
        "specs/mytpe/pay_links.delete.yaml:",
        "page https://mytpe.app/docs/pay-links/delete",
        "request.method \"The method is DELETE\"",
        "2. The condition",
        "chosen: the shortest way of documented rows to a link that is live: pay_links.create/new",
        "in the request: the link ",
        "3. To set the condition up: pay_links.create/new",
        "POST http://127.0.0.1:",
        "answered 201",
        "compared with `created`, the only documented outcome: 4 checks, each holds",
        "4. The case itself: pay_links.delete/live",
        ", with $MYTPE_API_KEY and $MYTPE_API_SECRET",
        "answered 200",
        "compared with `deleted`, the only documented outcome: 5 checks, each holds",
        "holds   status: 200",
        "holds   header content-type: application/json",
        "holds   body: JSON",
        "holds   /message is \"Pay link deleted successfully\"",
        "holds   /success is true",
        "so the answer is `deleted`",
        "5. To see the state afterwards: pay_links.retrieve/gone",
        "holds   state: the link ",
        "6. The verdict",
        "conforms: the answer is the documented outcome `deleted`, and every read afterwards shows the documented state",
    ];
    assert_lines(&story, &expected);
    assert!(!story.contains("fails"), "{story}");
    assert!(!run.terminal.contains("explain --why"), "{}", run.terminal);
}

#[test]
fn a_wrong_error_code_fails_in_each_documented_outcome_and_the_nearest_is_named() {
    let code = lie(Vendor::Omise, |lie| lie.of == "deleted" && lie.name().contains("Changed(\"/code\""));
    let run = saved(World::default().telling(code), "omise/links.delete");
    let story = run.why("links.delete/deleted");
    let expected = [
        "5. The case itself: links.delete/deleted",
        "compared with `already_deleted`, one of 2 documented outcomes: 7 checks, 1 fails",
        "holds   status: 404, promised is 400 or 404",
        "fails   /code: the error code is \"authentication_failure\", promised is \"already_deleted\" [error-code]; errors.already_deleted \"The code of a second delete\"",
        "holds   /object is \"error\"",
        "compared with `not_found`, one of 2 documented outcomes: 7 checks, 1 fails",
        "fails   /code: the error code is \"authentication_failure\", promised is \"not_found\" [error-code]",
        "so the answer is no documented outcome; `already_deleted` is the first of those that are equally near: `already_deleted` by 1 departure; `not_found` by 1 departure",
        "violates: the answer is no documented outcome: /code: the error code is \"authentication_failure\"",
    ];
    assert_lines(&story, &expected);
    let file = run.file();
    let why = format!("\n  why       proviso explain --why {} omise/links.delete/deleted\n", file.display());
    assert!(run.terminal.contains(&why), "{}", run.terminal);
}

#[test]
fn another_status_outweighs_all_else_where_the_nearest_is_chosen() {
    let status = lie(Vendor::Omise, |lie| lie.of == "deleted" && lie.place == Place::Status);
    let story = saved(World::default().telling(status), "omise/links.delete/deleted").why("deleted");
    assert!(story.contains("departures, one of them the status"), "{story}");
}

#[test]
fn a_deletion_without_effect_fails_at_the_read_that_shows_it() {
    let lie = lie(Vendor::Gafapay, |lie| lie.how == How::WithoutEffect);
    let run = saved(World::default().telling(lie), "gafapay/");
    let story = run.why("payment_links.delete/live");
    let expected = [
        "compared with `deleted`, the only documented outcome: 7 checks, each holds",
        "5. To see the state afterwards: payment_links.retrieve/gone",
        "fails   /success is 1, promised is 0 [field-value]",
        "fails   state: afterwards payment_links.retrieve answers as its row `live`, but the link ",
        "6. To set the condition up once more: payment_links.create/new",
        "7. To see that the read is right before: payment_links.retrieve/live",
        "holds   state: the link ",
        "8. To remove what was made: payment_links.delete/live",
        "its answer decides nothing in this case",
        "violates: the state afterwards is not the documented one: ",
    ];
    assert_lines(&story, &expected);
    assert!(story.ends_with("; the same read was right before the request, so the request has caused it\n"), "{story}");
    // What rests on such a row says nothing of its own, whatever was compared in it.
    let rests = run.why("payment_links.delete/deleted");
    assert!(rests.starts_with("gafapay/payment_links.delete/deleted: undetermined\n"), "{rests}");
    assert_lines(
        &rests,
        &["fails   /success is 1", "undetermined: gafapay/payment_links.delete/live brings the condition about"],
    );
}

#[test]
fn a_case_whose_condition_could_not_be_set_up_says_which_step_failed() {
    let stage = Stage::new(World::default(), vec![answering("POST", "422", "{}")]);
    let run = Saved::run(stage.origin(), &stage.environment(), "mytpe/", &[]);
    let expected = [
        "3. To set the condition up: pay_links.create/new",
        "answered 422",
        "compared with `created`, the only documented outcome: 4 checks, 2 fail",
        "fails   status: the status is 422, promised is 200 or 201 [status]",
        "fails   /data is missing [field-missing]",
        "4. The verdict",
        "undetermined: pay_links.create/new answered 422 while the condition was set up; so the request of the case was not sent",
    ];
    assert_lines(&run.why("pay_links.delete/live"), &expected);
    assert!(run.terminal.contains("\n  why       proviso explain --why "), "{}", run.terminal);
}

#[test]
fn a_case_without_its_variable_names_it_and_sent_nothing() {
    let stage = Stage::new(World::default(), Vec::new());
    let run = Saved::run(stage.origin(), &stage.environment(), "mytpe/", &["MYTPE_LINK_WITH_TRANSACTIONS"]);
    let expected = [
        "mytpe/pay_links.delete/used: skipped",
        "$MYTPE_LINK_WITH_TRANSACTIONS has the id of a link that is with_transactions; you supply it",
        "nothing was sent",
        "skipped: set $MYTPE_LINK_WITH_TRANSACTIONS",
    ];
    assert_lines(&run.why("pay_links.delete/used"), &expected);
}

#[test]
fn a_lost_answer_is_the_environments_and_says_what_was_tried() {
    let lost = Rule::new(|request, _| request.method == "DELETE", |_| {});
    let stage = Stage::new(World::default(), vec![lost]);
    let run = Saved::run(stage.origin(), &stage.environment(), "mytpe/", &[]);
    let expected = [
        "mytpe/pay_links.delete/live: environment",
        "4. The case itself: pay_links.delete/live",
        "no whole answer: the connection ended before an answer",
        "begun anew with fresh things: the connection ended before an answer",
        "environment: the connection ended before an answer",
    ];
    let story = run.why("pay_links.delete/live");
    assert_lines(&story, &expected);
    assert!(story.ends_with("; nothing is proved and nothing is broken\n"), "{story}");
}

#[test]
fn a_fault_of_the_server_between_signs_of_life_says_so() {
    let stage = Stage::new(World::default(), vec![answering("DELETE", "500", "{}")]);
    let run = Saved::run(stage.origin(), &stage.environment(), "mytpe/", &[]);
    let expected = [
        "answered 500, at try 2",
        "fails   status: the status is 500, promised is 404 [status]",
        "so the answer is no documented outcome, and may be that of a vendor in trouble; `not_found` is the only one that there is",
        "a 5xx counts as the vendor's own answer only between two signs of life, which the run saw and does not save",
    ];
    assert_lines(&run.why("pay_links.delete/unknown"), &expected);
}

#[test]
fn what_was_seen_while_another_case_ran_is_shown_where_it_was_seen() {
    let lie = lie(Vendor::Omise, |lie| lie.operation == "links.retrieve" && matches!(lie.place, Place::Field(_)));
    let run = saved(World::default().telling(lie), "omise/links.delete");
    let story = run.why("/seen");
    let expected = ["links.retrieve/live/seen: violates", "ran: links.retrieve/live", "fails   /", "violates: "];
    assert_lines(&story, &expected);
}
