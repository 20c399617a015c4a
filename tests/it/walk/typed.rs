//! `proviso walk` as it is typed: what it prints where, how it ends, and what its script does.

use crate::servers::http::{Received, Server, locked};
use crate::servers::reply::{Kind, Reply};
use crate::servers::world::{Stand, World};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the program told, and how it ended.
#[derive(Debug)]
struct Told {
    code: i32,
    out: String,
    err: String,
}

fn command(state: &Path, variables: &[(&str, String)], typed: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(ROOT).env_clear().envs(variables.iter().cloned()).stdin(Stdio::null());
    command.arg("walk").arg("--state").arg(state).args(typed);
    command
}

fn told(mut command: Command) -> Told {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Told { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn typed(typed: &[&str]) -> Told {
    let state = TempDir::new().unwrap();
    told(command(state.path(), &[], typed))
}

/// A server at which a deletion takes a neighbour along.
fn crowded() -> (Server, Arc<Mutex<World>>) {
    let world = Arc::new(Mutex::new(World::default()));
    let behind = Arc::clone(&world);
    let answer = move |request: &Received| {
        let mut world = locked(&behind);
        let reply = world.truthful(request);
        if reply.operation.ends_with(".delete") && reply.kind == Kind::Live {
            let neighbour = world.another_id(&reply);
            world.set_deleted(&Reply { id: Some(neighbour), ..reply.clone() }, true);
        }
        reply.answer
    };
    (Server::start(answer), world)
}

#[test]
fn a_walk_on_the_mock_prints_what_it_met_and_ends_well() {
    let walk = typed(&["--seed", "7"]);
    assert_eq!(walk.code, 0, "{walk:?}");
    assert!(walk.err.contains("walking 3 vendors on mock, 600 steps each, --seed 7\n"), "{}", walk.err);
    for line in [
        "conforms     omise\n",
        "  led       6 of 6 transitions\n",
        "links.delete/pending: not inducible: the page does not say which operations these are\n",
        "3 conforms; ",
        "--seed 7 walks so again\n",
    ] {
        assert!(walk.out.contains(line), "{line} in:\n{}", walk.out);
    }
}

#[test]
fn json_is_one_document_and_the_same_for_the_same_seed() {
    let walk = |seed| -> Value {
        let told = typed(&["omise", "--steps", "120", "--seed", seed, "--format", "json"]);
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{told:?}");
        serde_json::from_str(&told.out).unwrap()
    };
    let (one, again, other) = (walk("5"), walk("5"), walk("6"));
    assert_eq!((&one["version"], &one["seed"], &one["exit_code"]), (&1.into(), &5.into(), &0.into()));
    assert_eq!(one["vendors"][0]["vendor"], "omise");
    assert_eq!(one["vendors"][0]["pairs"], again["vendors"][0]["pairs"]);
    assert_ne!(one["vendors"][0]["pairs"], other["vendors"][0]["pairs"]);
}

#[test]
fn help_has_examples_and_what_is_mistyped_is_told_with_what_would_be_right() {
    let help = typed(&["--help"]);
    assert_eq!(help.code, 0);
    for part in ["Examples:", "proviso walk acme --target sandbox", "Exit codes:", "--rate-limit", "--allow"] {
        assert!(help.out.contains(part), "{part} in:\n{}", help.out);
    }
    let wrong = typed(&["omisse", "--vendor", "nobody"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("error: no vendor is named `omisse`\n  help: did you mean `omise`?\n"), "{}", wrong.err);
    assert!(wrong.err.contains("error: no vendor is named `nobody`\n  help: there is "), "{}", wrong.err);
    for (typed_so, said) in [
        (["--steps", "0"], "--steps"),
        (["--resources", "none"], "--resources"),
        (["--target", "moon"], "no target is named `moon`"),
        (["--lull", "soon"], "--lull"),
    ] {
        let wrong = typed(&typed_so);
        assert_eq!((wrong.code, wrong.out.as_str()), (2, ""), "{wrong:?}");
        assert!(wrong.err.contains(said), "{}", wrong.err);
    }
}

#[test]
fn the_guard_refuses_before_anything_is_sent() {
    let world = World::default();
    let mut environment = world.environment().to_vec();
    environment.iter_mut().filter(|(name, _)| *name == "OMISE_SECRET_KEY").for_each(|(_, key)| {
        *key = key.replace("test_", "live_");
    });
    let state = TempDir::new().unwrap();
    let walk = told(command(state.path(), &environment, &["--target", "https://192.0.2.1"]));
    assert_eq!(walk.code, 6, "{walk:?}");
    assert!(walk.out.contains("\n3 refused; 0 requests in "), "{}", walk.out);
    for said in ["--allow live-key=omise", "--allow host=gafapay", "--allow changes=mytpe", "nothing is sent to omise"]
    {
        assert!(walk.err.contains(said), "{said} in:\n{}", walk.err);
    }
}

#[test]
fn nobody_at_home_is_the_environments() {
    let world = World::default();
    let state = TempDir::new().unwrap();
    let at = ["--target", "http://127.0.0.1:1", "--retry", "0"];
    let walk = told(command(state.path(), &world.environment(), &at));
    assert_eq!(walk.code, 3, "{walk:?}");
    assert!(walk.out.contains("environment  omise: not sent: omise does not answer"), "{}", walk.out);
}

#[test]
fn a_failure_is_a_script_that_shows_it_again_without_a_secret_in_it() {
    let (server, world) = crowded();
    let environment = locked(&world).environment();
    let state = TempDir::new().unwrap();
    let at = ["omise", "--target", server.origin(), "--seed", "3", "--lull", "0"];
    let walk = told(command(state.path(), &environment, &at));
    assert_eq!(walk.code, 1, "{walk:?}");
    assert!(walk.out.contains("4 requests are enough: shrunk from "), "{}", walk.out);
    let secrets = environment.iter().filter(|(name, _)| name.contains("KEY"));
    for (name, secret) in secrets {
        assert!(!walk.out.contains(secret.as_str()) && !walk.err.contains(secret.as_str()), "{name}");
    }
    let at = ["omise", "--target", server.origin(), "--seed", "3", "--lull", "0", "--format", "json"];
    let told: Value = serde_json::from_str(&told(command(state.path(), &environment, &at)).out).unwrap();
    let script = told["vendors"][0]["failure"]["script"].as_str().unwrap();
    let has = |tool: &str| Command::new(tool).arg("--version").output().is_ok();
    if !has("curl") || !has("jq") {
        eprintln!("SKIPPED: the script is not run, since curl or jq is not here");
        return;
    }
    let path = std::env::var("PATH").unwrap();
    let before = server.requests();
    let mut shell = Command::new("sh");
    let shown = shell.arg("-euc").arg(script).env_clear().env("PATH", path).envs(environment).output().unwrap();
    assert!(shown.status.success(), "{shown:?}\n{script}");
    assert_eq!(server.requests() - before, 4, "{script}");
    let last = server.received().pop().unwrap();
    // The resource that is asked for last was made by the script, and not deleted by it.
    assert!(!script.contains(last.path.rsplit('/').next().unwrap()), "{script}");
    let reply = locked(&world).truthful(&last);
    assert_eq!(reply.kind, Kind::Deleted, "{script}");
}

fn at_once_a_minute(stand: &Stand) -> [String; 5] {
    ["omise", "--target", stand.server.origin(), "--steps", "100000"].map(str::to_owned)
}

#[test]
fn what_its_time_cuts_off_is_undetermined_and_tidied_up() {
    let stand = World::default().serve();
    let environment = stand.world().environment();
    let state = TempDir::new().unwrap();
    let typed = at_once_a_minute(&stand);
    let typed: Vec<&str> = typed.iter().map(String::as_str).chain(["--max-time", "2s"]).collect();
    let walk = told(command(state.path(), &environment, &typed));
    assert_eq!(walk.code, 3, "{walk:?}");
    assert!(walk.out.contains("undetermined omise: not finished: --max-time is up"), "{}", walk.out);
    assert_eq!(stand.world().left(), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn who_interrupts_finds_nothing_left_behind() {
    let stand = World::default().serve();
    let environment = stand.world().environment();
    let state = TempDir::new().unwrap();
    let typed = at_once_a_minute(&stand);
    let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
    let mut walk = command(state.path(), &environment, &typed);
    let walk = walk.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while stand.server.requests() < 50 {
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &walk.id().to_string()]).status().unwrap().success());
    let output = walk.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("undetermined omise: not finished: interrupted"),
        "{output:?}"
    );
    assert_eq!(stand.world().left(), Vec::<String>::new());
}
