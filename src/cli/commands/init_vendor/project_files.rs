//! The files of a project beside its contracts: what git ignores, settings, and a pipeline.

use super::contract_text::VendorFacts;
use clap::ValueEnum;
use proviso::contract::variable_prefix;
use std::fmt;
use std::str::FromStr;

/// A pipeline that runs the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Pipeline {
    /// `.github/workflows/proviso.yml`
    Github,
    /// `.gitlab-ci.yml`
    Gitlab,
    /// None
    None,
}

impl FromStr for Pipeline {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        <Self as ValueEnum>::from_str(text, true).map_err(|_| "write `github`, `gitlab` or `none`")
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::None => "none",
        })
    }
}

const GITHUB: &str = include_str!("../../../../examples/github-workflow.yml");
const GITLAB: &str = include_str!("../../../../examples/gitlab-ci.yml");

/// What git ignores: answers that are not accepted, and reports.
const IGNORED: &str = "# Answers that are not accepted yet, and reports of proviso.\n*.snap.new\n/reports/\n";
/// What git ignores in the folder of what runs remember: all of it.
const STATE_IGNORED: &str = "*\n";

/// The files, by their paths in the project.
pub(super) fn project_files(facts: &VendorFacts, pipeline: Pipeline) -> Vec<(&'static str, String)> {
    let mut files = vec![
        (".gitignore", IGNORED.to_owned()),
        (".proviso/.gitignore", STATE_IGNORED.to_owned()),
        ("proviso.yaml", settings_file(facts)),
    ];
    match pipeline {
        Pipeline::Github => files.push((".github/workflows/proviso.yml", filled_recipe(GITHUB, facts))),
        Pipeline::Gitlab => files.push((".gitlab-ci.yml", filled_recipe(GITLAB, facts))),
        Pipeline::None => {}
    }
    files
}

fn settings_file(facts: &VendorFacts) -> String {
    let name = &facts.name;
    format!(
        "# yaml-language-server: $schema=specs/proviso.schema.json\n\
         # What every run of this project does; options count more.\n\
         timeout: 30s\n\
         targets:\n\
         \x20 local: {{ {name}: \"http://127.0.0.1:8080\" }}   # `--target local` asks a server of yours\n"
    )
}

/// A recipe of the examples, with this vendor's name, origin and key.
fn filled_recipe(recipe: &str, facts: &VendorFacts) -> String {
    let pin = format!("{}={}", facts.name, facts.origin);
    let key = format!("{}API_KEY", variable_prefix(&facts.name));
    recipe.replace("acme=https://sandbox.acme.example", &pin).replace("ACME_API_KEY", &key)
}
