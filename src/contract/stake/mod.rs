//! The stake of each clause: what it is about, in which answers it can fail, and an answer that breaks it there.
//!
//! A clause is exercised only where it could have failed. So everything that counts clauses asks here: `explain` names the answer
//! that breaks a clause, `lint` warns of clauses that nothing breaks, a run reports which ones were at stake in a case, and
//! findings name every clause that they break.

mod about;
mod answer_clash;
mod breach;
mod cause_breach;
mod field_breach;
mod stake_table;
mod witness;

pub use about::About;
pub use answer_clash::is_known_by;
pub use breach::{Breach, Lie};
pub use stake_table::StakeTable;
pub use witness::{Witness, WitnessKind};

use crate::contract::{Documented, OutcomeId, RowId};

/// A clause in the answers of one row by one of its outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Stake {
    /// The clause.
    pub clause: String,
    /// The thing that it is about.
    pub about: About,
    /// The row that has to be asked for.
    pub row: RowId,
    /// The outcome that has to come.
    pub outcome: OutcomeId,
    /// The status that has to come, where the clause speaks of one.
    pub status: Option<Documented>,
    /// The rows of reads of which one has to be looked at afterwards; none where the answer itself shows the clause.
    pub reads: Vec<RowId>,
    /// An answer that breaks it; none where every answer is as good as another.
    pub breach: Option<Breach>,
}

impl Stake {
    /// Returns whether an answer of a status could have broken the clause, if the reads are looked at that show it.
    pub fn is_open(&self, status: Option<u16>) -> bool {
        let is_of_status = self.status.is_none_or(|documented| status.is_none_or(|status| documented.admits(status)));
        self.breach.is_some() && is_of_status
    }

    /// Returns whether one of the reads was looked at that show it, if it takes any.
    pub fn is_looked_at(&self, looked_at: &[RowId]) -> bool {
        self.reads.is_empty() || self.reads.iter().any(|read| looked_at.contains(read))
    }
}
