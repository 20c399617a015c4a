//! The score of `proviso mutate` as a person reads it.

use crate::cli::align_columns::align_columns;
use crate::cli::output::Output;
use indexmap::IndexMap;
use proviso::lab::mutant::{LeftOut, MutantTally, PageScore, Score, Survivor};
use proviso::report::Count;
use proviso::text::visible::line;
use std::fmt::{self, Display};

/// The text of a score.
pub(super) struct MutantText<'a> {
    score: &'a Score,
    output: &'a Output,
}

impl<'a> MutantText<'a> {
    /// The text for these streams: with `-q` only what is missing, with `-v` every clause.
    pub(super) fn new(score: &'a Score, output: &'a Output) -> Self {
        Self { score, output }
    }

    fn write_section(&self, formatter: &mut fmt::Formatter<'_>, heading: &str, rows: &[Vec<String>]) -> fmt::Result {
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(formatter, "{}", self.output.bold(heading))?;
        for row in align_columns(rows) {
            writeln!(formatter, "  {}", line(&row))?;
        }
        writeln!(formatter)
    }

    /// Every page; of its clauses those of which a mutant survived, or all.
    fn page_rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for (name, PageScore { tally, clauses, .. }) in &self.score.pages {
            rows.push(tally_row(name.clone(), *tally));
            for (clause, tally) in clauses {
                if self.output.verbosity > 0 || tally.survived() > 0 {
                    let name = if clause.is_empty() { "(no clause)" } else { clause };
                    rows.push(tally_row(format!("  {name}"), *tally));
                }
            }
        }
        rows
    }

    /// The clauses of each page that no mutant breaks.
    fn unbroken_rows(&self) -> Vec<Vec<String>> {
        let pages = self.score.pages.iter().filter(|(_, page)| !page.unbroken.is_empty());
        pages.map(|(name, page)| vec![format!("{name}  {}", page.unbroken.join(", "))]).collect()
    }

    fn write_survivors(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.score.survivors.is_empty() {
            return Ok(());
        }
        writeln!(formatter, "{}", self.output.bold("Survivors"))?;
        for ((row, clause), own) in group_survivors(&self.score.survivors) {
            writeln!(formatter, "{}", line(&format!("  {row}{clause}")))?;
            for (advice, changes) in own {
                for change in changes {
                    writeln!(formatter, "    {}", line(&change))?;
                }
                writeln!(formatter, "    write  {}", line(&advice))?;
            }
        }
        writeln!(formatter)
    }

    /// Writes how long it took, in a line.
    fn write_pace(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = self.score.tally;
        let seconds = self.score.took.as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "as many mutants as a float cannot count are never made")]
        let rate = tally.mutants as f64 / seconds;
        let breaking = Count(tally.mutants - tally.equivalent, "mutant");
        let share = format_share(tally.share());
        writeln!(formatter, "{share} of {breaking} noticed, in {seconds:.2} s: {rate:.0} a second")
    }
}

impl Display for MutantText<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Score { kinds, rules, left_out, unsound, .. } = self.score;
        if !self.output.quiet {
            let kinds: Vec<_> = kinds.iter().map(|(kind, tally)| tally_row(kind.words().to_owned(), *tally)).collect();
            self.write_section(formatter, "By kind", &kinds)?;
            self.write_section(formatter, "By page", &self.page_rows())?;
            self.write_section(formatter, "Clauses without a mutant", &self.unbroken_rows())?;
            let rules: Vec<_> =
                rules.iter().map(|(rule, count)| vec![rule.says().to_owned(), count.to_string()]).collect();
            self.write_section(formatter, "Equivalent by rule", &rules)?;
            self.write_section(formatter, "Left out", &reason_rows(left_out))?;
        }
        self.write_section(formatter, "Not sound although nothing is broken", &reason_rows(unsound))?;
        self.write_survivors(formatter)?;
        if !self.output.quiet {
            self.write_pace(formatter)?;
        }
        let MutantTally { mutants, killed, equivalent } = self.score.tally;
        writeln!(formatter, "{mutants} mutants, {killed} killed, {equivalent} equivalent")
    }
}

/// `99.99%`, of hundredths of a percent.
pub(super) fn format_share(hundredths: usize) -> String {
    match (hundredths / 100, hundredths % 100) {
        (whole, 0) => format!("{whole}%"),
        (whole, part) => format!("{whole}.{part:02}%"),
    }
}

fn tally_row(name: String, tally: MutantTally) -> Vec<String> {
    let counts = [
        (tally.mutants, "mutants"),
        (tally.killed, "killed"),
        (tally.equivalent, "equivalent"),
        (tally.survived(), "survived"),
    ];
    let cells = counts.map(|(number, word)| if number == 0 { String::new() } else { format!("{number} {word}") });
    // 100% is only all of them.
    [name, format_share(tally.share())].into_iter().chain(cells).collect()
}

fn reason_rows(rows: &[LeftOut]) -> Vec<Vec<String>> {
    rows.iter().map(|left| vec![format!("{}  {}", left.row, left.why)]).collect()
}

/// Changes by the line to write against them.
type ByAdvice = IndexMap<String, Vec<String>>;

/// Survivors by row and clause, and in each by the line to write.
fn group_survivors(survivors: &[Survivor]) -> IndexMap<(&str, String), ByAdvice> {
    let mut groups: IndexMap<_, ByAdvice> = IndexMap::new();
    for survivor in survivors {
        let clause = match (&survivor.clause, &survivor.says) {
            (Some(id), Some(says)) => format!("  {id}: {says}"),
            (Some(id), None) => format!("  {id}"),
            (None, _) => String::new(),
        };
        let advice = &survivor.advice;
        let place = advice.under.trim_start_matches('/').replace('/', ".");
        let advice = format!("{}  under {place} ({}:{})", advice.write, advice.file, advice.line);
        let own = groups.entry((survivor.row.as_str(), clause)).or_default();
        own.entry(advice).or_default().push(format!("{}: {}", survivor.kind.words(), survivor.change));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_as_exactly_as_it_is_held() {
        assert_eq!([10_000, 9_999, 50].map(format_share), ["100%", "99.99%", "0.50%"].map(str::to_owned));
    }
}
