//! From what the cases came to, to the exit code of the run.

use crate::cli::exit::Exit;
use proviso::run::Cut;
use proviso::verdict::Verdict;
use std::collections::BTreeMap;

/// The exit code: an interruption outranks a violation, that the environment, that a run in which nothing was tested.
pub(crate) fn conclude(counts: &BTreeMap<Verdict, usize>, cut: Option<Cut>, require_all: bool) -> Exit {
    let count = |verdict| counts.get(&verdict).copied().unwrap_or(0);
    let skipped = count(Verdict::Skipped);
    let all: usize = counts.values().sum();
    if cut == Some(Cut::Interrupted) {
        Exit::Interrupted
    } else if count(Verdict::Violates) > 0 {
        Exit::Violated
    } else if count(Verdict::Environment) + count(Verdict::Undetermined) > 0 || require_all && skipped > 0 {
        Exit::Environment
    } else if skipped == all {
        Exit::NothingTested
    } else {
        Exit::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit(counts: &[(Verdict, usize)], cut: Option<Cut>, require_all: bool) -> u8 {
        conclude(&counts.iter().copied().collect(), cut, require_all).code()
    }

    #[test]
    fn a_violation_outranks_the_environment_and_an_interruption_both() {
        let all = [(Verdict::Violates, 1), (Verdict::Environment, 1), (Verdict::Conforms, 1)];
        assert_eq!(exit(&all, None, false), 1);
        assert_eq!(exit(&all, Some(Cut::Interrupted), false), 130);
        assert_eq!(exit(&[(Verdict::Undetermined, 1), (Verdict::Conforms, 1)], None, false), 3);
    }

    #[test]
    fn a_run_that_tested_nothing_is_no_success() {
        assert_eq!(exit(&[], None, false), 4);
        assert_eq!(exit(&[(Verdict::Skipped, 3)], None, false), 4);
        assert_eq!(exit(&[(Verdict::Skipped, 3)], None, true), 3);
        assert_eq!(exit(&[(Verdict::Skipped, 3), (Verdict::Conforms, 1)], None, false), 0);
        assert_eq!(exit(&[(Verdict::Skipped, 3), (Verdict::Conforms, 1)], None, true), 3);
    }

    #[test]
    fn drift_is_told_and_does_not_fail_by_itself() {
        assert_eq!(exit(&[(Verdict::Drifted, 1)], None, false), 0);
    }
}
