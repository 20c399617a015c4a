//! One server that lies in one sentence at a time, as the program itself says that the sentence is broken: each is red at its clause.

use crate::runner::{Served, Told, quick, run_cases, specs};
use proviso::contract::case::{Case, compile};
use proviso::contract::stake::{Breach, Lie, Stake};
use proviso::contract::{Contracts, Loaded, Operation, OutcomeId, Vendor, load};
use proviso::http::exchange::{Request, Response};
use proviso::http::retry::Retry;
use proviso::judge::verdict::Verdict;
use proviso::mock::sandbox::ROW;
use proviso::mock::{Answerer, Mock, MockSettings, Reply};
use proviso::run::RunPlan;
use proviso::run::event::CaseResult;
use proviso::text::source::unescape_segment;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The mock behind a switch.
struct Liar {
    mock: Arc<Mock>,
    contracts: Arc<Contracts>,
    switch: Mutex<Switch>,
}

#[derive(Default)]
struct Switch {
    /// The lie that is told now.
    breach: Option<Breach>,
    /// How often it was told.
    told: usize,
    /// A truthful answer of every row that was met, with its request.
    truths: HashMap<String, (Request, Response)>,
}

impl Answerer for Liar {
    fn answer(&self, request: &Request) -> Reply {
        let mut switch = self.switch.lock().unwrap();
        if switch.breach.is_none() && request.method != "GET" {
            // What a read would have shown just before: no case may look then.
            let look = Request { method: "GET".to_owned(), body: None, ..request.clone() };
            switch.keep_truth(&look, &self.mock.respond(&look));
        }
        let mut response = self.mock.respond(request);
        let Some(breach) = switch.breach.clone() else {
            switch.keep_truth(request, &response);
            return response.into();
        };
        let row = response.headers.get(ROW).unwrap_or_default().to_owned();
        if row == self.row_name(&breach) {
            switch.told += 1;
            lie(&mut response, &breach.lie, |other| {
                let vendor = &self.contracts[breach.answer.vendor()];
                let (asked, truth) = switch.truths.get(&vendor.row_name(other))?;
                Some(answering(asked, truth, request))
            });
        }
        response.into()
    }
}

impl Switch {
    fn keep_truth(&mut self, request: &Request, response: &Response) {
        let row = response.headers.get(ROW).unwrap_or_default().to_owned();
        self.truths.entry(row).or_insert_with(|| (request.clone(), response.clone()));
    }
}

impl Liar {
    fn row_name(&self, breach: &Breach) -> String {
        self.contracts[breach.answer.vendor()].row_name(breach.answer)
    }
}

/// Makes one thing of an answer a lie.
fn lie(response: &mut Response, lie: &Lie, truth: impl Fn(proviso::contract::RowId) -> Option<Response>) {
    match lie {
        Lie::Status(status) => response.status = *status,
        Lie::Header { name, value: None } => response.headers.remove(name),
        Lie::Header { name, value: Some(value) } => response.headers.set(name, value.clone()),
        Lie::Body(text) => response.body = text.as_bytes().to_vec().into(),
        Lie::Field { pointer, value } => {
            let mut body: Value = serde_json::from_slice(&response.body).unwrap_or_else(|_| json!({}));
            put(&mut body, pointer, value.as_ref());
            response.body = body.to_string().into();
        }
        // A row that was not met while nothing was a lie leaves the truth, which stays green.
        Lie::Row(other) => *response = truth(*other).unwrap_or_else(|| response.clone()),
    }
}

/// Puts a value at a place, or takes away what is there.
fn put(body: &mut Value, pointer: &str, value: Option<&Value>) {
    let Some((container, last)) = pointer.rsplit_once('/') else {
        return *body = value.cloned().unwrap_or(Value::Null);
    };
    let name = unescape_segment(last);
    match (body.pointer_mut(container), value) {
        (Some(Value::Object(map)), Some(value)) => drop(map.insert(name.into_owned(), value.clone())),
        (Some(Value::Object(map)), None) => drop(map.remove(name.as_ref())),
        (Some(Value::Array(items)), Some(value)) => items[name.parse::<usize>().unwrap()] = value.clone(),
        (_, value) => {
            put(body, container, Some(&Value::Object(Map::new())));
            put(body, pointer, value);
        }
    }
}

/// An answer with the ids of another request in place of its own.
fn answering(asked: &Request, truth: &Response, request: &Request) -> Response {
    let mut body = String::from_utf8_lossy(&truth.body).into_owned();
    let both = asked.url.split(['/', '?']).zip(request.url.split(['/', '?']));
    for (own, other) in both.filter(|(own, other)| own != other && own.len() > 3) {
        body = body.replace(own, other);
    }
    Response { body: body.into(), ..truth.clone() }
}

/// Contracts with a server that lies, and what a run tells of it while it does not.
struct Stand {
    loaded: Loaded,
    liar: Arc<Liar>,
    environment: Vec<(String, String)>,
    served: Served,
    truth: Told,
    cases: Vec<Case>,
}

impl Stand {
    fn of(loaded: Loaded) -> Self {
        assert!(loaded.mistakes.is_empty(), "{:?}", loaded.mistakes);
        let contracts = Arc::clone(&loaded.contracts);
        let mock = Arc::new(Mock::new(Arc::clone(&contracts), &MockSettings::default()).unwrap());
        let environment = mock.environment();
        let liar = Arc::new(Liar { mock, contracts, switch: Mutex::default() });
        let served = Served::new(Arc::clone(&liar) as Arc<dyn Answerer>);
        let cases = compile(&loaded.contracts);
        let mut stand = Self {
            truth: Told { results: Vec::new(), notices: Vec::new(), steps: Vec::new() },
            loaded,
            liar,
            environment,
            served,
            cases,
        };
        stand.truth = stand.run(&stand.cases);
        let wrong =
            stand.truth.results.iter().filter(|case| !matches!(case.verdict, Verdict::Conforms | Verdict::Skipped));
        assert_eq!(wrong.count(), 0, "{}", stand.truth.trouble());
        stand
    }

    fn run(&self, cases: &[Case]) -> Told {
        let variables: Vec<(&str, String)> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let plan = RunPlan { retry: Retry { further: 0, ..quick().retry }, tell_all: false, ..quick() };
        run_cases(&self.loaded, &self.served.origin, &variables, cases, &plan)
    }

    /// The clauses that the truthful run has exercised, each with a stake of it.
    fn exercised(&self) -> Vec<(&Vendor, &Operation, &Stake)> {
        let mut exercised: Vec<(&Vendor, &Operation, &Stake)> = Vec::new();
        for vendor in &self.loaded.contracts.vendors {
            for operation in vendor.documented() {
                for clause in operation.clauses.keys() {
                    let mut stakes = vendor.stakes(operation.id).of_clause(clause);
                    let open = stakes.find(|stake| {
                        self.truth.results.iter().any(|case| has_exercised(vendor, operation, stake, case))
                    });
                    exercised.extend(open.map(|stake| (vendor, operation, stake)));
                }
            }
        }
        exercised
    }

    /// Tells one lie, and returns the line of the table: whether the case is red at the clause.
    fn tell(&self, vendor: &Vendor, operation: &Operation, stake: &Stake) -> (bool, String) {
        let breach = stake.breach.clone().unwrap();
        let words = breach.words(vendor, stake.row);
        *self.liar.switch.lock().unwrap() = Switch { breach: Some(breach), told: 0, truths: self.truths() };
        let cases: Vec<Case> = self.cases.iter().filter(|case| case.row == stake.row).cloned().collect();
        let told = self.run(&cases);
        let is_red = |case: &&CaseResult| {
            case.verdict == Verdict::Violates
                && case.row == operation[stake.row].name
                && case.broken().any(|id| id == stake.clause)
        };
        let red = told.results.iter().find(is_red).map(|case| case.findings[0].message.clone());
        let times = self.liar.switch.lock().unwrap().told;
        let line = format!(
            "{:<5} {:<55} {:<70} {}",
            if red.is_some() { "red" } else { "GREEN" },
            format!("{}/{}/{}", vendor.name, operation.name, stake.clause),
            words,
            red.clone().unwrap_or_else(|| format!("told {times} times\n{}", told.trouble()))
        );
        (red.is_some() && times > 0, line)
    }

    fn truths(&self) -> HashMap<String, (Request, Response)> {
        self.liar.switch.lock().unwrap().truths.clone()
    }

    #[expect(clippy::print_stdout, reason = "the table is for people who run this one test")]
    /// Tells a lie for every clause that is exercised; the table, and the lines of those that stay green.
    fn table(&self) -> (usize, Vec<String>) {
        let exercised = self.exercised();
        let mut green = Vec::new();
        for (vendor, operation, stake) in &exercised {
            let (is_red, line) = self.tell(vendor, operation, stake);
            println!("{line}");
            if !is_red {
                green.push(line);
            }
        }
        (exercised.len(), green)
    }
}

/// Whether a case of the truthful run has exercised a clause by the outcome of this stake.
fn has_exercised(vendor: &Vendor, operation: &Operation, stake: &Stake, case: &CaseResult) -> bool {
    let of_outcome = |outcome: OutcomeId| case.chosen.as_deref() == Some(operation[outcome].name.as_str());
    let is_own = (case.vendor.as_str(), case.operation.as_str(), case.row.as_str())
        == (&vendor.name, &operation.name, &operation[stake.row].name);
    is_own && stake.breach.is_some() && of_outcome(stake.outcome) && case.exercised.contains(&stake.clause)
}

#[test]
fn every_exercised_clause_of_the_five_pages_is_red_where_its_sentence_is_broken() {
    let began = Instant::now();
    let (number, green) = Stand::of(specs()).table();
    println!("{number} clauses in {:?}", began.elapsed());
    assert!(number >= 150, "{number}");
    assert!(green.is_empty(), "{} of {number} stay green:\n{}", green.len(), green.join("\n"));
}

#[test]
fn so_is_every_exercised_clause_of_a_vendor_with_a_page_for_every_call() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/paged");
    let (number, green) = Stand::of(load(&[folder])).table();
    assert!(number >= 40, "{number}");
    assert!(green.is_empty(), "{} of {number} stay green:\n{}", green.len(), green.join("\n"));
}

#[test]
fn so_is_every_exercised_clause_of_another_vendor() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendors");
    let (number, green) = Stand::of(load(&[folder])).table();
    assert!(green.is_empty(), "{} of {number} stay green:\n{}", green.len(), green.join("\n"));
}
