//! Several reports as one: shards, repeats, and what is refused.

use super::canned::{case, events, events_with_known, pages, plan};
use proviso::judge::verdict::Verdict;
use proviso::report::{MergeError, MergedRun, SavedRun, exit_code, merge};
use proviso::run::event::{Event, Gate, Notice, Plan, ShardInfo, Summary, VendorInfo};

/// The canned run cut into three shards, each as a run of its own would have told it.
fn shards(whole: &SavedRun) -> Vec<(String, SavedRun)> {
    let shard = |number: usize| {
        let mut shard = SavedRun { summary: Summary::default(), ..whole.clone() };
        shard.cases = whole.cases.iter().skip(number).step_by(3).cloned().collect();
        for case in &shard.cases {
            *shard.summary.counts.entry(case.verdict).or_default() += 1;
        }
        shard.pages.iter_mut().flat_map(|page| &mut page.rows).for_each(|row| {
            std::sync::Arc::make_mut(&mut row.cases).retain(|id| shard.cases.iter().any(|case| case.id == *id));
        });
        shard.shard = Some(ShardInfo { parts: vec![number as u64 + 1], of: 3 });
        shard.summary.exit_code = exit_code(&shard.cases, &shard.notices, &shard.gate, false);
        shard.summary.requests = if number == 0 { whole.summary.requests } else { 0 };
        shard.summary.things = if number == 0 { whole.summary.things } else { 0 };
        shard.summary.duration = whole.summary.duration;
        (format!("{}.json", number + 1), shard)
    };
    (0..3).map(shard).collect()
}

/// The canned run with its cases among its pages' rows, as a real one has them.
fn whole(events: &[Event]) -> SavedRun {
    let mut whole = SavedRun::of(events);
    for page in &mut whole.pages {
        for row in &mut page.rows {
            std::sync::Arc::make_mut(&mut row.cases).retain(|id| whole.cases.iter().any(|case| case.id == *id));
        }
    }
    whole
}

#[test]
fn shards_merged_in_any_order_are_the_whole_run() {
    for events in [events(), events_with_known()] {
        let whole = whole(&events);
        let parts = shards(&whole);
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let runs = order.iter().map(|index| parts[*index].clone()).collect();
            assert_eq!(merge(runs), Ok(MergedRun { run: whole.clone(), repeated: Vec::new() }));
        }
        let [one, two, three] = parts.try_into().unwrap();
        let half = merge(vec![one, two]).unwrap().run;
        let told = merge(vec![("half".into(), half), three]).unwrap().run;
        assert_eq!(told, whole, "what was merged may be merged again");
    }
}

#[test]
fn a_shard_that_is_missing_is_told_and_is_no_success() {
    let mut fine = whole(&events());
    fine.cases.retain(|case| case.verdict == Verdict::Conforms);
    let [one, _, three] = shards(&fine).try_into().unwrap();
    let merged = merge(vec![one.clone(), three]).unwrap().run;
    let notice = merged.notices.iter().find(|notice| notice.kind == Notice::MISSING_SHARDS).unwrap();
    assert_eq!(notice.message, "no report was given of shard 2/3: their cases were not judged");
    assert_eq!((merged.summary.exit_code, merged.shard.unwrap().parts), (3, vec![1, 3]));
    let merged = merge(vec![one]).unwrap().run;
    assert!(merged.notices.iter().any(|notice| notice.message.contains("shards 2/3, 3/3")), "{:?}", merged.notices);
}

fn run(verdict: Verdict) -> SavedRun {
    let plan = Plan { pages: pages(), ..plan() };
    let case = case("acme/links.delete/live", verdict, &[]);
    SavedRun::of(&[Event::Started(plan), Event::CaseFinished(Box::new(case))])
}

fn named(runs: Vec<SavedRun>) -> Vec<(String, SavedRun)> {
    runs.into_iter().enumerate().map(|(number, run)| (format!("{number}.json"), run)).collect()
}

#[test]
fn a_repeated_case_counts_as_it_came_last_and_is_named() {
    let merged = merge(named(vec![run(Verdict::Environment), run(Verdict::Conforms)])).unwrap();
    assert_eq!(merged.repeated, ["acme/links.delete/live"]);
    assert_eq!((merged.run.summary.exit_code, merged.run.summary.count(Verdict::Conforms)), (0, 1));
    let merged = merge(named(vec![run(Verdict::Conforms), run(Verdict::Violates)])).unwrap();
    assert_eq!((merged.run.summary.exit_code, merged.run.summary.count(Verdict::Violates)), (1, 1));
}

#[test]
fn what_fails_one_of_them_fails_the_whole() {
    let strict = Gate { require_all: true, deny: Vec::new() };
    let skipped = SavedRun { gate: strict, ..run(Verdict::Skipped) };
    let mut other = run(Verdict::Conforms);
    other.cases[0].id = "acme/links.delete/unknown".into();
    assert_eq!(merge(named(vec![skipped.clone(), other.clone()])).unwrap().run.summary.exit_code, 3);
    let lax = SavedRun { gate: Gate::default(), ..skipped };
    assert_eq!(merge(named(vec![lax, other.clone()])).unwrap().run.summary.exit_code, 0);
    let stale = Notice { kind: Notice::STALE.into(), vendor: None, message: "gone".into() };
    let mut told = SavedRun { notices: vec![stale], ..run(Verdict::Conforms) };
    assert_eq!(merge(named(vec![told.clone(), other.clone()])).unwrap().run.summary.exit_code, 0);
    told.gate.deny = vec!["stale".into()];
    assert_eq!(merge(named(vec![told, other.clone()])).unwrap().run.summary.exit_code, 5);
    let mut interrupted = run(Verdict::Conforms);
    interrupted.summary.exit_code = 130;
    assert_eq!(merge(named(vec![other, interrupted])).unwrap().run.summary.exit_code, 130);
}

#[test]
fn what_cannot_be_one_run_is_refused_with_every_reason_and_both_names() {
    let own = SavedRun { contracts: "a".into(), proviso: "1".into(), ..run(Verdict::Conforms) };
    let other = SavedRun { contracts: "b".into(), proviso: "2".into(), target: "sandbox".into(), ..own.clone() };
    let wrong = merge(named(vec![own.clone(), other])).unwrap_err();
    let told: Vec<String> = wrong.iter().map(MergeError::to_string).collect();
    assert_eq!(
        told,
        [
            "1.json was made by another version of proviso than 0.json: 2, not 1",
            "1.json is of another target than 0.json: sandbox, not mock",
            "1.json was made with other contracts than 0.json",
        ]
    );
    let shard = |of| SavedRun { shard: Some(ShardInfo { parts: vec![1], of }), ..own.clone() };
    let wrong = merge(named(vec![shard(2), shard(3)])).unwrap_err();
    assert_eq!(wrong[0].to_string(), "1.json is a shard of 3, and 0.json one of 2");
    assert_eq!(merge(Vec::new()), Err(vec![MergeError::Nothing]));
}

#[test]
fn the_worst_decides_how_a_run_ends() {
    use Verdict::{Conforms, Drifted, Environment, NotRun, Skipped, Undetermined, Violates};
    let gate =
        |require_all, deny: &[&str]| Gate { require_all, deny: deny.iter().map(|word| (*word).into()).collect() };
    let code = |verdicts: &[Verdict], gate: &Gate, interrupted| {
        let cases: Vec<_> = verdicts.iter().map(|verdict| case("acme/links.delete/live", *verdict, &[])).collect();
        exit_code(&cases, &[], gate, interrupted)
    };
    let lax = gate(false, &[]);
    for (verdicts, expected) in [
        (&[][..], 4),
        (&[Skipped, Skipped], 4),
        (&[Skipped, Conforms], 0),
        (&[Drifted], 0),
        (&[Undetermined, Conforms], 3),
        (&[Environment, Violates, Conforms], 1),
        (&[NotRun], 3),
        (&[NotRun, Conforms, Skipped], 3),
        (&[NotRun, Violates], 1),
    ] {
        assert_eq!(code(verdicts, &lax, false), expected, "{verdicts:?}");
        assert_eq!(code(verdicts, &lax, true), 130, "{verdicts:?}");
    }
    assert_eq!(code(&[Skipped], &gate(true, &[]), false), 3);
    assert_eq!(code(&[Skipped, Conforms], &gate(true, &[]), false), 3);
    assert_eq!(code(&[Skipped], &gate(false, &["stale"]), false), 4, "nothing is stale here");
}

#[test]
fn of_several_reasons_the_exit_code_is_that_of_the_one_that_outranks_the_others() {
    use proviso::run::event::{Baseline, CaseResult};
    let one = |verdict| case("acme/links.delete/live", verdict, &[]);
    let broken = CaseResult { baseline: Some(Baseline::Broken), ..one(Verdict::Conforms) };
    let new = CaseResult { baseline: Some(Baseline::New), ..one(Verdict::Conforms) };
    let gate = Gate { deny: vec!["new".to_owned()], ..Gate::default() };
    let [violates, environment, refused, skipped] =
        [Verdict::Violates, Verdict::Environment, Verdict::Refused, Verdict::Skipped].map(one);
    // Each takes away the reason that outranked all others.
    let mut cases = vec![skipped, new, refused, environment, violates, broken];
    for (interrupted, code) in [(true, 2), (true, 130), (false, 1), (false, 3), (false, 6), (false, 5), (false, 4)] {
        assert_eq!(exit_code(&cases, &[], &gate, interrupted), code, "{cases:?}");
        if code != 130 {
            cases.pop();
        }
    }
    assert_eq!(exit_code(&[one(Verdict::Conforms)], &[], &gate, false), 0);
    assert_eq!(exit_code(&[one(Verdict::Refused)], &[], &gate, false), 6, "refused, and nothing tested");
}

/// A run of one vendor alone, whose contracts have this digest.
fn run_of(vendor: &str, digest: &str) -> (String, SavedRun) {
    let mut run = whole(&events());
    run.contracts = String::new();
    run.vendors = vec![VendorInfo { vendor: vendor.to_owned(), contracts: digest.to_owned(), ..VendorInfo::default() }];
    (format!("{vendor}.json"), run)
}

#[test]
fn runs_of_different_vendors_are_one_where_no_vendor_has_two_contracts() {
    let merged = merge(vec![run_of("acme", "one"), run_of("other", "two")]).unwrap().run;
    assert_eq!(merged.vendors.len(), 2);
    assert!(merge(vec![("both.json".into(), merged.clone()), run_of("acme", "one")]).is_ok());
    let wrong = vec![MergeError::Contracts("both.json".into(), "acme.json".into())];
    assert_eq!(merge(vec![("both.json".into(), merged), run_of("acme", "newer")]), Err(wrong));
    let wrong = vec![MergeError::Contracts("acme.json".into(), "other.json".into())];
    let (name, mut old) = run_of("other", "");
    old.contracts = "all".to_owned();
    assert_eq!(merge(vec![run_of("acme", "one"), (name, old)]), Err(wrong), "an older report has no digests");
}
