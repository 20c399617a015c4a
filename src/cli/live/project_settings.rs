//! `proviso.yaml` in the folder of the project: targets by name, and what every run of this project is to do.

use crate::cli::args::parse_duration;
use crate::cli::live::known_entry::{self, KnownEntry};
use crate::cli::project_folder::SETTINGS;
use crate::cli::read_contracts::is_vendor;
use indexmap::IndexMap;
use proviso::contract::lint::is_web_address;
use proviso::contract::schema::{SchemaChecker, generate};
use proviso::contract::{Loaded, Placed, read_as};
use proviso::http::pace::Rate;
use proviso::run::event::KnownInfo;
use proviso::text::diagnostic::{Code, Diagnostic};
use proviso::text::source::{Place, unlinked};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt::Display;
use std::path::Path;
use std::time::Duration;

/// The name of the file that holds its schema, beside those of the contracts.
pub(crate) const SCHEMA_FILE: &str = "proviso.schema.json";

/// The checker of the file's shape.
pub(crate) static SETTINGS_CHECKER: SchemaChecker =
    SchemaChecker::new(|| generate::<SettingsFile>("A project's settings"));

/// What a project says of its runs; what is typed counts more.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    /// Targets by name, for `--target NAME`: each vendor's URL, or `"*"` for every other vendor's.
    #[serde(default)]
    targets: Targets,
    /// How many cases run at once.
    #[schemars(range(min = 1))]
    jobs: Option<usize>,
    /// How often a lost request is sent again.
    retry: Option<u32>,
    /// How long a request and its answer may take, as `10s`.
    timeout: Option<String>,
    /// How long a run may take, as `10m`.
    max_time: Option<String>,
    /// How many requests a run may send: what it makes is removed within them.
    #[schemars(range(min = 1))]
    max_requests: Option<usize>,
    /// How fast a vendor is asked, as `5/s`, or `auto`.
    rate_limit: Option<String>,
    /// Violations that are known: told as before, and failing nothing until their day is over.
    #[serde(default)]
    known: Vec<KnownEntry>,
}

/// URLs by target and vendor.
pub(super) type Targets = IndexMap<String, IndexMap<String, String>>;

/// The settings of a project, understood.
#[derive(Debug, Default)]
pub(crate) struct ProjectSettings {
    /// URLs by target and vendor, `*` for every other vendor.
    pub(crate) targets: Targets,
    /// The number of cases that run at once.
    pub(crate) jobs: Option<usize>,
    /// The number of times that a lost request is sent again.
    pub(crate) retry: Option<u32>,
    /// The time for a request and its answer.
    pub(crate) timeout: Option<Duration>,
    /// The time for a run.
    pub(crate) max_time: Option<Duration>,
    /// The most requests of a run.
    pub(crate) max_requests: Option<usize>,
    /// The pace at which a vendor is asked.
    pub(crate) rate_limit: Option<Rate>,
    /// The known violations.
    pub(crate) known: Vec<KnownInfo>,
}

impl ProjectSettings {
    /// Reads the file where there is one; its mistakes are added to those of the contracts.
    pub(crate) fn read(project: &Path, loaded: &mut Loaded) -> Self {
        read_file(project, loaded).map(|file| Self::resolve(file, loaded)).unwrap_or_default()
    }

    fn resolve(Placed { at, value: file }: Placed<SettingsFile>, loaded: &mut Loaded) -> Self {
        let timeout = parse_setting(&at, "timeout", file.timeout.as_deref(), parse_duration, loaded);
        let max_time = parse_setting(&at, "max_time", file.max_time.as_deref(), parse_duration, loaded);
        let rate_limit = parse_setting(&at, "rate_limit", file.rate_limit.as_deref(), str::parse, loaded);
        for (target, urls) in &file.targets {
            for (vendor, _) in urls.iter().filter(|(_, url)| !is_web_address(url.as_str())) {
                let place = at.child("targets").child(target).child(vendor);
                refuse_setting(place, "a target is a URL, as http://127.0.0.1:8080", loaded);
            }
        }
        let known_at = at.child("known");
        known_entry::check_entries(&file.known, &file.targets, &known_at, loaded);
        let known = known_entry::resolve_entries(file.known, &known_at, loaded);
        let SettingsFile { targets, jobs, retry, max_requests, .. } = file;
        Self { targets, jobs, retry, timeout, max_time, max_requests, rate_limit, known }
    }

    /// Reads the file for its mistakes alone, and compares the vendors that it names with those that there are.
    pub(crate) fn lint(project: &Path, loaded: &mut Loaded) {
        let file = loaded.sources.next_id();
        let settings = Self::read(project, loaded);
        loaded.mistakes.extend(known_entry::check_reasons(&settings.known, &Place::root(file).child("known")));
        for (target, urls) in &settings.targets {
            for vendor in urls.keys().filter(|vendor| *vendor != "*") {
                if is_vendor(vendor, loaded) {
                    continue;
                }
                let at = Place::root(file).child("targets").child(target).child(vendor).key();
                let mistake = Diagnostic::warning(Code::UnknownVendor, format!("no vendor is named `{vendor}`"))
                    .at(at, "no folder of the contracts has this name")
                    .suggest(vendor, loaded.vendor_names());
                loaded.mistakes.push(mistake);
            }
        }
    }
}

fn read_file(project: &Path, loaded: &mut Loaded) -> Option<Placed<SettingsFile>> {
    let path = project.join(SETTINGS);
    if !path.exists() {
        return None;
    }
    let folder = if project.as_os_str().is_empty() { Path::new(".") } else { project };
    if unlinked::leads_out(&path, folder) {
        let file = loaded.sources.add(path, String::new());
        let message = "this symbolic link leads out of its folder";
        let mistake = Diagnostic::error(Code::LinkOutside, message).at(Place::root(file), "");
        loaded.mistakes.push(mistake.help("put a copy of the file in its place"));
        return None;
    }
    read_as(&SETTINGS_CHECKER, path, &mut loaded.sources, &mut loaded.mistakes)
}

/// A setting that is written as a text; one that cannot be read is a mistake.
fn parse_setting<T, E: Display>(
    at: &Place,
    key: &str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, E>,
    loaded: &mut Loaded,
) -> Option<T> {
    parse(text?).map_err(|error| refuse_setting(at.child(key), &error.to_string(), loaded)).ok()
}

fn refuse_setting(at: Place, message: &str, loaded: &mut Loaded) {
    loaded.mistakes.push(Diagnostic::error(Code::WrongValue, message).at(at, "not understood"));
}
