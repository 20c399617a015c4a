//! Removing what a run has made by the vendor's own documented removals.

use crate::contract::condition::{Draft, ILL_FORMED};
use crate::contract::{Operation, Row, RowId};
use crate::http::exchange::{Failure, Response};
use crate::judge::verdict::Judgement;
use crate::run::event::Purpose;
use crate::run::health::Health;
use crate::run::list_call::Lists;
use crate::run::made::Made;
use crate::run::ownership::{Sighting, is_about_gone, look_at};
use crate::run::party::Party;
use crate::run::scope::auth_names;
use crate::run::target_row::TargetRow;
use crate::run::transcript::Transcript;
use crate::run::vendor_client::VendorClient;

/// Something that is still there.
pub(super) struct Unremoved {
    /// The reason.
    pub why: String,
    /// True if the vendor did not answer at all.
    pub dead: bool,
}

impl Unremoved {
    /// The trouble that a failed request is.
    pub(super) fn by(failure: &Failure) -> Self {
        Self { why: failure.to_string(), dead: failure.kind.is_passing() }
    }
}

impl From<String> for Unremoved {
    fn from(why: String) -> Self {
        Self { why, dead: false }
    }
}

/// Removes a thing by its id, once it is known to be ours.
pub(super) async fn remove(
    client: &mut VendorClient<'_, '_>,
    transcript: &mut Transcript,
    made: &Made,
    lists: &mut Lists,
) -> Result<(), Unremoved> {
    let party = client.party;
    let Some((row, draft)) = removal(party, &made.resource, &made.held.state) else {
        let none = || Unremoved::from(format!("no documented call removes a {}", made.resource));
        return is_gone(party, &made.resource, &made.held.state).then_some(()).ok_or_else(none);
    };
    let own = std::iter::once((&made.resource, &made.held.id));
    let mut ids = own.chain(made.around.iter().map(|(resource, held)| (resource, &held.id)));
    if let Some((resource, id)) = ids.find(|(resource, id)| !party.is_id(resource, id)) {
        return Err(format!("`{id}` is not an id of a {resource}").into());
    }
    client.removes = true;
    client.scope.acting.clone_from(&made.held.account);
    client.scope.held = made.around.iter().cloned().collect();
    client.scope.held.insert(made.resource.clone(), made.held.clone());
    let sighting = match look_at(client, made, lists).await {
        // No read shows its mark, so the answer to the create that this run has sent is all that there is.
        Err(unread) if !unread.dead && client.run.has_made(made) => Ok(Sighting::Marked),
        sighting => sighting,
    };
    let removed = match sighting {
        Ok(Sighting::Marked) => {
            let target = TargetRow::of(party.vendor, row);
            send_removal(client, transcript, target, &draft, &made.resource).await
        }
        Ok(Sighting::Unmarked) => Err("it does not hold its mark, so it is not ours to remove".to_owned().into()),
        Ok(Sighting::Gone) => Ok(()),
        Err(unremoved) => Err(unremoved),
    };
    client.scope.acting = None;
    client.removes = false;
    removed
}

/// Sends the request that removes the resource that the scope holds.
async fn send_removal(
    client: &mut VendorClient<'_, '_>,
    transcript: &mut Transcript,
    target: TargetRow<'_>,
    draft: &Draft,
    resource: &str,
) -> Result<(), Unremoved> {
    let exchange = client.send_until_answered(target, draft).await.map_err(|end| end.reason)?;
    let removed = match &exchange.result {
        Ok(response) => check_removed(client, target, resource, response).map_err(Unremoved::from),
        Err(failure) => Err(Unremoved::by(failure)),
    };
    let was_gone = exchange.response().is_some_and(|response| answers_gone(client, target, resource, response));
    let judgement = client.run.judge.judge(target.row, &exchange, &client.scope);
    let is_retried = exchange.may_have_acted_before();
    transcript.keep(client, Purpose::Cleanup, target, exchange);
    match judgement {
        // What was gone already may be another case's doing, or that of an answer that was lost.
        Judgement::Departs { findings, .. } if !is_retried && !was_gone => {
            transcript.charge(client, target.row.id, findings);
        }
        Judgement::Matches { inferred, .. } => {
            client.run.reporter.note_inferred(&transcript.case, &client.party.vendor.name, &inferred);
        }
        _ => {}
    }
    removed
}

/// Returns whether an answer is that of a row for things that are gone.
fn answers_gone(client: &VendorClient<'_, '_>, target: TargetRow<'_>, resource: &str, response: &Response) -> bool {
    let mut others = target.operation.rows.values().filter(|row| row.name != target.row.name);
    others
        .any(|row| is_about_gone(client.party, row, resource) && client.run.judge.accepts(row, response, &client.scope))
}

/// Checks that by an answer something is gone now, or was before.
fn check_removed(
    client: &VendorClient<'_, '_>,
    target: TargetRow<'_>,
    resource: &str,
    response: &Response,
) -> Result<(), String> {
    let accepts = |row: &&Row| client.run.judge.accepts(row, response, &client.scope);
    let others = target.operation.rows.values();
    let others = others.filter(|row| row.name != target.row.name && !is_about_ids(row, resource));
    let (gone, others): (Vec<&Row>, Vec<&Row>) = others.partition(|row| is_about_gone(client.party, row, resource));
    if accepts(&target.row) || gone.iter().any(accepts) {
        return Ok(());
    }
    if let Some(row) = others.iter().find(|row| accepts(row)) {
        return Err(format!("{} answered as its row `{}`", target.operation.name, row.name));
    }
    match response.status {
        200..300 | 404 | 410 => Ok(()),
        status => Err(format!("{} answered {status}", target.operation.name)),
    }
}

/// Returns whether a row is only about ids that are not well formed, which no thing of ours has.
fn is_about_ids(row: &Row, resource: &str) -> bool {
    let words = row.when.names(resource);
    !words.is_empty() && words.iter().all(|word| ILL_FORMED.contains(word))
}

/// The reason why a vendor is not asked about what an account has made, if so.
pub(super) fn barrier(party: &Party<'_>, account: Option<&str>) -> Option<String> {
    if let Health::Dead(why) = &*party.health.borrow() {
        return Some(format!("{} does not answer: {why}", party.vendor.name));
    }
    let declared = &party.vendor.file.credentials;
    let own = acting_account(party, account);
    let replaced = own.and_then(|name| declared.get(name)?.replaces.as_deref());
    let documented = auth_names(&party.vendor.file.auth);
    let used = documented.iter().map(String::as_str).filter(|name| replaced != Some(name)).chain(own);
    let unset = used.filter(|name| !party.credentials.contains_key(*name));
    let unset: Vec<_> = unset.filter_map(|name| Some(format!("${}", declared.get(name)?.env))).collect();
    (!unset.is_empty()).then(|| format!("set {}", unset.join(" and ")))
}

/// The credential that replaces another, if this one does.
pub(super) fn acting_account<'n>(party: &Party<'_>, account: Option<&'n str>) -> Option<&'n str> {
    account.filter(|name| party.vendor.file.credentials.get(*name).is_some_and(|it| it.replaces.is_some()))
}

/// The calls that remove a kind of resource.
fn removing<'v>(party: &Party<'v>, resource: &str) -> impl Iterator<Item = &'v Operation> {
    party.vendor.operations.iter().filter(move |operation| {
        operation.method == "DELETE" && operation.binds.last().is_some_and(|bound| bound == resource)
    })
}

/// Returns whether a state is one that a documented removal leads to, and none leads on from.
pub(super) fn is_gone(party: &Party<'_>, resource: &str, state: &str) -> bool {
    let rows = removing(party, resource).flat_map(|operation| operation.rows.values());
    let mut led = rows.flat_map(|row| &row.then).filter_map(|branch| branch.leads.get(resource));
    led.any(|led| led == state) && removal(party, resource, state).is_none()
}

/// The documented way of removing a resource from a state, if there is one.
fn removal(party: &Party<'_>, resource: &str, state: &str) -> Option<(RowId, Draft)> {
    removing(party, resource).find_map(|operation| {
        let space = party.vendor.space(operation);
        let dimension = space.position(resource)?;
        let choice = space.dimensions.get(dimension)?.choices.iter().position(|choice| choice.word() == state)?;
        let row = space.row_at(operation, &space.right_but(dimension, choice))?;
        let leads = row.then.iter().any(|branch| branch.leads.contains_key(resource));
        leads.then(|| (row.id, Draft::documented(party.vendor, operation)))
    })
}
