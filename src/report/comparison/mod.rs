//! Two sides held against each other case by case: what one of them answers that the other does not.

use crate::contract::Contracts;
use crate::contract::case::Case;
use crate::judge::verdict::Verdict;
use crate::report::json::schema_of;
use crate::run::differences;
use crate::run::event::{CaseResult, DifferenceInfo, DriftClass};
use crate::run::snapshot::{Canonical, Deny, Snapshot, between};
use crate::text::line_diff::unified_diff;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// The version of the shape of [`Comparison`].
const VERSION: u32 = 1;

/// What one side came to in a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answered {
    /// Its answer; none where it gave none that says anything of the vendor.
    pub snapshot: Option<Snapshot>,
    /// The verdict; a baseline has none.
    pub verdict: Option<Verdict>,
    /// Why there is no answer, or what is wrong with it.
    pub why: Option<String>,
}

/// What one side came to, by case.
pub type Side = HashMap<String, Answered>;

impl Answered {
    /// An accepted answer.
    pub fn accepted(snapshot: Snapshot) -> Self {
        Self { snapshot: Some(snapshot), ..Self::default() }
    }

    /// What a run came to in a case.
    pub fn of(case: &CaseResult) -> Self {
        // What the network, a failed arrangement or the guard did says nothing of the vendor.
        let says = !matches!(case.verdict, Verdict::Environment | Verdict::Undetermined | Verdict::Refused);
        let canonical = case.canonical.as_deref().filter(|_| says);
        let canonical = canonical.and_then(|text| Canonical::read(text, 1).ok());
        let departs = || case.findings.first().map(|finding| format!("{}: {}", finding.place, finding.message));
        Self {
            snapshot: canonical.map(|canonical| Snapshot { canonical, outcome: case.chosen.clone() }),
            verdict: Some(case.verdict),
            why: case.reason.clone().or_else(departs),
        }
    }

    fn departs(&self) -> bool {
        self.verdict == Some(Verdict::Violates)
    }

    fn why_none(&self) -> String {
        let word = self.verdict.map(|verdict| format!("{verdict}: ")).unwrap_or_default();
        format!("{word}{}", self.why.as_deref().unwrap_or("no answer is kept"))
    }

    fn stand(&self) -> Stand {
        let outcome = self.snapshot.as_ref().and_then(|snapshot| snapshot.outcome.clone());
        Stand { verdict: self.verdict, outcome }
    }
}

/// How two sides compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The version of this shape: 1.
    pub version: u32,
    /// The side that is compared with.
    pub before: String,
    /// The side that is compared.
    pub after: String,
    /// How many cases are answered alike.
    pub same: usize,
    /// How many cases differ, by the worst class of their differences.
    pub counts: BTreeMap<DriftClass, usize>,
    /// The cases that are answered otherwise, the worst first.
    pub different: Vec<Different>,
    /// The cases that only the side before has an answer to.
    pub only_before: Vec<Lone>,
    /// The cases that only the side after has an answer to.
    pub only_after: Vec<Lone>,
    /// The cases that neither side has an answer to.
    pub neither: Vec<Lone>,
}

/// A case that two sides answer otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Different {
    /// The case.
    pub id: String,
    /// The worst of its differences.
    pub class: DriftClass,
    /// The differences, the worst first.
    pub differences: Vec<DifferenceInfo>,
    /// What the side before came to.
    pub before: Stand,
    /// What the side after came to.
    pub after: Stand,
    /// The difference line by line, as a unified diff.
    pub diff: String,
}

/// What a side came to in a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stand {
    /// The verdict; a baseline has none.
    pub verdict: Option<Verdict>,
    /// The documented outcome that its answer is.
    pub outcome: Option<String>,
}

/// A case that a side has no answer to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lone {
    /// The case.
    pub id: String,
    /// Why there is none.
    pub why: String,
    /// Whether the network or a failed arrangement is to blame.
    pub failed: bool,
    /// Whether the guard did not let it be sent.
    #[serde(default)]
    pub refused: bool,
}

/// The JSON Schema of [`Comparison`].
pub fn schema() -> serde_json::Value {
    schema_of::<Comparison>("A comparison of proviso")
}

/// Compares two sides, each with its name, in these cases.
pub fn compare(contracts: &Contracts, cases: &[Case], before: (&str, &Side), after: (&str, &Side)) -> Comparison {
    let mut told = Comparison {
        version: VERSION,
        before: before.0.to_owned(),
        after: after.0.to_owned(),
        same: 0,
        counts: DriftClass::ALL.into_iter().map(|class| (class, 0)).collect(),
        different: Vec::new(),
        only_before: Vec::new(),
        only_after: Vec::new(),
        neither: Vec::new(),
    };
    let none = || Answered { why: Some("it has no such case".to_owned()), ..Answered::default() };
    for case in cases.iter().filter(|case| case.barred.is_none()) {
        let of = |side: &Side| side.get(&case.id).cloned().unwrap_or_else(none);
        told.add(contracts, case, &of(before.1), &of(after.1));
    }
    told.different.sort_by_key(|different| std::cmp::Reverse(different.class));
    told
}

impl Comparison {
    /// How many cases both sides have answers to.
    pub fn compared(&self) -> usize {
        self.same + self.different.len()
    }

    /// Whether a case could not be compared because the network or an arrangement failed.
    pub fn failed(&self) -> bool {
        self.lone().any(|lone| lone.failed)
    }

    /// Whether a case could not be compared because the guard did not let it be sent.
    pub fn refused(&self) -> bool {
        self.lone().any(|lone| lone.refused)
    }

    fn lone(&self) -> impl Iterator<Item = &Lone> {
        [&self.only_before, &self.only_after, &self.neither].into_iter().flatten()
    }

    /// Whether there is something that is denied: a class of difference, or a case that is new after.
    pub fn is_denied(&self, deny: Deny) -> bool {
        match deny {
            Deny::Drift(class) => self.different.iter().any(|different| different.class >= class),
            Deny::New => !self.only_after.is_empty(),
            // Two sides are compared, and neither with what is known.
            Deny::Stale => false,
        }
    }

    fn add(&mut self, contracts: &Contracts, case: &Case, before: &Answered, after: &Answered) {
        let lone = |sides: &[&Answered]| {
            let mut reasons: Vec<String> = sides.iter().map(|side| side.why_none()).collect();
            reasons.dedup();
            let failed = |side: &&Answered| matches!(side.verdict, Some(Verdict::Environment | Verdict::Undetermined));
            let refused = |side: &&Answered| side.verdict == Some(Verdict::Refused);
            Lone {
                id: case.id.clone(),
                why: reasons.join("; "),
                failed: sides.iter().any(failed),
                refused: sides.iter().any(refused),
            }
        };
        match (&before.snapshot, &after.snapshot) {
            (None, None) => self.neither.push(lone(&[before, after])),
            (Some(_), None) => self.only_before.push(lone(&[after])),
            (None, Some(_)) => self.only_after.push(lone(&[before])),
            (Some(one), Some(other)) => match self.difference(contracts, case, (before, one), (after, other)) {
                Some(different) => {
                    *self.counts.entry(different.class).or_default() += 1;
                    self.different.push(different);
                }
                None => self.same += 1,
            },
        }
    }

    fn difference(
        &self,
        contracts: &Contracts,
        case: &Case,
        (before, one): (&Answered, &Snapshot),
        (after, other): (&Answered, &Snapshot),
    ) -> Option<Different> {
        let drift = between(one, other, &case.id, contracts);
        let operation = &contracts[case.row.operation];
        let mut found = drift.map(|drift| differences(drift, operation)).unwrap_or_default();
        if before.departs() != after.departs() {
            found.insert(0, self.departure(before, after));
        }
        Some(Different {
            id: case.id.clone(),
            class: found.iter().map(|difference| difference.class).max()?,
            differences: found,
            before: before.stand(),
            after: after.stand(),
            diff: unified_diff(&one.canonical.text(), &other.canonical.text()),
        })
    }

    /// The difference between an answer that is documented, with all that follows from it, and one that is not.
    fn departure(&self, before: &Answered, after: &Answered) -> DifferenceInfo {
        let (wrong, name, other) =
            if after.departs() { (after, &self.after, &self.before) } else { (before, &self.before, &self.after) };
        let why = wrong.why.as_deref().unwrap_or("its answer is not documented");
        DifferenceInfo {
            class: DriftClass::Breaking,
            place: "verdict".to_owned(),
            message: format!("{name} violates, {other} does not: {why}"),
            clause: None,
        }
    }
}
