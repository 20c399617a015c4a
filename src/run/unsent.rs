//! Why nothing is sent: to a vendor that may not be asked or does not answer as it should, or for a case that lacks a variable.

use crate::contract::case::Case;
use crate::judge::verdict::Verdict;
use crate::run::judging::Ended;
use crate::run::party::{Health, Party};

/// What becomes of everything that was to be sent to a vendor that does not answer as it should.
pub(crate) fn unhealthy(party: &Party<'_>) -> Option<Ended> {
    match &*party.health.borrow() {
        Health::Dead(why) => {
            Some(Ended::with(Verdict::Environment, format!("not sent: {} does not answer: {why}", party.vendor.name)))
        }
        Health::Refuses(why) | Health::Live(why) | Health::Barred(why) => {
            Some(Ended::with(Verdict::Undetermined, format!("not sent: {why}")))
        }
        Health::Forbidden(_) => forbidden(party),
        Health::Unknown | Health::Alive => None,
    }
}

/// What becomes of everything that was to be sent to a vendor that the guard does not let be asked.
pub(super) fn forbidden(party: &Party<'_>) -> Option<Ended> {
    match &*party.health.borrow() {
        Health::Forbidden(why) => Some(Ended::with(Verdict::Refused, why.clone())),
        _ => None,
    }
}

/// The environment variables that a case needs and nobody has set.
pub(super) fn missing(party: &Party<'_>, case: &Case) -> Vec<String> {
    let known = |variable: &String| {
        let credential = party.vendor.file.credentials.iter().find(|(_, credential)| credential.env == *variable);
        match credential {
            Some((name, _)) => party.credentials.contains_key(name),
            None => party.fixtures.contains_key(variable),
        }
    };
    case.needs.iter().filter(|variable| !known(variable)).map(|variable| format!("${variable}")).collect()
}

/// Whether a case would be sent, as far as is known before the run.
pub fn runnable(party: &Party<'_>, case: &Case) -> bool {
    case.row.vendor() == party.vendor.id && case.barred.is_none() && missing(party, case).is_empty()
}
