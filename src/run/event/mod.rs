//! What a run tells, in order: plain data, already redacted, from which every report is made.

mod cause;
mod departures;
mod drift_info;
mod exchange;
mod finding_info;
mod gate;
mod judged_case;
mod known;
mod seconds;
mod unchecked;

pub(crate) use departures::seen_words;
pub use departures::{Departures, seen_id};
pub use drift_info::{DifferenceInfo, DriftClass, DriftInfo};
pub use exchange::{ExchangeInfo, Purpose};
pub use finding_info::FindingInfo;
pub use gate::{Gate, ShardInfo};
pub use judged_case::{CheckInfo, JudgedCase, JudgedStep, OutcomeInfo, StateShown, StepConclusion, ThingInfo};
pub use known::KnownInfo;
pub use unchecked::UncheckedInfo;

use crate::judge::verdict::Verdict;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// One thing that a run tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run begins: what it is about to do.
    Started(Plan),
    /// Something that concerns more than one case.
    Notice(Notice),
    /// A case begins.
    CaseStarted {
        /// The case.
        id: String,
    },
    /// A case was judged.
    CaseFinished(Box<CaseResult>),
    /// The run is over.
    Finished(Summary),
}

/// What a run is about to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The version of proviso.
    pub version: String,
    /// The target as asked for.
    pub target: String,
    /// When the run began, RFC 3339.
    pub started: String,
    /// What fails it beside a violation.
    #[serde(default)]
    pub gate: Gate,
    /// The digest of the contracts that it holds the target to; empty where nobody told.
    #[serde(default)]
    pub contracts: String,
    /// Which shard of the whole it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardInfo>,
    /// The seed of the order of its cases, where that was a random one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<u64>,
    /// The cases that were selected, in order.
    pub cases: Vec<String>,
    /// The pages whose statements the cases hold.
    pub pages: Vec<Page>,
    /// Where each vendor's requests go.
    #[serde(default)]
    pub vendors: Vec<VendorInfo>,
}

/// Where a vendor's requests go in a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VendorInfo {
    /// The vendor.
    pub vendor: String,
    /// The target's name: `mock`, `sandbox`, another one, or a URL.
    pub target: String,
    /// Scheme, host, port and perhaps a path before every path.
    pub origin: String,
    /// Whether the key in use is a live one.
    pub live: bool,
    /// The digest of the vendor's own contract files, by which runs of different vendors can be one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contracts: String,
    /// The values of its variables that are no secrets, by the names in the environment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

/// A page of a vendor's documentation, for coverage and for reports.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// The vendor.
    pub vendor: String,
    /// The operation that the page documents.
    pub operation: String,
    /// What the operation does.
    pub title: Option<String>,
    /// Method and path.
    pub request: String,
    /// The page's short name.
    pub page: String,
    /// Where the page stands.
    pub url: String,
    /// The resources that the operation acts on.
    pub resources: Vec<String>,
    /// Its statements.
    pub clauses: Vec<ClauseInfo>,
    /// Those of them that no answer can break.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vacuous: Vec<String>,
    /// What has to come for each of its promises to be seen: optional fields, items of lists, allowed values, alternatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<String>,
    /// Its rows: the documented causes, and what is inferred.
    pub rows: Vec<RowInfo>,
}

/// A statement of a page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClauseInfo {
    /// Its id on the page.
    pub id: String,
    /// The statement, paraphrased.
    pub says: String,
    /// Why no test can hold it.
    pub untestable: Option<String>,
    /// Why the page is certainly wrong.
    pub mistaken: Option<String>,
}

/// A row of a page's table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RowInfo {
    /// Its name.
    pub row: String,
    /// Its condition in words.
    pub when: String,
    /// Its outcomes.
    pub then: Vec<String>,
    /// The states of resources that its condition names; several, where it says the same of each.
    #[serde(default)]
    pub states: BTreeMap<String, Vec<String>>,
    /// The states it leads to.
    pub leads: BTreeMap<String, String>,
    /// The clauses that it and its outcomes cite.
    pub cites: Vec<String>,
    /// Why several outcomes are documented.
    pub because: Option<String>,
    /// Why it is expected although no page says so.
    pub inferred: Option<String>,
    /// Why it cannot be brought about.
    pub not_inducible: Option<String>,
    /// Its cases.
    // All reports of a run share them: there may be thousands.
    #[serde(serialize_with = "whole", deserialize_with = "shared")]
    #[schemars(with = "Vec<String>")]
    pub cases: Arc<Vec<String>>,
}

/// Something that concerns more than one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// What it is about: `dead-vendor`, `refused-credentials`, `left-behind`, `interrupted`, `stale`, `inferred`, ...
    pub kind: String,
    /// The vendor, if it is about one.
    pub vendor: Option<String>,
    /// One or several lines.
    pub message: String,
}

impl Notice {
    /// The kind that tells of shards that nobody gave.
    pub const MISSING_SHARDS: &str = "missing-shards";
    /// The kind that tells of a check that was due and could not be made.
    pub const UNCHECKED: &str = "unchecked";
    /// The kind that reports that drift was denied and there is nothing to compare with.
    pub const NO_BASELINE: &str = "no-baseline";
    /// The kind that tells of a known violation that is no longer seen.
    pub const STALE: &str = "stale";
    /// The kind that tells of a departure from what no page says.
    pub const INFERRED: &str = "inferred";
}

/// A place in a contract, as it is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// The path as typed.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The line itself, without the blanks before it.
    pub text: String,
}

/// What a case came to, and everything a person needs to believe it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseResult {
    /// `vendor/operation/row[/sample]`.
    pub id: String,
    /// The vendor.
    pub vendor: String,
    /// The operation.
    pub operation: String,
    /// The row.
    pub row: String,
    /// What it came to.
    pub verdict: Verdict,
    /// Why it was skipped, not run, undetermined or the environment's.
    pub reason: Option<String>,
    /// How the answer departs from what is documented.
    pub findings: Vec<FindingInfo>,
    /// The clauses that the row and its outcomes cite, with what they say.
    pub cites: Vec<ClauseInfo>,
    /// The clauses that it could have found broken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exercised: Vec<String>,
    /// The checks that were due and could not be made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unchecked: Vec<UncheckedInfo>,
    /// What came of the page's witnesses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnessed: Vec<String>,
    /// The page's address.
    pub page: Option<String>,
    /// Where the row is written.
    pub location: Location,
    /// The condition and the documented outcomes in words.
    pub promised: String,
    /// The outcome that came, where one did; of several documented ones, which.
    pub chosen: Option<String>,
    /// How many outcomes are documented.
    pub alternatives: usize,
    /// How the answer stands to its baseline, where it was compared with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// How the answer differs from its baseline, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftInfo>,
    /// The case's own request and answer in their canonical form: without secrets and without what no two runs share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    /// The cause of its failure in words, the same for all cases that fail by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// A script that sends again what was sent for it, with ids taken from the answers as they come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// What was exchanged for it, in order.
    pub exchanges: Vec<ExchangeInfo>,
    /// Things worth knowing that change no verdict.
    pub notes: Vec<String>,
    /// How long it took.
    #[serde(with = "seconds")]
    #[schemars(with = "f64", range(min = 0.0))]
    pub duration: Duration,
}

impl CaseResult {
    /// Whether it violates in no way but those that are known: it is told, and fails nothing.
    pub fn is_known(&self) -> bool {
        self.violates_only(FindingInfo::is_known)
    }

    /// Whether it violates in no way but those that are known or were seen before, one of the latter at least: it is told, and fails
    /// nothing.
    pub fn is_seen_before(&self) -> bool {
        !self.is_known() && self.violates_only(FindingInfo::is_old)
    }

    /// Whether it violates, and fails nothing.
    pub fn is_excused(&self) -> bool {
        self.violates_only(FindingInfo::is_old)
    }

    fn violates_only(&self, is_so: fn(&FindingInfo) -> bool) -> bool {
        self.verdict == Verdict::Violates && !self.findings.is_empty() && self.findings.iter().all(is_so)
    }

    /// The clauses that its departures break.
    pub fn broken(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().flat_map(|finding| {
            finding.clause.iter().map(|clause| clause.id.as_str()).chain(finding.also.iter().map(String::as_str))
        })
    }

    /// What is known of its departures, each once.
    pub fn known(&self) -> Vec<&KnownInfo> {
        let mut known: Vec<&KnownInfo> = Vec::new();
        for one in self.findings.iter().filter_map(|finding| finding.known.as_ref()) {
            if !known.contains(&one) {
                known.push(one);
            }
        }
        known
    }

    /// Its verdict in words, with a mark where it is known or was seen before.
    pub fn verdict_words(&self) -> &'static str {
        match self.is_known() {
            true => "violates (known)",
            false if self.is_seen_before() => "violates (seen before)",
            false => self.verdict.as_str(),
        }
    }
}

/// How a case's answer stands to the accepted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Baseline {
    /// They are the same.
    Same,
    /// None was ever accepted.
    New,
    /// They differ.
    Drifted,
    /// The file of the accepted one cannot be read, or the pending one cannot be written.
    Broken,
}

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// How many cases came to each verdict.
    pub counts: BTreeMap<Verdict, usize>,
    /// How many of those that violate are known, every departure of theirs.
    #[serde(default)]
    pub known: usize,
    /// How many of the others that violate were seen before, every departure of theirs that is not known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seen_before: usize,
    /// How many requests were sent, tries included.
    pub requests: usize,
    /// How many things were made at the vendors, of which what can be removed is removed.
    #[serde(default)]
    pub things: usize,
    /// The exit code of the run.
    pub exit_code: u8,
    /// How long it took.
    #[serde(with = "seconds")]
    #[schemars(with = "f64", range(min = 0.0))]
    pub duration: Duration,
}

impl Summary {
    /// Adds the result of a case to the counts.
    pub fn add(&mut self, case: &CaseResult) {
        *self.counts.entry(case.verdict).or_default() += 1;
        self.known += usize::from(case.is_known());
        self.seen_before += usize::from(case.is_seen_before());
    }

    /// How many cases came to a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.counts.get(&verdict).copied().unwrap_or(0)
    }

    /// The verdicts with their counts, as they are shown: only a run that was cut short has cases that were not run.
    pub fn shown_counts(&self) -> impl Iterator<Item = (Verdict, usize)> {
        let counts = Verdict::ALL.into_iter().map(|verdict| (verdict, self.count(verdict)));
        counts.filter(|(verdict, number)| *verdict != Verdict::NotRun || *number > 0)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn whole<S: Serializer>(cases: &Arc<Vec<String>>, serializer: S) -> Result<S::Ok, S::Error> {
    cases.serialize(serializer)
}

fn shared<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Vec<String>>, D::Error> {
    Vec::deserialize(deserializer).map(Arc::new)
}
