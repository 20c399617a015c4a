//! Vendors whose answers a run compares with nothing, although it is to fail on drift.

use proviso::run::event::{Gate, Notice};
use proviso::run::snapshot::{BaselineChoice, Baselines, Deny, has_accepted};

/// The notices of vendors, each with its target, that have no accepted answer where drift is denied. The embedded mock has none
/// unless some are asked for.
pub(crate) fn uncompared<'v>(
    gate: &Gate,
    baselines: Option<&Baselines>,
    places: impl IntoIterator<Item = (&'v str, &'v str)>,
) -> Vec<Notice> {
    let Some(baselines) = baselines.filter(|_| gate.deny.iter().any(|word| is_drift(word))) else { return Vec::new() };
    let mut notices = Vec::new();
    for (vendor, target) in places {
        if target == "mock" && baselines.choice == BaselineChoice::Own {
            continue;
        }
        let folder = baselines.vendor_folder(target, vendor);
        let what = match folder {
            Some(folder) if has_accepted(&folder) => continue,
            Some(folder) => {
                format!("there is no accepted answer in {}; `proviso accept` keeps answers", folder.display())
            }
            None if baselines.choice == BaselineChoice::None => "`--baseline none` compares with nothing".to_owned(),
            None => "a URL has no accepted answers; `--baseline NAME` takes those of another target".to_owned(),
        };
        let message = format!("no drift can be seen, so --deny cannot fail on it: {what}");
        notices.push(Notice { kind: Notice::NO_BASELINE.to_owned(), vendor: Some(vendor.to_owned()), message });
    }
    notices
}

/// Returns true if a word after `--deny` is about drift.
fn is_drift(word: &str) -> bool {
    matches!(word.parse(), Ok(Deny::Drift(_)))
}
