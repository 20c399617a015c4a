//! What became of each statement: it stands as the best of the rows that cite it.

use super::rows::{Sights, best, by_target};
use super::{Standing, State, Statement, Subject};
use crate::run::event::{ClauseInfo, Page};

pub(super) fn subject(page: &Page, targets: &[String], sights: &Sights<'_>) -> Subject {
    let documented = page.rows.iter().filter(|row| row.inferred.is_none());
    Subject {
        vendor: page.vendor.clone(),
        operation: page.operation.clone(),
        page: page.page.clone(),
        url: page.url.clone(),
        causes: documented.map(|row| sights.cause(page, row, targets)).collect(),
        clauses: page.clauses.iter().map(|clause| statement(page, clause, targets, sights)).collect(),
    }
}

fn statement(page: &Page, clause: &ClauseInfo, targets: &[String], sights: &Sights<'_>) -> Statement {
    let by_target = by_target(targets, |target| standing(page, clause, target, sights));
    let best = best(&by_target);
    let broken = targets.iter().filter(|target| sights.broken(target, page, &clause.id));
    Statement {
        id: clause.id.clone(),
        says: clause.says.clone(),
        state: best.state,
        why: best.why,
        broken: broken.cloned().collect(),
        targets: by_target,
    }
}

fn standing(page: &Page, clause: &ClauseInfo, target: &str, sights: &Sights<'_>) -> Standing {
    if let Some(why) = &clause.untestable {
        return Standing { state: State::Untestable, why: Some(why.clone()) };
    }
    if let Some(why) = &clause.mistaken {
        return Standing { state: State::Mistaken, why: Some(why.clone()) };
    }
    let citing = page.rows.iter().filter(|row| row.cites.contains(&clause.id));
    let standings: Vec<Standing> = citing.map(|row| sights.standing(target, page, row)).collect();
    best(standings.iter().enumerate())
}
