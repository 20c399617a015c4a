//! `proviso.yaml` in the current directory: targets by name, and what every run of this project wants.

use crate::cli::known::{self, Known};
use crate::cli::value;
use indexmap::IndexMap;
use proviso::contract::schema::{SchemaChecker, generate};
use proviso::contract::{Loaded, Placed, read_as};
use proviso::run::event::KnownInfo;
use proviso::text::diagnostic::{Code, Diagnostic};
use proviso::text::source::{Place, unlinked};
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::Path;

/// The file, in the current directory.
pub(crate) const FILE: &str = "proviso.yaml";
/// The name of the file that holds its schema, beside those of the contracts.
pub(crate) const SCHEMA_FILE: &str = "proviso.schema.json";

/// What a project says of its runs; what is typed counts more.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Targets by name, for `--target NAME`: each vendor's URL, or `"*"` for every other vendor's.
    #[serde(default)]
    pub(crate) targets: IndexMap<String, IndexMap<String, String>>,
    /// How many cases run at once.
    #[schemars(range(min = 1))]
    pub(crate) jobs: Option<usize>,
    /// How often a lost request is sent again.
    pub(crate) retry: Option<u32>,
    /// How long a request and its answer may take, as `10s`.
    pub(crate) timeout: Option<String>,
    /// How long a run may take, as `10m`.
    pub(crate) max_time: Option<String>,
    /// How fast a vendor is asked, as `5/s`, or `auto`.
    pub(crate) rate_limit: Option<String>,
    /// Violations that are known: told as before, and failing nothing until their day is over.
    #[serde(default)]
    known: Vec<Known>,
    /// The same as a run takes them.
    #[serde(skip)]
    pub(crate) excused: Vec<KnownInfo>,
}

/// What checks the file.
pub(crate) static CHECKER: SchemaChecker = SchemaChecker::new(|| generate::<Settings>("A project's settings"));

/// Reads the file where there is one; its mistakes are added to those of the contracts.
pub(crate) fn read(path: &Path, loaded: &mut Loaded) -> Settings {
    if !path.exists() {
        return Settings::default();
    }
    if unlinked::leads_out(path, Path::new(".")) {
        let file = loaded.sources.add(path.to_owned(), String::new());
        let message = "this symbolic link leads out of the current directory";
        let mistake = Diagnostic::error(Code::LinkOutside, message).at(Place::root(file), "");
        loaded.mistakes.push(mistake.help("put a copy of the file in its place"));
        return Settings::default();
    }
    let read = read_as::<Settings>(&CHECKER, path.to_owned(), &mut loaded.sources, &mut loaded.mistakes);
    let Some(Placed { value: mut settings, at }) = read else { return Settings::default() };
    check_values(&settings, &at, &mut loaded.mistakes);
    known::check(&settings.known, &at, loaded);
    settings.excused = known::resolve(&settings.known, &at, loaded);
    settings
}

/// Reads the file for its mistakes alone, and holds the vendors that it names against the contracts.
pub(crate) fn check(loaded: &mut Loaded) {
    let file = loaded.sources.next();
    let settings = read(Path::new(FILE), loaded);
    let known: Vec<&str> = loaded.contracts.vendors.iter().map(|vendor| vendor.name.as_str()).collect();
    for (target, urls) in &settings.targets {
        for vendor in urls.keys().filter(|vendor| vendor.as_str() != "*" && !known.contains(&vendor.as_str())) {
            let at = Place::root(file).child("targets").child(target).child(vendor).key();
            loaded.mistakes.push(
                Diagnostic::warning(Code::UnknownVendor, format!("no vendor is named `{vendor}`"))
                    .at(at, "no folder of the contracts has this name")
                    .suggest(vendor, known.iter().copied()),
            );
        }
    }
}

fn check_values(settings: &Settings, at: &Place, mistakes: &mut Vec<Diagnostic>) {
    let mut refuse = |place: Place, message: String| {
        mistakes.push(Diagnostic::error(Code::WrongValue, message).at(place, "not understood"));
    };
    for (name, text) in [("timeout", &settings.timeout), ("max_time", &settings.max_time)] {
        if let Some(Err(message)) = text.as_deref().map(value::duration) {
            refuse(at.child(name), message);
        }
    }
    if let Some(Err(error)) = settings.rate_limit.as_deref().map(str::parse::<proviso::http::pace::Rate>) {
        refuse(at.child("rate_limit"), error.to_string());
    }
    for (target, urls) in &settings.targets {
        for (vendor, url) in urls {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                refuse(
                    at.child("targets").child(target).child(vendor),
                    "a target is a URL, as http://127.0.0.1:8080".to_owned(),
                );
            }
        }
    }
}
