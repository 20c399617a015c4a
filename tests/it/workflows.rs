//! What runs elsewhere, run here as far as it can be: the steps of the action for GitHub, and the parts of the Job for Kubernetes.

use crate::servers::http::{Answer, Server};
use regex::Regex;
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn yaml(path: &str) -> Vec<Value> {
    use serde::Deserialize;
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    serde_yaml::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()).collect()
}

/// A machine of GitHub's, as far as steps see it.
struct Machine {
    folder: TempDir,
    /// What expressions stand for.
    known: HashMap<String, String>,
}

impl Machine {
    /// A machine on which a vendor that `init` begins was checked out, and inputs were given.
    fn new(inputs: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for inner in ["work", "temp", "home"] {
            fs::create_dir(folder.path().join(inner)).unwrap();
        }
        let mut init = Command::new(env!("CARGO_BIN_EXE_proviso"));
        assert!(init.args(["init", "acme", "-q"]).current_dir(folder.path().join("work")).status().unwrap().success());
        let action = yaml(".github/actions/proviso/action.yml").remove(0);
        let defaults = action["inputs"].as_object().unwrap().iter();
        let mut known: HashMap<String, String> = defaults
            .map(|(name, input)| (format!("inputs.{name}"), input["default"].as_str().unwrap().to_owned()))
            .collect();
        for (name, value) in [("proviso", "path")].iter().chain(inputs) {
            let old = known.insert(format!("inputs.{name}"), (*value).to_owned());
            assert!(old.is_some(), "the action has an input {name}");
        }
        known.insert("github.action_path".to_owned(), "/nowhere/.github/actions/proviso".to_owned());
        Self { folder, known }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A text with its expressions replaced.
    fn filled(&self, text: &str) -> String {
        let expression = Regex::new(r"\$\{\{ *([^}]*?) *\}\}").unwrap();
        let value = |found: &regex::Captures<'_>| self.known.get(&found[1]).cloned().unwrap_or_default();
        expression.replace_all(text, value).into_owned()
    }

    /// Runs every shell step in order, as GitHub does; the answer is how the last one ended, and everything that was told.
    fn act(&mut self) -> (i32, String) {
        let action = yaml(".github/actions/proviso/action.yml").remove(0);
        let (mut code, mut told) = (0, String::new());
        for step in action["runs"]["steps"].as_array().unwrap().iter().filter(|step| step["run"].is_string()) {
            if step["if"].as_str() == Some("inputs.fail == 'true'") && self.known["inputs.fail"] != "true" {
                continue;
            }
            let script = step["run"].as_str().unwrap();
            assert!(!script.contains("${{"), "an expression within a script is code: {script}");
            let outputs = self.path("outputs");
            fs::write(&outputs, "").unwrap();
            let mut shell = Command::new("bash");
            shell.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(self.path("work"));
            let path = Path::new(env!("CARGO_BIN_EXE_proviso")).parent().unwrap().display().to_string();
            shell
                .env_clear()
                .env("PATH", format!("{path}:{}", std::env::var("PATH").unwrap()))
                .env("HOME", self.path("home"));
            shell
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_WORKSPACE", self.path("work"))
                .env("RUNNER_TEMP", self.path("temp"));
            shell.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", self.path("summary"));
            for (name, value) in step["env"].as_object().into_iter().flatten() {
                shell.env(name, self.filled(value.as_str().unwrap()));
            }
            let output = shell.output().unwrap();
            told += &(String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr));
            for line in fs::read_to_string(&outputs).unwrap().lines() {
                let (name, value) = line.split_once('=').unwrap();
                let id = step["id"].as_str().unwrap();
                self.known.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            }
            code = output.status.code().unwrap();
            if code != 0 {
                break;
            }
        }
        (code, told)
    }

    /// An output of the action.
    fn output(&self, name: &str) -> String {
        let action = yaml(".github/actions/proviso/action.yml").remove(0);
        self.filled(action["outputs"][name]["value"].as_str().unwrap())
    }
}

#[test]
fn the_action_tells_how_a_run_ended_and_what_it_came_to() {
    let mut machine = Machine::new(&[("args", "--jobs 1 '*/un*'"), ("reports", "html junit markdown")]);
    let (code, told) = machine.act();
    assert_eq!(code, 0, "{told}");
    assert_eq!(machine.output("exit-code"), "0");
    let counts: Value = serde_json::from_str(&machine.output("counts")).unwrap();
    assert_eq!((&counts["conforms"], &counts["violates"]), (&2.into(), &0.into()), "{told}");
    let reports = PathBuf::from(machine.output("reports"));
    for file in ["proviso.json", "proviso.html", "junit.xml", "proviso.md"] {
        assert!(fs::metadata(reports.join(file)).unwrap().len() > 100, "{file}");
    }
    assert!(fs::read_to_string(machine.path("summary")).unwrap().contains("| 2 | 0 |"), "the job has a summary");
}

#[test]
fn the_action_fails_as_the_run_does_or_leaves_it_to_its_outputs() {
    for (fail, code) in [("true", 4), ("false", 0)] {
        let mut machine = Machine::new(&[("args", "nothing-has-this-name"), ("fail", fail)]);
        let (ended, told) = machine.act();
        assert_eq!((ended, machine.output("exit-code").as_str()), (code, "4"), "{told}");
    }
}

#[test]
fn the_action_annotates_what_is_wrong_and_evaluates_nothing_of_its_inputs() {
    let mut machine =
        Machine::new(&[("args", "$(touch evaluated) `touch evaluated` ; touch evaluated"), ("artifact", "")]);
    let (_, told) = machine.act();
    assert!(!machine.path("work/evaluated").exists(), "{told}");
    let (code, told) = Machine::new(&[("args", "--vendor 'acme")]).act();
    assert!(code != 0 && !told.contains("conform"), "what cannot be split is not left out in silence: {told}");
    let mut machine = Machine::new(&[]);
    let file = machine.path("work/specs/acme/links.delete.yaml");
    fs::write(&file, fs::read_to_string(&file).unwrap().replace("then: deleted,", "then: delted,")).unwrap();
    let (code, told) = machine.act();
    assert_eq!((code, machine.output("exit-code").as_str(), machine.output("counts").as_str()), (2, "2", ""), "{told}");
    assert!(told.contains("::error file=specs/acme/links.delete.yaml"), "{told}");
}

/// What a release of this version has, with a checksum of the archive that is right unless another is given.
fn release(listed: Option<&str>) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let version = format!("v{}", env!("CARGO_PKG_VERSION"));
    let name = format!("proviso-{version}-x86_64-unknown-linux-musl");
    fs::create_dir(folder.path().join(&name)).unwrap();
    let binary = format!("#!/bin/sh\necho downloaded\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_proviso"));
    fs::write(folder.path().join(&name).join("proviso"), binary).unwrap();
    let script = "chmod +x */proviso; tar -czf archive \"$1\"; sha256sum archive";
    let mut pack = Command::new("sh");
    let packed = pack.args(["-ec", script, "pack", &name]).current_dir(folder.path()).output().unwrap();
    let sum = String::from_utf8(packed.stdout).unwrap();
    let sum = listed.unwrap_or_else(|| sum.split_whitespace().next().unwrap());
    let sums = format!("{sum}  {name}.tar.gz\n");
    let archive = fs::read(folder.path().join("archive")).unwrap();
    Server::start(move |request| {
        let file = request.path.strip_prefix(&format!("/owner/proviso/releases/download/{version}/"));
        match file {
            Some("SHA256SUMS") => Answer::new(200, "text/plain", sums.clone()),
            Some(file) if file == format!("{name}.tar.gz") => Answer::new(200, "application/gzip", archive.clone()),
            _ => Answer::new(404, "text/plain", "no such file"),
        }
    })
}

/// A machine that may download from there.
fn downloading(server: &Server, inputs: &[(&str, &str)]) -> Machine {
    let mut machine = Machine::new(inputs);
    let action = concat!(env!("CARGO_MANIFEST_DIR"), "/.github/actions/proviso");
    for (name, value) in [
        ("github.action_path", action),
        ("github.server_url", server.origin()),
        ("github.repository", "owner/proviso"),
        ("runner.os", "Linux"),
        ("runner.arch", "X64"),
    ] {
        machine.known.insert(name.to_owned(), value.to_owned());
    }
    machine
}

#[test]
fn the_action_runs_what_its_own_release_has_if_it_is_what_the_release_says() {
    let (code, told) = downloading(&release(None), &[("proviso", "release")]).act();
    assert!(code == 0 && told.contains("downloaded"), "the binary on the PATH is none of its business: {told}");
}

#[test]
fn the_action_runs_nothing_whose_checksum_is_another() {
    let other = "0".repeat(64);
    for (listed, given) in [(Some(other.as_str()), ""), (Some(""), ""), (None, other.as_str())] {
        let inputs = [("proviso", "release"), ("sha256", given)];
        let (code, told) = downloading(&release(listed), &inputs).act();
        assert!(code == 1 && told.contains("has the checksum"), "{told}");
        assert!(!told.contains("downloaded") && !told.contains("conform"), "{told}");
    }
    let mut machine = downloading(&release(None), &[("proviso", "release")]);
    machine.known.insert("runner.arch".to_owned(), "RISCV".to_owned());
    let (code, told) = machine.act();
    assert!(code == 1 && told.contains("no binary is released for Linux-RISCV"), "{told}");
}

#[test]
fn the_action_takes_an_archive_of_an_earlier_run_only_if_it_is_what_the_release_says() {
    let from = release(None);
    let mut first = downloading(&from, &[("proviso", "release")]);
    assert_eq!(first.act().0, 0);
    let name = first.known["steps.archive.outputs.name"].clone();
    let file = format!("temp/{name}/{name}.tar.gz");
    let lay = |machine: &Machine, content: &[u8]| {
        fs::create_dir(machine.path(&format!("temp/{name}"))).unwrap();
        fs::write(machine.path(&file), content).unwrap();
    };
    let nowhere = Server::start(|_| Answer::new(404, "text/plain", "no such file"));
    let sum = Command::new("sha256sum").arg(first.path(&file)).output().unwrap().stdout;
    let sum = String::from_utf8(sum).unwrap().split_whitespace().next().unwrap().to_owned();
    let mut kept = downloading(&nowhere, &[("proviso", "release"), ("sha256", &sum)]);
    lay(&kept, &fs::read(first.path(&file)).unwrap());
    let (code, told) = kept.act();
    assert!(code == 0 && told.contains("downloaded"), "nothing is downloaded again: {told}");
    let mut damaged = downloading(&from, &[("proviso", "release")]);
    lay(&damaged, b"something else");
    let (code, told) = damaged.act();
    assert!(code == 0 && told.contains("downloaded"), "what is damaged is downloaded again: {told}");
    let mut refused = downloading(&nowhere, &[("proviso", "release"), ("sha256", &sum)]);
    lay(&refused, b"something else");
    let (code, told) = refused.act();
    assert!(code == 1 && told.contains("cannot be downloaded") && !told.contains("conform"), "{told}");
}

#[test]
fn every_system_of_a_release_is_known_to_its_packages_the_script_and_the_action() {
    let build = jobs().into_iter().find(|(name, _)| name.ends_with("release.yml build")).unwrap().1;
    let systems = build["strategy"]["matrix"]["include"].as_array().unwrap().iter();
    let mut built: Vec<String> = systems.map(|system| system["triple"].as_str().unwrap().to_owned()).collect();
    built.sort();
    assert!(built.len() >= 5, "{built:?}");
    let triple = Regex::new("(x86_64|aarch64)-(unknown|apple|pc)-[a-z]+(-[a-z]+)?").unwrap();
    for file in ["packages/project.py", "actions/proviso/action.yml"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".github").join(file)).unwrap();
        let mut known: Vec<&str> = triple.find_iter(&text).map(|found| found.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known, built, "{file}");
    }
    for file in ["packages/install.sh", "packages/homebrew/proviso.rb"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".github").join(file)).unwrap();
        for triple in built.iter().filter(|triple| !triple.contains("windows")) {
            let name = triple.replace('-', "_").to_uppercase();
            assert!(
                text.contains(&format!("@ARCHIVE_{name}@")) && text.contains(&format!("@SHA256_{name}@")),
                "{file}: {triple}"
            );
        }
    }
}

/// The jobs of every workflow that is shipped, with the file and the name of each.
fn jobs() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let shipped = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files = shipped.map(|name| format!(".github/workflows/{name}"));
    let named = |file: String| {
        let jobs = yaml(&file).remove(0)["jobs"].as_object().unwrap().clone();
        jobs.into_iter().map(move |(name, job)| (format!("{file} {name}"), job)).collect::<Vec<_>>()
    };
    files.chain(["examples/github-workflow.yml".to_owned()]).flat_map(named).collect()
}

#[test]
fn a_job_is_given_vendors_keys_only_where_it_asks_them_and_then_they_are_pinned() {
    let mut keyed = Vec::new();
    for (name, job) in jobs() {
        let text = job.to_string();
        let asks = text.contains(r#""target":"sandbox""#);
        assert_eq!(text.contains("_KEY }}"), asks, "{name} has keys as it asks vendors");
        if asks {
            assert!(text.contains("PROVISO_PINS") || text.contains(r#""pins":"acme=https://"#), "{name} pins");
            keyed.push(name);
        }
    }
    assert_eq!(keyed.len(), 2, "{keyed:?}");
    let (_, variables) = container("proviso-parts");
    assert!(variables["PROVISO_PINS"].starts_with("acme=https://"));
    let weekly = jobs().into_iter().find(|(name, _)| name.ends_with("sandbox.yml ask")).unwrap().1;
    let pins = weekly["env"]["PROVISO_PINS"].as_str().unwrap();
    for vendor in ["gafapay", "mytpe", "omise"] {
        let origin = yaml(&format!("specs/{vendor}/vendor.yaml")).remove(0)["targets"]["sandbox"]["origin"].clone();
        let pin = format!("{vendor}={}", origin.as_str().unwrap());
        assert!(pins.split(' ').any(|known| known == pin), "{pin} in {pins}");
    }
}

/// What the weekly workflow asks for, given the vendors at which changes are meant: its outputs, and its summary.
fn weekly(changes: &str) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (outputs, summary) = (folder.path().join("outputs"), folder.path().join("summary"));
    let job = jobs().into_iter().find(|(name, _)| name.ends_with("sandbox.yml ask")).unwrap().1;
    let step = job["steps"].as_array().unwrap().iter().find(|step| step["id"] == "keys").unwrap().clone();
    let keys = job["env"].as_object().unwrap().keys().map(|name| (name.clone(), "a-key"));
    let mut shell = Command::new("bash");
    shell.args(["-eo", "pipefail", "-c", step["run"].as_str().unwrap()]).current_dir(folder.path()).env_clear();
    shell.envs(keys).env("PATH", std::env::var("PATH").unwrap()).env("CHANGES", changes);
    let output = shell.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    (output.status.success(), read(&outputs), read(&summary))
}

#[test]
fn the_weekly_run_means_changes_at_the_vendors_that_are_named_and_says_so() {
    let (sound, outputs, summary) = weekly("");
    assert!(sound && outputs.ends_with("permits=\n"), "{outputs}");
    assert!(summary.ends_with("changes are meant at: no vendor.\n"), "{summary}");
    let (sound, outputs, summary) = weekly("gafapay mytpe");
    assert!(sound && outputs.ends_with("permits= --allow changes=gafapay --allow changes=mytpe\n"), "{outputs}");
    assert!(summary.ends_with("changes are meant at: gafapay mytpe.\n"), "{summary}");
    for wrong in ["gafapay;touch", "$(touch it)", "*", "a=b"] {
        assert!(!weekly(wrong).0, "{wrong}");
    }
}

#[test]
fn the_action_pins() {
    let mut machine = Machine::new(&[("target", "sandbox"), ("pins", "acme=not-an-origin")]);
    let (code, told) = machine.act();
    assert_eq!((code, machine.output("exit-code").as_str()), (2, "2"), "{told}");
    assert!(told.contains("write it as VENDOR=ORIGIN"), "{told}");
    let mut machine = Machine::new(&[("pins", "acme=https://sandbox.acme.example other=https://other.example")]);
    let (code, told) = machine.act();
    assert_eq!(code, 0, "the mock needs no pin: {told}");
}

/// The script of a container in the manifest, and its variables.
fn container(job: &str) -> (String, HashMap<String, String>) {
    let documents = yaml("examples/kubernetes-shards.yaml");
    let job = documents.iter().find(|document| document["metadata"]["name"] == job).unwrap();
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    let variables = container["env"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let variables = variables.map(|variable| (text(&variable["name"]), text(&variable["value"]))).collect();
    (text(&container["args"][0]), variables)
}

#[test]
fn the_pods_of_the_job_run_every_case_once_between_them() {
    let machine = Machine::new(&[]);
    let (script, mut variables) = container("proviso-parts");
    let documents = yaml("examples/kubernetes-shards.yaml");
    let completions = documents[1]["spec"]["completions"].as_u64().unwrap();
    assert_eq!(variables["SHARDS"], completions.to_string());
    assert_eq!(container("proviso-join").1["SHARDS"], variables["SHARDS"]);
    variables.insert("TARGET".to_owned(), "mock".to_owned());
    variables.insert("REPORTS".to_owned(), machine.path("temp").display().to_string());
    let path = Path::new(env!("CARGO_BIN_EXE_proviso")).parent().unwrap().display().to_string();
    let mut ids: Vec<String> = Vec::new();
    for index in 0..completions {
        let mut pod = Command::new("sh");
        pod.args(["-c", &script]).current_dir(machine.path("work")).env_clear().envs(&variables);
        pod.env("PATH", format!("{path}:{}", std::env::var("PATH").unwrap()))
            .env("JOB_COMPLETION_INDEX", index.to_string());
        let output = pod.output().unwrap();
        assert!(output.status.success(), "{index}: {output:?}");
        let report = fs::read_to_string(machine.path("temp").join(format!("part-{index}.json"))).unwrap();
        let report: Value = serde_json::from_str(&report).unwrap();
        ids.extend(report["cases"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap().to_owned()));
    }
    let mut list = Command::new(env!("CARGO_BIN_EXE_proviso"));
    let all = list.args(["list", "-q"]).current_dir(machine.path("work")).output().unwrap();
    let mut all: Vec<String> = String::from_utf8(all.stdout).unwrap().lines().map(str::to_owned).collect();
    all.sort();
    ids.sort();
    assert_eq!(ids, all);
    let (script, mut variables) = container("proviso-join");
    variables.insert("REPORTS".to_owned(), machine.path("temp").display().to_string());
    let mut join = Command::new("sh");
    join.args(["-c", &script]).current_dir(machine.path("work")).env_clear().envs(&variables);
    let output = join.env("PATH", format!("{path}:{}", std::env::var("PATH").unwrap())).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains(&format!("{} conform", all.len())), "{told}");
    assert!(fs::metadata(machine.path("temp/whole.html")).unwrap().len() > 1000);
}
