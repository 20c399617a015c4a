//! From `--target` to where each vendor's requests go.

use crate::cli::settings::Settings;
use proviso::contract::{Contracts, Vendor};
use proviso::run::{BadTarget, Destination};
use proviso::text::diagnostic::suggest;

/// Where each vendor's requests go: the embedded mock, whose address is not known yet, or another place.
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

/// A target that cannot be understood, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// What is wrong.
    pub(crate) message: String,
    /// What would be right.
    pub(crate) help: Vec<String>,
}

/// The goal of every vendor, by its position; later targets count more than earlier ones, and a vendor's own more than any.
pub(crate) fn goals(
    typed: &[String],
    contracts: &Contracts,
    settings: &Settings,
) -> Result<Vec<Option<Goal>>, Vec<Mistake>> {
    let (own, general): (Vec<&String>, Vec<&String>) = typed.iter().partition(|target| vendor_url(target).is_some());
    let mut mistakes: Vec<Mistake> = own.iter().filter_map(|target| unknown_vendor(target, contracts)).collect();
    let general = general.last().map(|target| target.as_str());
    let mut goals = Vec::new();
    for vendor in &contracts.vendors {
        let given = own.iter().rev().filter_map(|target| vendor_url(target)).find(|(name, _)| *name == vendor.name);
        let goal = match (given, general) {
            (Some((_, url)), _) => url_goal(vendor, url, url).map(Some),
            // Only some vendors were given a place: the others are not part of this run.
            (None, None) if !own.is_empty() => Ok(None),
            (None, target) => general_goal(vendor, target.unwrap_or("mock"), settings),
        };
        match goal {
            Ok(goal) => goals.push(goal),
            Err(mistake) if mistakes.contains(&mistake) => {}
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(goals) } else { Err(mistakes) }
}

/// `VENDOR=URL`.
fn vendor_url(target: &str) -> Option<(&str, &str)> {
    target.split_once('=').filter(|(vendor, _)| !vendor.contains("://"))
}

fn unknown_vendor(target: &str, contracts: &Contracts) -> Option<Mistake> {
    let (name, _) = vendor_url(target)?;
    if contracts.vendor(name).is_some() {
        return None;
    }
    let known = contracts.vendors.iter().map(|vendor| vendor.name.as_str());
    let meant = suggest(name, known).map(|meant| format!("did you mean `{meant}`?"));
    Some(Mistake {
        message: format!("--target {target}: no vendor is named `{name}`"),
        help: meant.into_iter().collect(),
    })
}

fn general_goal(vendor: &Vendor, target: &str, settings: &Settings) -> Result<Option<Goal>, Mistake> {
    if target == "mock" {
        return Ok(Some(Goal::Mock));
    }
    if target.contains("://") {
        return url_goal(vendor, "url", target).map(Some);
    }
    if let Some(urls) = settings.targets.get(target) {
        return match urls.get(&vendor.name).or_else(|| urls.get("*")) {
            Some(url) => url_goal(vendor, target, url).map(Some),
            None => Ok(None),
        };
    }
    if let Some(destination) = Destination::declared(vendor, target) {
        return Ok(Some(Goal::Elsewhere(destination)));
    }
    let named = settings.targets.keys().chain(vendor.file.targets.keys()).map(String::as_str);
    let known: Vec<&str> = ["mock", "sandbox"].into_iter().chain(named).collect();
    let mut help: Vec<String> =
        suggest(target, known).map(|meant| format!("did you mean `{meant}`?")).into_iter().collect();
    help.push("a target is `mock`, `sandbox`, a name under `targets` in proviso.yaml, a URL like http://127.0.0.1:8080, or VENDOR=URL".to_owned());
    Err(Mistake { message: format!("no target is named `{target}`"), help })
}

fn url_goal(vendor: &Vendor, name: &str, url: &str) -> Result<Goal, Mistake> {
    let mistake = |error: BadTarget| Mistake { message: error.to_string(), help: Vec::new() };
    Destination::url(vendor, name, url).map(Goal::Elsewhere).map_err(mistake)
}
