//! Keys and what they lead to, and what is seen meanwhile.

use super::*;
use crate::run::snapshot::{Canonical, Content, Head, Snapshot};
use proptest::prelude::*;
use serde_json::json;

fn item(case: &str, before: Option<&str>) -> Item {
    let snapshot = |currency: &str| {
        let body = Content::Json(json!({ "currency": currency, "id": "[link.id]" }));
        let canonical =
            Canonical { request: "GET /links/[link.id]".to_owned(), status: 200, headers: Vec::new(), body };
        Snapshot { canonical, outcome: Some("found".to_owned()) }
    };
    let pending = Pending {
        path: "x.snap".into(),
        head: Head { description: "when link: live, then found (200)".to_owned(), case: case.to_owned() },
        before: before.map(snapshot),
        after: snapshot("THB"),
    };
    let mut item = Item::new(&pending, &Contracts::default());
    for (difference, says) in &mut item.differences {
        difference.clause = Some("200.currency".to_owned());
        *says = Some("currency is an ISO code".to_owned());
    }
    item
}

fn pressed(keys: &str, count: usize) -> Review {
    let mut review = Review::new((0..count).map(|number| item(&format!("acme/x/{number}"), Some("thb"))).collect());
    keys.chars().for_each(|key| review.press(key));
    review
}

#[test]
fn keys_decide_one_answer_after_another() {
    use ReviewDecision::{Accept, Reject, Skip};
    let review = pressed("ars", 4);
    assert_eq!(review.decisions(), [Accept, Reject, Skip]);
    assert_eq!((review.position(), review.is_over()), ((4, 4), false));
    assert_eq!(review.current().unwrap().case, "acme/x/3");
    assert!(pressed("arsa", 4).is_over());
    assert_eq!(pressed("A?x R", 4).decisions(), [Accept, Reject], "what means nothing changes nothing");
}

#[test]
fn undo_takes_the_last_decision_back_and_quit_keeps_the_others() {
    assert_eq!(pressed("aru", 3).decisions(), [ReviewDecision::Accept]);
    assert_eq!(pressed("uuu", 3).position(), (1, 3));
    let review = pressed("aqr", 3);
    assert_eq!((review.decisions(), review.is_over()), (&[ReviewDecision::Accept][..], true));
    assert_eq!(review.current(), None);
    assert!(Review::new(Vec::new()).is_over());
}

const PLAIN: Screen = Screen { width: 60, height: None, colour: false };

#[test]
fn the_class_the_clause_and_the_lines_are_seen() {
    let seen = review_picture(&pressed("", 2), PLAIN);
    let expected = "\
1/2 acme/x/0  risky
when link: live, then found (200)

risky     /currency is \"THB\", it was \"thb\"
          200.currency: currency is an ISO code

  GET /links/[link.id]

  HTTP 200

  {
-   \"currency\": \"thb\",
+   \"currency\": \"THB\",
    \"id\": \"[link.id]\"
  }
";
    assert_eq!(seen, expected);
    assert_eq!(review_picture(&pressed("aa", 2), PLAIN), "");
    let shown = review_keys(&pressed("", 1), Screen { width: 80, ..PLAIN });
    assert_eq!(shown, "a accept   r reject   s skip   u undo   d side by side   q quit\n");
    assert_eq!(
        review_keys(&pressed("d", 1), PLAIN),
        "a accept   r reject   s skip   u undo\nd one below the other   q quit\n"
    );
}

#[test]
fn one_answer_is_seen_beside_the_other() {
    let seen = review_picture(&pressed("d", 1), PLAIN);
    let row = |left: &str, sign: char, right: &str| format!("\n{left:<28} {sign} {right}\n");
    assert!(seen.contains(&row("  \"currency\": \"thb\",", '|', "  \"currency\": \"THB\",")), "{seen}");
    assert!(seen.contains(&row("GET /links/[link.id]", ' ', "GET /links/[link.id]")), "{seen}");
    assert_eq!(pressed("dd", 1).view(), View::Unified);
    assert!(seen.lines().all(|line| line.chars().count() <= 66));
}

#[test]
fn a_new_answer_is_seen_whole_and_colours_only_where_they_are_wanted() {
    let review = Review::new(vec![item("acme/x/0", None)]);
    let seen = review_picture(&review, PLAIN);
    assert!(seen.starts_with("1/1 acme/x/0  new\n") && seen.contains("\n    \"currency\": \"THB\",\n"), "{seen}");
    assert!(!seen.contains('\u{1b}'));
    let painted = review_picture(&pressed("", 1), Screen { colour: true, ..PLAIN });
    assert!(painted.contains("\u{1b}[32m+   \"currency\": \"THB\",\u{1b}[0m"), "{painted}");
    assert_eq!(anstream::adapter::strip_str(&painted).to_string(), review_picture(&pressed("", 1), PLAIN));
}

#[test]
fn lines_that_are_the_same_are_left_out_where_not_all_can_be_seen() {
    let low = Screen { height: Some(18), ..PLAIN };
    assert_eq!(review_picture(&pressed("", 1), low), review_picture(&pressed("", 1), PLAIN), "everything fits");
    let ends = |height: usize, body: &str| {
        let seen = review_picture(&pressed("", 1), Screen { height: Some(height), ..PLAIN });
        assert!(seen.ends_with(&format!("currency is an ISO code\n\n{body}")), "{seen}");
    };
    let (old, new) = ("-   \"currency\": \"thb\",", "+   \"currency\": \"THB\",");
    ends(17, &format!("  ... 3 the same\n\n  {{\n{old}\n{new}\n    \"id\": \"[link.id]\"\n  }}\n"));
    ends(15, &format!("  ... 4 the same\n  {{\n{old}\n{new}\n    \"id\": \"[link.id]\"\n  }}\n"));
    ends(4, &format!("  ... 5 the same\n{old}\n{new}\n  ... 2 the same\n"));
}

#[test]
fn wide_letters_and_narrow_windows_keep_the_columns() {
    let mut wide = item("acme/x/0", Some("thb"));
    wide.before = Some("{\n  \"a\": \"日本語のメッセージ\"\n}".to_owned());
    wide.after = "{\n  \"a\": \"a message that is rather long\"\n}".to_owned();
    let mut review = Review::new(vec![wide]);
    review.press('d');
    let narrow = Screen { width: 44, ..PLAIN };
    let seen = review_picture(&review, narrow);
    assert!(
        seen.contains(
            "  \"a\": \"日本語のメッ |   \"a\": \"a message th\nセージ\"              | at is rather long\"\n"
        ),
        "{seen}"
    );
    assert!(seen.contains("risky     /currency is \"THB\", it was \"thb\"\n"), "{seen}");
}

proptest! {
    #[test]
    fn no_keys_and_no_width_make_it_panic(keys in "[arsudqx]{0,12}", count in 0..5usize, width in 0..200usize) {
        let review = pressed(&keys, count);
        prop_assert!(review.decisions().len() <= count);
        prop_assert_eq!(review.current().is_none(), review.is_over());
        review_picture(&review, Screen { width, height: Some(width / 3), colour: true });
        review_keys(&review, Screen { width, ..PLAIN });
    }
}
