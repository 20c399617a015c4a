//! Patterns of test keys: what one accepts is sent without asking, so it has to fix how a test key begins.

use crate::text::diagnostic::{Code, Diagnostic};
use crate::text::source::Place;
use regex_syntax::hir::{Hir, HirKind, Look};

/// The number of signs of a test key that a pattern has to fix.
const FIXED: usize = 3;

/// The mistake of a pattern that a live key could match by chance.
pub(super) fn test_pattern(pattern: &str, at: Place) -> Option<Diagnostic> {
    // A pattern that cannot be read is another mistake.
    let tree = regex_syntax::parse(pattern).ok()?;
    let anchored = tree.properties().look_set_prefix().contains(Look::Start);
    let fixed = fixed_signs(&tree);
    if anchored && fixed >= FIXED {
        return None;
    }
    let label = if anchored {
        format!("it fixes {fixed} of the {FIXED} signs that are expected at least, in every alternative")
    } else {
        "not every alternative begins with `^`".to_owned()
    };
    let mistake = Diagnostic::error(Code::LooseTest, format!("`{pattern}` could match a live key")).at(at, label);
    Some(mistake.help("write how test keys begin, like `^sk_test_`; where nothing tells them apart, take `test` away"))
}

/// The number of signs that are the same in everything that a pattern matches, counted in the alternative that has the fewest.
fn fixed_signs(tree: &Hir) -> usize {
    match tree.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).map_or(0, |text| text.chars().count()),
        HirKind::Capture(capture) => fixed_signs(&capture.sub),
        HirKind::Repetition(repeated) => {
            fixed_signs(&repeated.sub).saturating_mul(usize::try_from(repeated.min).unwrap_or(usize::MAX))
        }
        HirKind::Concat(parts) => parts.iter().map(fixed_signs).sum(),
        HirKind::Alternation(alternatives) => alternatives.iter().map(fixed_signs).min().unwrap_or(0),
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::FileId;

    fn is_loose(pattern: &str) -> bool {
        test_pattern(pattern, Place::root(FileId(0))).is_some()
    }

    #[test]
    fn a_pattern_says_in_every_alternative_how_a_test_key_begins() {
        for strict in ["^sk_test_", "^(sk|pk)_test_", "^sk_test_|^pk_test_", "^(?:sk_|pk_)[0-9]+$", "^a{3}", r"\Atest"]
        {
            assert!(!is_loose(strict), "{strict}");
        }
    }

    #[test]
    fn one_that_a_live_key_may_match_is_loose() {
        let patterns = [
            "test",
            "^",
            "",
            ".",
            "^.*",
            "^sk",
            "^sk_test_|pk_test_",
            "^sk_test_|^p",
            "^sk_test_|",
            "(^test)?",
            "(?m)^test",
            "[a-z]^test",
            "^[a-z]{20}",
            "^a*",
            "^(abc|b)",
            "^(abc)?",
            "test$",
        ];
        for loose in patterns {
            assert!(is_loose(loose), "{loose}");
        }
    }
}
