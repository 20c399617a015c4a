//! How strong a contract is: the mock's answers are broken one promise at a time, and some case has to notice.
//!
//! A contract that promises too little is green like any other. So the mock, which answers by the same contract, is made to
//! lie: once for every promise and every way of breaking it, each time in one thing alone. A lie that a case calls a violation
//! is *killed*; one that no case notices *survives*, and says which line is missing.
//!
//! # A mutant does not know the schema
//!
//! If mutants were made by asking the schema what it refuses, every schema would refuse them all, and the score would measure
//! itself. They are made from two things only: the **answer** that the mock gave, value by value (`edit`: what is done to a
//! value depends on the value alone; `change`: status, headers, the body as a whole, another row's answer; `state_mutants`: the
//! world behind the answers), and the **clauses** of the page (`claims`): an id such as `200.deleted` names a field, and words
//! that end in `deleted is true` name its value. No file of this room imports a check, a validator or a body's schema, which
//! the tidy test holds.
//!
//! The mock answers by the contract, so a promise that is taken out is gone from the answer too, and with it there would be
//! nothing left to break. Therefore the answer is given, before it is broken, whatever the clauses that its outcome cites name
//! and it lacks: with the value that the clause names, else one that another answer of the vendor has under that name, else one
//! of the type that the clause names. Then the same mutants are made as before, no case notices them, and the score goes down.
//! Where the contract itself refuses what its clauses name, that is reported and the answer left as it is.
//!
//! # What counts as noticed
//!
//! A case that conforms while nothing is broken, and now **violates**; or that looked at a documented read which is now charged.
//! `environment`, `undetermined` and drift count for nothing: a run that ends so has tested nothing. (A status of 500 is
//! noticed all the same, since the mock is known to be alive, whatever a mutant makes of its answers.) Of a row of which the page
//! says that the vendor *may* answer so (`may: true`), a departure is no violation but a skip, and a skip has noticed nothing.
//!
//! A mutant of an answer is tried by the cases that met the row while nothing was broken, the row's own first, one after another
//! until one notices; a case that does not meet it goes the same way as before, word for word. Where something is done to all
//! resources, or an id given twice, a case alone sees nothing: there all cases of the vendor are under way at once, as in any
//! run, and take turns in both orders.
//!
//! # What is equivalent
//!
//! A survivor that breaks no promise is excused by a rule, and by nothing else; the rules look at the change, at the clauses and at
//! the row as written, and their counts are printed ([`Equivalence`]). None of them excuses a change of a value that a clause names, of a
//! field that a clause names and that is gone, null or of another type, or of what was asked for or sent. Rows that cannot be
//! brought about have no answer that could be broken: they are reported as left out. Answers of support calls are not broken, since
//! no page promises them; only what a page's row does to the world may not show in them.

mod advice;
mod change;
mod claims;
mod edit;
mod enumerate;
mod equivalence;
mod measure;
mod mutant_kind;
mod row_sample;
mod score;
mod stage;
mod state_mutants;
#[cfg(test)]
mod tests;
mod trial;

pub use advice::Advice;
pub use equivalence::Equivalence;
pub use measure::measure;
pub use mutant_kind::MutantKind;
pub use score::{LeftOut, MutantTally, PageScore, Score, Survivor};
pub(super) use stage::Stage;
pub use trial::Unmeasurable;
pub(super) use trial::{Trial, on_trial};
