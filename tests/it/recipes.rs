//! The recipes for pipelines, run here: each command of each file, in a folder that `init` begins, with a stand-in for the download.

use regex::Regex;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// The file of each system, and how many commands are in it.
const RECIPES: [(&str, usize); 6] = [
    ("Jenkinsfile", 3),
    ("azure-pipelines.yml", 4),
    ("bitbucket-pipelines.yml", 4),
    ("circleci.yml", 3),
    ("gitlab-ci.yml", 3),
    ("pre-commit.yaml", 2),
];

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap()
}

/// The commands at any depth, under the keys that these systems have for them.
fn commands(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(command) if ["script", "run", "entry"].contains(&key.as_str()) => {
                        found.push(command.clone());
                    }
                    Value::Array(lines) if ["script", "before_script"].contains(&key.as_str()) => {
                        found.extend(lines.iter().map(|line| line.as_str().unwrap().to_owned()));
                    }
                    _ => commands(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| commands(item, found)),
        _ => {}
    }
}

fn commands_of(name: &str) -> Vec<String> {
    let text = text(name);
    let mut found = Vec::new();
    if name == "Jenkinsfile" {
        let shell = Regex::new("sh '([^']*)'").unwrap();
        found.extend(shell.captures_iter(&text).map(|found| found[1].to_owned()));
    } else {
        commands(&serde_yaml::from_str(&text).unwrap(), &mut found);
    }
    found
}

/// What `curl` prints for the address of this version's script alone: a script that installs the binary of these tests.
fn stand_in() -> String {
    let (repository, version) = (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
    let address = format!("{repository}/releases/download/v{version}/install.sh");
    let binary = env!("CARGO_BIN_EXE_proviso");
    format!(
        "#!/bin/sh\n[ \"$*\" = '-LsSf {address}' ] || exit 22\n\
         echo '[ \"$1\" = --to ] && mkdir -p \"$2\" && ln -sf \"{binary}\" \"$2/proviso\"'\n"
    )
}

#[test]
fn every_command_of_every_recipe_runs_and_writes_the_reports_that_it_keeps() {
    let report = Regex::new("--report-[a-z]+ ([^ ]+)").unwrap();
    for (name, count) in RECIPES {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("project");
        fs::create_dir(&project).unwrap();
        let curl = folder.path().join("curl");
        fs::write(&curl, stand_in()).unwrap();
        fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).unwrap();
        let binary = Path::new(env!("CARGO_BIN_EXE_proviso")).parent().unwrap();
        let path =
            [folder.path().to_str().unwrap(), binary.to_str().unwrap(), &std::env::var("PATH").unwrap()].join(":");
        let commands = commands_of(name);
        assert!(commands.len() >= count, "{name}: {commands:?}");
        for command in ["proviso init acme -q".to_owned()].iter().chain(&commands) {
            // The vendor does not exist; what is sent to it is judged on the mock.
            let command = command.replace("--target sandbox", "--target mock");
            let mut shell = Command::new("sh");
            shell.args(["-ec", &command]).current_dir(&project).env_clear().env("PATH", &path);
            let output = shell.output().unwrap();
            assert!(output.status.success(), "{name}: {command}: {output:?}");
            for file in report.captures_iter(&command) {
                assert!(fs::metadata(project.join(&file[1])).unwrap().len() > 100, "{name}: {}", &file[1]);
                let folder = file[1].split('/').next().unwrap();
                assert!(text(name).matches(folder).count() > 2, "{name} keeps {folder}");
            }
        }
    }
}

#[test]
fn a_recipe_gives_the_key_to_the_job_alone_that_asks_the_vendor_and_pins_it() {
    for (name, _) in RECIPES.iter().filter(|(name, _)| *name != "pre-commit.yaml") {
        let asking: Vec<String> =
            commands_of(name).into_iter().filter(|command| command.contains("--target sandbox")).collect();
        assert_eq!(asking.len(), 1, "{name}: {asking:?}");
        assert!(asking[0].contains("--pin acme=https://sandbox.acme.example"), "{name}: {asking:?}");
        let text = text(name);
        let mock = text.to_lowercase().find("needs no key").unwrap();
        let key = text.rfind("ACME_API_KEY").unwrap();
        assert!(key < mock || key > text.find("the key goes").unwrap(), "{name}");
    }
}
