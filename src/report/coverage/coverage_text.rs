//! Coverage for a person to read.

use super::{Contradiction, Coverage, ExerciseState, PageCoverage, Share, Shares, WitnessCoverage};
use crate::text::visible::{inert, line};
use std::borrow::Cow;

/// All of it as indented lines: totals, then what is missing or remarkable page by page.
pub fn coverage_text(coverage: &Coverage) -> String {
    let mut text = CoverageText(String::new());
    let all = coverage.shares();
    text.add_total("causes", "documented cause", all.causes);
    text.add_total("clauses", "clause", all.clauses);
    let vendors = coverage.vendors();
    let mut parts: Vec<(Cow<'_, str>, Shares)> = Vec::new();
    if vendors.len() > 1 {
        parts.extend(vendors.iter().map(|vendor| (Cow::from(*vendor), coverage.shares_of_vendor(vendor))));
    }
    if coverage.targets.len() > 1 {
        let targets = coverage.targets.iter();
        parts.extend(targets.map(|target| (Cow::from(format!("on {target}")), coverage.shares_on(target))));
    }
    if !parts.is_empty() {
        text.add_line("");
        text.add_table(&parts);
    }
    coverage.pages.iter().for_each(|page| text.add_page(page));
    inert(&text.0)
}

/// What has to come for promises to be seen: how much of it came, and what did not, page by page.
pub fn witness_text(coverage: &Coverage) -> String {
    let mut text = CoverageText(String::new());
    text.add_line("");
    text.add_total("witness", "promise", coverage.witnesses());
    for page in &coverage.pages {
        let unseen: Vec<&WitnessCoverage> = page.witnesses.iter().filter(|witness| witness.seen.is_empty()).collect();
        if !unseen.is_empty() {
            text.add_line("");
            text.add_line(&format!("{}/{}", page.vendor, page.operation));
            unseen.into_iter().for_each(|unseen| text.add_entry("not witnessed", &unseen.witness, None));
        }
    }
    inert(&text.0)
}

/// The text as far as it is written.
struct CoverageText(String);

impl CoverageText {
    fn add_line(&mut self, text: &str) {
        self.0.push_str(&line(text.trim_end()));
        self.0.push('\n');
    }

    fn add_total(&mut self, name: &str, noun: &str, share: Share) {
        self.add_line(&format!("{name:<8} {:>4}  {}", percent_words(share), share.words(noun)));
    }

    /// Adds parts of the whole, a line each: of what can be exercised, how much was.
    fn add_table(&mut self, parts: &[(Cow<'_, str>, Shares)]) {
        let rows: Vec<[String; 2]> =
            parts.iter().map(|(_, shares)| [fraction(shares.causes), fraction(shares.clauses)]).collect();
        let name_width = widest(parts.iter().map(|(name, _)| &**name));
        let causes_width = widest(rows.iter().map(|[causes, _]| causes.as_str()));
        let clauses_width = widest(rows.iter().map(|[_, clauses]| clauses.as_str()));
        for ((name, shares), [causes, clauses]) in parts.iter().zip(&rows) {
            let (of_causes, of_clauses) = (percent_words(shares.causes), percent_words(shares.clauses));
            self.add_line(&format!(
                "{name:<name_width$}  {causes:>causes_width$} {of_causes:>4} of causes  \
                 {clauses:>clauses_width$} {of_clauses:>4} of clauses"
            ));
        }
    }

    fn add_page(&mut self, page: &PageCoverage) {
        self.add_line("");
        self.add_line(&format!("{}/{}  {}", page.vendor, page.operation, page.url));
        self.add_line(&format!("  {}", page.shares().words()));
        for state in ExerciseState::UNEXERCISED {
            for cause in page.causes.iter().filter(|cause| cause.state == state) {
                self.add_entry(state.as_str(), &cause.row, cause.why.as_deref());
            }
        }
        for cause in &page.causes {
            if let Some(contradiction) = &cause.contradiction {
                self.add_entry("contradictory", &cause.row, Some(&contradiction_words(contradiction)));
            }
        }
        for state in ExerciseState::UNEXERCISED {
            for clause in page.clauses.iter().filter(|clause| clause.state == state) {
                self.add_entry(state.as_str(), &clause.id, clause.why.as_deref());
            }
        }
    }

    fn add_entry(&mut self, word: &str, name: &str, why: Option<&str>) {
        self.add_line(&match why {
            Some(why) => format!("  {word:<13}  {name}: {}", why.trim_end()),
            None => format!("  {word:<13}  {name}"),
        });
    }
}

fn contradiction_words(contradiction: &Contradiction) -> String {
    let outcomes = contradiction.outcomes.join(" or ");
    let seen = contradiction.seen.iter().map(|(target, seen)| format!("{target} answers {}", seen.join(" and ")));
    let seen: Vec<String> = seen.collect();
    if seen.is_empty() { format!("{outcomes}: none was seen") } else { format!("{outcomes}: {}", seen.join("; ")) }
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

fn fraction(share: Share) -> String {
    format!("{}/{}", share.exercised, share.exercisable())
}

fn percent_words(share: Share) -> Cow<'static, str> {
    share.percent().map_or(Cow::from("-"), |percent| Cow::from(format!("{percent}%")))
}
