//! Two sides compared case by case: the answers of one of them that the other does not give.

use crate::contract::Contracts;
use crate::contract::case::Case;
use crate::judge::verdict::Verdict;
use crate::report::run_json::schema_of;
use crate::run::differences;
use crate::run::event::{CaseResult, DifferenceInfo, DriftClass};
use crate::run::snapshot::{Canonical, Deny, Snapshot, drift_between};
use crate::text::line_diff::unified_diff;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The version of the shape of [`Comparison`].
const VERSION: u32 = 1;

/// The answer of a side in a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SideAnswer {
    /// The answer, if the side gave one from which anything is learnt of the vendor.
    pub snapshot: Option<Snapshot>,
    /// The verdict; a baseline has none.
    pub verdict: Option<Verdict>,
    /// The reason why there is no answer, or its mistake.
    pub why: Option<String>,
}

/// The answers of a side, by case.
pub type SideAnswers = HashMap<String, SideAnswer>;

/// A side of a comparison.
#[derive(Debug)]
pub struct ComparedSide {
    /// Its name.
    pub name: String,
    /// Its answers.
    pub answers: SideAnswers,
}

impl From<Snapshot> for SideAnswer {
    /// An accepted answer.
    fn from(snapshot: Snapshot) -> Self {
        Self { snapshot: Some(snapshot), ..Self::default() }
    }
}

impl From<CaseResult> for SideAnswer {
    /// The answer in a run.
    fn from(case: CaseResult) -> Self {
        // The network, a failed arrangement and the guard teach nothing of the vendor.
        let lost =
            matches!(case.verdict, Verdict::Environment | Verdict::Undetermined | Verdict::Refused | Verdict::NotRun);
        let canonical = case.canonical.as_deref().filter(|_| !lost);
        let canonical = canonical.and_then(|text| Canonical::read(text, 1).ok());
        let finding = case.findings.first();
        Self {
            snapshot: canonical.map(|canonical| Snapshot { canonical, outcome: case.chosen }),
            verdict: Some(case.verdict),
            why: case.reason.or_else(|| finding.map(|finding| format!("{}: {}", finding.place, finding.message))),
        }
    }
}

impl SideAnswer {
    /// The answer to a case that the side does not have.
    fn missing() -> Self {
        Self { why: Some("it has no such case".to_owned()), ..Self::default() }
    }

    fn departs(&self) -> bool {
        self.verdict == Some(Verdict::Violates)
    }

    fn failed(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Environment | Verdict::Undetermined | Verdict::NotRun))
    }

    fn why_none(&self) -> String {
        let why = self.why.as_deref().unwrap_or("no answer is kept");
        match self.verdict {
            Some(verdict) => format!("{verdict}: {why}"),
            None => why.to_owned(),
        }
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
    pub different: Vec<CaseDifference>,
    /// The cases that only the side before has an answer to.
    pub only_before: Vec<LoneCase>,
    /// The cases that only the side after has an answer to.
    pub only_after: Vec<LoneCase>,
    /// The cases that neither side has an answer to.
    pub neither: Vec<LoneCase>,
}

/// A case that two sides answer otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Different")]
pub struct CaseDifference {
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
#[schemars(rename = "Lone")]
pub struct LoneCase {
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
pub fn comparison_schema() -> Value {
    schema_of::<Comparison>("A comparison of proviso")
}

/// Compares two sides in these cases.
pub fn compare(contracts: &Contracts, cases: &[Case], before: ComparedSide, after: ComparedSide) -> Comparison {
    let mut comparison = Comparison {
        version: VERSION,
        before: before.name,
        after: after.name,
        same: 0,
        counts: DriftClass::ALL.into_iter().map(|class| (class, 0)).collect(),
        different: Vec::new(),
        only_before: Vec::new(),
        only_after: Vec::new(),
        neither: Vec::new(),
    };
    let missing = SideAnswer::missing();
    for case in cases.iter().filter(|case| case.barred.is_none()) {
        let before = before.answers.get(&case.id).unwrap_or(&missing);
        let after = after.answers.get(&case.id).unwrap_or(&missing);
        comparison.add_case(contracts, case, before, after);
    }
    comparison.different.sort_by_key(|different| std::cmp::Reverse(different.class));
    comparison
}

impl Comparison {
    /// The number of cases that both sides have answers to.
    pub fn compared(&self) -> usize {
        self.same + self.different.len()
    }

    /// Returns true if a case could not be compared because the network or an arrangement failed.
    pub fn failed(&self) -> bool {
        self.lone_cases().any(|lone| lone.failed)
    }

    /// Returns true if a case could not be compared because the guard did not let it be sent.
    pub fn refused(&self) -> bool {
        self.lone_cases().any(|lone| lone.refused)
    }

    fn lone_cases(&self) -> impl Iterator<Item = &LoneCase> {
        [&self.only_before, &self.only_after, &self.neither].into_iter().flatten()
    }

    /// Returns true if there is something that is denied: a class of difference, or a case that is new after.
    pub fn is_denied(&self, deny: Deny) -> bool {
        match deny {
            Deny::Drift(class) => self.different.iter().any(|different| different.class >= class),
            Deny::New => !self.only_after.is_empty(),
            // Two sides are compared, and neither with what is known.
            Deny::Stale | Deny::Inferred => false,
        }
    }

    fn add_case(&mut self, contracts: &Contracts, case: &Case, before: &SideAnswer, after: &SideAnswer) {
        match (&before.snapshot, &after.snapshot) {
            (None, None) => self.neither.push(LoneCase::new(case, &[before, after])),
            (Some(_), None) => self.only_before.push(LoneCase::new(case, &[after])),
            (None, Some(_)) => self.only_after.push(LoneCase::new(case, &[before])),
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
        (before, one): (&SideAnswer, &Snapshot),
        (after, other): (&SideAnswer, &Snapshot),
    ) -> Option<CaseDifference> {
        let mut found = Vec::new();
        if before.departs() != after.departs() {
            found.push(self.departure(before, after));
        }
        if let Some(drift) = drift_between(one, other, &case.id, contracts) {
            found.extend(differences(drift, &contracts[case.row.operation]));
        }
        Some(CaseDifference {
            id: case.id.clone(),
            class: found.iter().map(|difference| difference.class).max()?,
            differences: found,
            before: before.stand(),
            after: after.stand(),
            diff: unified_diff(&one.canonical.text(), &other.canonical.text()),
        })
    }

    /// The difference between an answer that is documented, with all that follows from it, and one that is not.
    fn departure(&self, before: &SideAnswer, after: &SideAnswer) -> DifferenceInfo {
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

impl LoneCase {
    /// A case to which these sides have no answer.
    fn new(case: &Case, sides: &[&SideAnswer]) -> Self {
        let mut reasons: Vec<String> = sides.iter().map(|side| side.why_none()).collect();
        reasons.dedup();
        Self {
            id: case.id.clone(),
            why: reasons.join("; "),
            failed: sides.iter().any(|side| side.failed()),
            refused: sides.iter().any(|side| side.verdict == Some(Verdict::Refused)),
        }
    }
}
