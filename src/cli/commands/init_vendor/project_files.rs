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
        Pipeline::Github => files.push((".github/workflows/proviso.yml", github_file(facts))),
        Pipeline::Gitlab => files.push((".gitlab-ci.yml", gitlab_file(facts))),
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

fn github_file(facts: &VendorFacts) -> String {
    let (name, origin, variable) = (&facts.name, &facts.origin, variable_prefix(&facts.name));
    format!(
        "# The mock at every change, the vendor's sandbox every morning.\n\
         # Put a commit of proviso's repository in place of COMMIT.\n\
         name: proviso\n\
         on:\n\
         \x20 pull_request:\n\
         \x20 schedule: [{{ cron: \"23 4 * * *\" }}]\n\
         permissions:\n\
         \x20 contents: read\n\
         jobs:\n\
         \x20 mock:\n\
         \x20   if: github.event_name == 'pull_request'\n\
         \x20   runs-on: ubuntu-24.04\n\
         \x20   steps:\n\
         \x20     - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n\
         \x20       with: {{ persist-credentials: false }}\n\
         \x20     - uses: OWNER/proviso/.github/actions/proviso@COMMIT\n\
         \x20       with: {{ reports: html junit }}\n\
         \x20 sandbox:\n\
         \x20   if: github.event_name == 'schedule'\n\
         \x20   runs-on: ubuntu-24.04\n\
         \x20   steps:\n\
         \x20     - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n\
         \x20       with: {{ persist-credentials: false }}\n\
         \x20     - uses: OWNER/proviso/.github/actions/proviso@COMMIT\n\
         \x20       with:\n\
         \x20         target: sandbox\n\
         \x20         pins: {name}={origin}\n\
         \x20         reports: html junit\n\
         \x20       env:\n\
         \x20         {variable}API_KEY: ${{{{ secrets.{variable}API_KEY }}}}\n"
    )
}

fn gitlab_file(facts: &VendorFacts) -> String {
    let (name, origin, variable) = (&facts.name, &facts.origin, variable_prefix(&facts.name));
    format!(
        "# The mock at every change; on a schedule the vendor's sandbox, with {variable}API_KEY as a masked variable.\n\
         # The image needs `proviso` in its PATH.\n\
         vendors:\n\
         \x20 script:\n\
         \x20   - mkdir -p reports\n\
         \x20   - if [ \"$CI_PIPELINE_SOURCE\" = schedule ]; then set -- --target sandbox --pin {name}={origin}; fi\n\
         \x20   - proviso run --report-junit reports/junit.xml --report-html reports/proviso.html \"$@\"\n\
         \x20 artifacts:\n\
         \x20   when: always\n\
         \x20   paths: [reports]\n\
         \x20   reports:\n\
         \x20     junit: reports/junit.xml\n"
    )
}
