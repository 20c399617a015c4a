//! Failing cases by their cause: the first of each in the order of the contract as a block, the others by name below it.

use super::case_block::{case_block, why_line};
use super::ink::{Ink, Tone};
use crate::report::count::Count;
use crate::run::event::CaseResult;

/// Causes beyond these are counted, and shown under `-v`.
const SHOWN: usize = 20;
/// Causes beyond these are not kept.
const KEPT: usize = 500;
/// Cases of one cause beyond these are counted, not named.
const NAMED: usize = 5;

/// The causes of a run's failures.
#[derive(Debug, Default)]
pub(super) struct CauseBlocks {
    blocks: Vec<CauseBlock>,
    /// The file in which the run is saved, if there is one.
    pub(super) saved: Option<String>,
}

/// The cases of one cause.
#[derive(Debug)]
struct CauseBlock {
    verdict: &'static str,
    cause: Option<String>,
    first: ContractOrder,
    text: String,
    /// The other cases.
    others: Vec<(ContractOrder, String)>,
}

/// The place of a case in the order of the contracts: rows of sections come before those of the page.
type ContractOrder = (String, String, bool, usize, String);

fn order_of(case: &CaseResult) -> ContractOrder {
    let is_own = !case.location.file.ends_with("vendor.yaml");
    (case.vendor.clone(), case.operation.clone(), is_own, case.location.line, case.id.clone())
}

impl CauseBlocks {
    /// Takes a failing case; returns whether it is kept.
    pub(super) fn keep(&mut self, case: &CaseResult, ink: Ink) -> bool {
        let (verdict, order) = (case.verdict_words(), order_of(case));
        let same = |block: &&mut CauseBlock| {
            block.cause.is_some() && block.cause == case.cause && block.verdict == verdict && block.first.0 == order.0
        };
        let room = self.blocks.len() < KEPT;
        match self.blocks.iter_mut().find(same) {
            Some(block) if order < block.first => {
                let former = std::mem::replace(&mut block.first, order);
                block.others.push((former.clone(), former.4));
                block.text = case_block(case, ink, false) + &why_line(self.saved.as_deref(), &case.id, ink);
            }
            Some(block) => block.others.push((order, case.id.clone())),
            None if room => {
                let text = case_block(case, ink, false) + &why_line(self.saved.as_deref(), &case.id, ink);
                let cause = case.cause.clone();
                self.blocks.push(CauseBlock { verdict, cause, first: order, text, others: Vec::new() });
            }
            None => return false,
        }
        true
    }

    /// The blocks in the order of the contracts, and the cases that are not in them.
    pub(super) fn finish(mut self, ink: Ink) -> (String, Vec<String>) {
        self.blocks.sort_by(|one, other| one.first.cmp(&other.first));
        let hidden = self.blocks.split_off(SHOWN.min(self.blocks.len()));
        let text = self.blocks.into_iter().map(|block| block.text_with_others(ink)).collect();
        let names = hidden.into_iter().flat_map(|block| {
            let others = block.others.into_iter().map(|(_, id)| id);
            std::iter::once(block.first.4).chain(others)
        });
        (text, names.collect())
    }
}

impl CauseBlock {
    fn text_with_others(mut self, ink: Ink) -> String {
        if self.others.is_empty() {
            return self.text;
        }
        self.others.sort();
        let head = format!("{} by the same cause", Count(self.others.len(), "further case"));
        let mut text = self.text + &ink.entry(2, "also", Tone::Strong, &head);
        for (_, id) in self.others.iter().take(NAMED) {
            text += &ink.entry(12, "", Tone::Plain, id);
        }
        if let more @ 1.. = self.others.len().saturating_sub(NAMED) {
            text += &ink.entry(12, "", Tone::Faint, &format!("and {more} more; -v names all"));
        }
        text
    }
}
