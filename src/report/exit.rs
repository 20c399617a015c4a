//! The exit codes: one list, used by the program, its reports, its help and its documentation.

use crate::judge::verdict::Verdict;

/// The way proviso ends; the numbers are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
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
    /// A vendor does something else than the accepted baseline has.
    Drifted,
    /// The safety guard did not let a vendor be asked.
    Refused,
    /// The user interrupted it.
    Interrupted,
}

impl Exit {
    /// Every code with its number and its meaning, in the order of the numbers.
    pub const ALL: [(Self, u8, &'static str); 8] = [
        (Self::Fine, 0, "every case conforms, or was skipped with a reason"),
        (Self::Violated, 1, "an answer departs from every documented outcome; with --fail-on new, in a new way"),
        (Self::Wrong, 2, "the contracts or the command line are wrong; nothing was sent"),
        (Self::Environment, 3, "the network or an arrangement failed, or the run was cut short: not all was judged"),
        (Self::NothingTested, 4, "no case was selected, or every one was skipped"),
        (Self::Drifted, 5, "what --deny names: drift, a new case, a known violation no longer seen, what no page says"),
        (Self::Refused, 6, "the safety guard refused a vendor, and says what permits it; the others were asked"),
        (Self::Interrupted, 130, "interrupted; what was made has been removed"),
    ];

    /// Every exit, each before those that it outranks.
    const ORDER: [Self; 8] = [
        Self::Wrong,
        Self::Interrupted,
        Self::Violated,
        Self::Environment,
        Self::Refused,
        Self::Drifted,
        Self::NothingTested,
        Self::Fine,
    ];

    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        Self::ALL.iter().find(|(exit, ..)| *exit == self).map_or(1, |(_, code, _)| *code)
    }

    /// The exit that has a number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(exit, ..)| *exit)
    }

    /// The one of several exits that outranks the others; [`Exit::Fine`] where there is none.
    pub fn outranking(exits: impl IntoIterator<Item = Self>) -> Self {
        exits.into_iter().min_by_key(|exit| exit.rank()).unwrap_or(Self::Fine)
    }

    fn rank(self) -> usize {
        Self::ORDER.iter().take_while(|other| **other != self).count()
    }

    /// The help of a command behind its options: a text, and all codes.
    pub fn help_with_all(text: &str) -> String {
        let lines = Self::ALL.map(|(_, code, meaning)| format!("  {code:>3}  {meaning}\n")).concat();
        let order = Self::ORDER.map(|exit| exit.code().to_string()).join(", ");
        format!("{text}\n\nExit codes:\n{lines}Where several apply, the first of {order}.\n")
    }

    /// The help of a command behind its options: a text, and its codes with what each means there.
    pub fn help_with(text: &str, meanings: &[(Self, &str)]) -> String {
        let lines: Vec<_> = meanings.iter().map(|(exit, meaning)| format!("\n  {}  {meaning}", exit.code())).collect();
        format!("{text}\n\nExit codes:{}", lines.concat())
    }
}

impl From<Verdict> for Exit {
    /// The exit for which one case of this verdict is a reason.
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Violates => Self::Violated,
            Verdict::Environment | Verdict::Undetermined | Verdict::NotRun => Self::Environment,
            Verdict::Refused => Self::Refused,
            Verdict::Conforms | Verdict::Drifted | Verdict::Skipped => Self::Fine,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_exit_has_its_own_number() {
        let codes: BTreeSet<u8> = Exit::ALL.iter().map(|(exit, ..)| exit.code()).collect();
        assert_eq!(codes.iter().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6, 130]);
        assert_eq!(codes, Exit::ORDER.map(Exit::code).into_iter().collect(), "each has its rank");
        assert!(Exit::ALL.iter().all(|(exit, code, _)| Exit::from_code(*code) == Some(*exit)));
    }

    #[test]
    fn of_several_ends_the_one_that_outranks_the_others_counts() {
        for (first, outranked) in Exit::ALL.iter().flat_map(|one| Exit::ORDER.map(|other| (one.0, other))) {
            let both = Exit::outranking([first, outranked]);
            assert_eq!(both.rank(), first.rank().min(outranked.rank()));
        }
        assert_eq!(Exit::outranking([]), Exit::Fine);
    }
}
