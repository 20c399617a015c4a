//! The exit codes: one list, used by the program, its help and its documentation.

use proviso::report::{ORDER, outranking};

/// How proviso ends; the numbers are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing speaks against what was asked for.
    Fine,
    /// A vendor departs from its documentation.
    Violated,
    /// The contracts or the command line are wrong, and nothing was sent.
    Wrong,
    /// The network, the machine or a case's arrangement failed.
    Environment,
    /// No case was run.
    NothingTested,
    /// A vendor does something else than the accepted baseline says.
    Drifted,
    /// The safety guard did not let a vendor be asked.
    Refused,
    /// Somebody interrupted it.
    Interrupted,
}

impl Exit {
    /// Every code with its number and its meaning, in the order of the numbers.
    pub(crate) const ALL: [(Self, u8, &'static str); 8] = [
        (Self::Fine, 0, "every case conforms, or was skipped with a reason"),
        (Self::Violated, 1, "an answer departs from every documented outcome"),
        (Self::Wrong, 2, "the contracts or the command line are wrong; nothing was sent"),
        (Self::Environment, 3, "the network or an arrangement failed, so that cases could not be judged"),
        (Self::NothingTested, 4, "no case was selected, or every one was skipped"),
        (Self::Drifted, 5, "what --deny names: drift from the baseline, a new case, a known violation no longer seen"),
        (Self::Refused, 6, "the safety guard refused a vendor, and says what permits it; the others were asked"),
        (Self::Interrupted, 130, "interrupted; what was made has been removed"),
    ];

    /// The number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        Self::ALL.iter().find(|(exit, ..)| *exit == self).map_or(1, |(_, code, _)| *code)
    }

    /// The end that has a number; one that nothing has counts as a violation.
    pub(crate) fn of(code: u8) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map_or(Self::Violated, |(exit, ..)| *exit)
    }

    /// The one of several ends that outranks the others.
    pub(crate) fn outranking(exits: impl IntoIterator<Item = Self>) -> Self {
        Self::of(outranking(exits.into_iter().map(Self::code)))
    }

    /// The table for `--help`.
    pub(crate) fn table() -> String {
        let lines = Self::ALL.iter().map(|(_, code, meaning)| format!("  {code:>3}  {meaning}\n"));
        let order = ORDER.map(|code| code.to_string()).join(", ");
        format!("Exit codes:\n{}Where several apply, the first of {order}.\n", lines.collect::<Vec<_>>().concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_has_its_own_number() {
        let codes: std::collections::BTreeSet<u8> = Exit::ALL.iter().map(|(exit, ..)| exit.code()).collect();
        assert_eq!(codes.iter().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6, 130]);
        assert_eq!(codes, ORDER.into_iter().collect(), "each has its rank");
    }

    #[test]
    fn of_several_ends_the_one_that_outranks_the_others_counts() {
        for (first, outranked) in Exit::ALL.iter().flat_map(|one| ORDER.map(|other| (one, other))) {
            let rank = |code: u8| ORDER.iter().position(|known| *known == code);
            let both = Exit::outranking([first.0, Exit::of(outranked)]).code();
            assert_eq!(rank(both), rank(first.1).min(rank(outranked)));
        }
        assert_eq!(Exit::outranking([]), Exit::Fine);
    }
}
