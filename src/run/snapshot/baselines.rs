//! The baselines that a run is compared with, the fate of answers that differ, and the drift that fails a run.

use crate::run::event::{Baseline, CaseResult, DriftClass};
use crate::run::snapshot::snapshot_store::path_segment;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The baselines of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baselines {
    /// The folder in which every target has its own.
    pub root: PathBuf,
    /// The choice among them.
    pub choice: BaselineChoice,
    /// The fate of answers that differ.
    pub update: Update,
}

/// The target whose baselines count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaselineChoice {
    /// The target's own; a bare URL has none.
    Own,
    /// The baselines of a target of this name.
    Named(String),
    /// The baselines in this folder.
    Folder(PathBuf),
    /// No baselines.
    None,
}

/// The folder of all baselines, unless another one is named.
pub const ROOT: &str = "snapshots";

impl FromStr for BaselineChoice {
    type Err = std::convert::Infallible;

    /// `none`, a folder with a slash in it, or a name.
    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let folder = typed.contains(['/', '\\']) || matches!(typed, "." | "..");
        Ok(match typed {
            "none" => Self::None,
            _ if folder => Self::Folder(typed.into()),
            name => Self::Named(name.to_owned()),
        })
    }
}

impl Baselines {
    /// The folder of the baselines for a target, by its name.
    pub fn folder(&self, target: &str) -> Option<PathBuf> {
        let name = match &self.choice {
            BaselineChoice::Own => Some(target).filter(|target| !target.contains("://") && *target != "url")?,
            BaselineChoice::Named(name) => name,
            BaselineChoice::Folder(folder) => return Some(folder.clone()),
            BaselineChoice::None => return None,
        };
        Some(self.root.join(path_segment(name)))
    }

    /// The folder of the baselines of one vendor, for a target by its name.
    pub fn vendor_folder(&self, target: &str, vendor: &str) -> Option<PathBuf> {
        Some(self.folder(target)?.join(path_segment(vendor)))
    }

    /// The folder that was asked for by name, where it does not exist.
    pub fn missing_folder(&self) -> Option<PathBuf> {
        let is_named = matches!(self.choice, BaselineChoice::Named(_) | BaselineChoice::Folder(_));
        self.folder("").filter(|folder| is_named && !folder.is_dir())
    }
}

impl Default for Baselines {
    fn default() -> Self {
        Self { root: ROOT.into(), choice: BaselineChoice::Own, update: Update::New }
    }
}

/// The fate of an answer that is not the accepted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// It is kept as pending.
    New,
    /// Nothing is written.
    No,
}

/// A value of `INSTA_UPDATE` that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("INSTA_UPDATE is `{0}`; it can be auto, new or no")]
pub struct BadUpdate(String);

impl Update {
    /// The meaning of `INSTA_UPDATE`, with a notice where it asks for more than a run does.
    pub fn of(asked: Option<&str>, ci: bool) -> Result<(Self, Option<String>), BadUpdate> {
        match asked {
            None | Some("" | "auto") => Ok((if ci { Self::No } else { Self::New }, None)),
            Some("no") => Ok((Self::No, None)),
            Some("new") => Ok((Self::New, None)),
            Some(more @ ("always" | "1" | "force" | "unseen")) => {
                let notice =
                    format!("INSTA_UPDATE={more} means `new` here: a run never writes a baseline, `accept` does");
                Ok((Self::New, Some(notice)))
            }
            Some(other) => Err(BadUpdate(other.to_owned())),
        }
    }
}

/// Returns true if a pipeline is running, by `CI` and `TF_BUILD` as insta reads them.
pub fn is_ci(ci: Option<&str>, tf_build: Option<&str>) -> bool {
    match ci {
        Some("false" | "0" | "") => false,
        Some(_) => true,
        None => tf_build.is_some(),
    }
}

/// A reason to fail a run that is fine in all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deny {
    /// Drift of a class or of a worse one.
    Drift(DriftClass),
    /// A case without a baseline.
    New,
    /// A known violation that is no longer seen.
    Stale,
    /// A departure from what no page says.
    Inferred,
}

/// A word that denies nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot be denied; it can be drift, breaking, risky, additive, cosmetic, new, stale or inferred")]
pub struct BadDeny(String);

impl FromStr for Deny {
    type Err = BadDeny;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let class = DriftClass::ALL.into_iter().find(|class| class.as_str() == word);
        match (word, class) {
            ("new", _) => Ok(Self::New),
            ("stale", _) => Ok(Self::Stale),
            ("inferred", _) => Ok(Self::Inferred),
            ("drift", _) => Ok(Self::Drift(DriftClass::Cosmetic)),
            (_, Some(class)) => Ok(Self::Drift(class)),
            _ => Err(BadDeny(word.to_owned())),
        }
    }
}

impl fmt::Display for Deny {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Drift(class) => class.as_str(),
            Self::New => "new",
            Self::Stale => "stale",
            Self::Inferred => "inferred",
        })
    }
}

impl Deny {
    /// Returns true for a case that it denies.
    pub fn denies(self, case: &CaseResult) -> bool {
        match self {
            Self::Drift(class) => case.drift.as_ref().is_some_and(|drift| drift.class >= class),
            Self::New => case.baseline == Some(Baseline::New),
            // No case is, but a notice of the run: see `report::exit_code`.
            Self::Stale | Self::Inferred => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_url_has_no_baselines_of_its_own() {
        let mut baselines = Baselines::default();
        assert_eq!(baselines.folder("mock"), Some("snapshots/mock".into()));
        assert_eq!(baselines.folder("http://127.0.0.1:1"), None);
        assert_eq!(baselines.folder("url"), None);
        baselines.choice = "sandbox".parse().unwrap();
        assert_eq!(baselines.folder("http://127.0.0.1:1"), Some("snapshots/sandbox".into()));
        baselines.choice = "./other".parse().unwrap();
        assert_eq!(baselines.folder("mock"), Some("./other".into()));
        baselines.choice = "none".parse().unwrap();
        assert_eq!(baselines.folder("mock"), None);
    }

    #[test]
    fn insta_update_is_honoured_and_never_writes_a_baseline() {
        let of = |asked, ci| Update::of(asked, ci).map(|(update, notice)| (update, notice.is_some()));
        assert_eq!(of(None, false), Ok((Update::New, false)));
        assert_eq!(of(None, true), Ok((Update::No, false)));
        assert_eq!(of(Some("auto"), true), Ok((Update::No, false)));
        assert_eq!(of(Some("new"), true), Ok((Update::New, false)));
        assert_eq!(of(Some("no"), false), Ok((Update::No, false)));
        for more in ["always", "force", "unseen"] {
            assert_eq!(of(Some(more), true), Ok((Update::New, true)));
        }
        assert!(of(Some("perhaps"), false).is_err());
        assert!(
            is_ci(Some("true"), None) && !is_ci(Some("false"), None) && is_ci(None, Some("1")) && !is_ci(None, None)
        );
    }

    #[test]
    fn a_class_that_is_denied_denies_worse_ones_too() {
        let words = ["drift", "breaking", "risky", "additive", "cosmetic", "new"];
        assert!(words.iter().all(|word| word.parse::<Deny>().is_ok()));
        assert!("worse".parse::<Deny>().is_err());
        assert_eq!("drift".parse::<Deny>(), "cosmetic".parse());
        assert!(DriftClass::Breaking > DriftClass::Risky && DriftClass::Risky > DriftClass::Additive);
    }
}
