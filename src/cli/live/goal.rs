//! From `--target` to where each vendor's requests go.

use crate::cli::live::ProjectSettings;
use crate::cli::problem::Problem;
use crate::cli::read_contracts::{is_vendor, unknown_vendor};
use proviso::contract::{Loaded, Vendor};
use proviso::run::Destination;

/// The place where a vendor's requests go: the embedded mock, whose address is not known yet, or another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The embedded mock.
    Mock,
    /// Anywhere else.
    Elsewhere(Destination),
}

impl Goal {
    /// The target's name, which is also that of its baselines.
    pub(crate) fn target(&self) -> &str {
        match self {
            Self::Mock => "mock",
            Self::Elsewhere(destination) => &destination.target,
        }
    }
}

/// The goal of every vendor, by its position; later targets count more than earlier ones, and a vendor's own more than any.
pub(crate) fn find_goals(
    targets: &[String],
    loaded: &Loaded,
    settings: &ProjectSettings,
) -> Result<Vec<Option<Goal>>, Vec<Problem>> {
    let own: Vec<(&str, &str)> = targets.iter().filter_map(|target| split_vendor(target)).collect();
    let general = targets.iter().rfind(|target| split_vendor(target).is_none());
    let unknown = own.iter().filter(|(vendor, _)| !is_vendor(vendor, loaded));
    let mut problems: Vec<Problem> = unknown.map(|(vendor, url)| unknown_target(vendor, url, loaded)).collect();
    let mut goals = Vec::new();
    for vendor in &loaded.contracts.vendors {
        let given = own.iter().rfind(|(name, _)| *name == vendor.name);
        let goal = match (given, general) {
            (Some((_, url)), _) => url_goal(vendor, url, url).map(Some),
            // Only some vendors were given a place: the others are not part of this run.
            (None, None) if !own.is_empty() => Ok(None),
            (None, target) => general_goal(vendor, target.map_or("mock", String::as_str), settings),
        };
        match goal {
            Ok(goal) => goals.push(goal),
            Err(problem) if problems.contains(&problem) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(goals) } else { Err(problems) }
}

/// `VENDOR=URL`.
fn split_vendor(target: &str) -> Option<(&str, &str)> {
    target.split_once('=').filter(|(vendor, _)| !vendor.contains("://"))
}

fn unknown_target(vendor: &str, url: &str, loaded: &Loaded) -> Problem {
    let Problem { message, help } = unknown_vendor(vendor, loaded);
    Problem { message: format!("--target {vendor}={url}: {message}"), help }
}

fn general_goal(vendor: &Vendor, target: &str, settings: &ProjectSettings) -> Result<Option<Goal>, Problem> {
    if target == "mock" {
        return Ok(Some(Goal::Mock));
    }
    if target.contains("://") {
        return url_goal(vendor, "url", target).map(Some);
    }
    if let Some(urls) = settings.targets.get(target) {
        let url = urls.get(&vendor.name).or_else(|| urls.get("*"));
        return url.map(|url| url_goal(vendor, target, url)).transpose();
    }
    if let Some(destination) = Destination::declared(vendor, target) {
        return Ok(Some(Goal::Elsewhere(destination)));
    }
    let named = settings.targets.keys().chain(vendor.file.targets.keys()).map(String::as_str);
    let forms = "a target is `mock`, `sandbox`, a name under `targets` in proviso.yaml, a URL like http://127.0.0.1:8080, or VENDOR=URL";
    let problem = Problem::new(format_args!("no target is named `{target}`"));
    Err(problem.with_nearest(target, ["mock", "sandbox"].into_iter().chain(named)).with_help(forms))
}

fn url_goal(vendor: &Vendor, name: &str, url: &str) -> Result<Goal, Problem> {
    Destination::url(vendor, name, url).map(Goal::Elsewhere).map_err(Problem::new)
}
