//! Proviso turns a vendor's documented answers into contracts, tests and a stateful mock.
//!
//! A vendor's page says *when this is so, that comes back, and from then on that is so*. A contract is a table of such rows,
//! written once, in YAML. Everything in this crate is one more reading of that table: a row is a test, the mock's answer to a
//! request, a step on the way to a state, an entry of the coverage. No vendor's name stands in the source: a vendor is only YAML.
//!
//! # The data's way
//!
//! ```text
//! specs/*.yaml -> contract -> case -> [ run: arrange, send -> exchange -> verdict ] -> event -> report
//!                    |                            ^ the only client socket
//!                    +-> mock (the same contracts on the other side of the socket; sees no case and no verdict)
//! snapshots/ -> read when cases are judged; written only when a person accepts
//! ```
//!
//! Each arrow is a function that leaves its input alone and returns plain data. Files become [`text::source`] with places by
//! [`text::yaml`]; their shape is held against the language's own schema and they are resolved by [`contract`]; [`contract::lint`]
//! proves what they mean; [`contract::case`] makes every choice that a row leaves open; [`run`] brings conditions about, sends and
//! looks at the state afterwards; [`judge`] judges; [`run::event`] is what is told, already redacted; [`report`] is what people and
//! pipelines read.
//!
//! # The rooms
//!
//! Lowest first; a room imports only those before it, which a test holds for them and for the rooms inside them.
//!
//! | room | what is in it |
//! |---|---|
//! | [`text`] | files with the place of every key and value, mistakes with labels and help, the reader of both; the lines in which two texts differ; secrets and the redactor that keeps them out of whatever is told; what may be shown |
//! | [`http`] | a request and what came back, a broken connection included: an observation, never an error; the client socket, its tries and its pace |
//! | [`contract`] | the language as written, its schema, and what it means once every name is resolved; the kinds of condition, each with both faces; rows with every choice made, the ways to states and the reads that show them; what a contract of the right shape can still have wrong |
//! | [`judge`] | how an answer departs from an outcome, and what that means: no input, no output |
//! | [`mock`] | the embedded sandbox: its world, which row a request meets, its answer, faults, the listening socket |
//! | [`run`] | vendors asked whether they live, lanes at once, cleaning up, the guard against live money; what a run tells, in order; baselines and how answers drifted from them |
//! | [`lab`] | what asks the program in place of a vendor: whether the mock agrees with its contract, random walks and the shortest that fails, mutants of the mock's answers |
//! | [`report`] | one file a format; a contract told in words, and its state machines drawn, from the rows alone |
//!
//! The command line is in the binary (`src/cli`), not in the library: it alone reads the environment.
//!
//! # One row, from YAML to a line of the terminal
//!
//! | step | by | becomes |
//! |---|---|---|
//! | the bytes of a file get places, and are held against the schema | [`contract::load`] | [`contract::language::WrittenRow`] |
//! | sections are joined, names resolved, ids given | `contract::resolve` | [`contract::Row`], found by its [`contract::RowId`] |
//! | every choice is made that the row leaves open | [`contract::case::compile`] | [`contract::case::Case`] |
//! | its condition is set up and its request sent, tried again where that is harmless | [`run::conduct`] | [`http::exchange::Exchange`] |
//! | the answer is checked against each outcome | [`judge::verdict::Judge`] | [`judge::verdict::Judgement`] |
//! | the state is looked at, what was made is removed, secrets are hidden | [`run::conduct`] | [`run::event::CaseResult`] |
//! | it is written | [`report::Terminal`] | a line |
//!
//! # What a change takes
//!
//! | change | files |
//! |---|---|
//! | a check | `judge/check/NAME.rs`; its line in `judge/check/mod.rs` |
//! | a report | `report/NAME.rs`; its lines in `report/mod.rs` and `report/format.rs` |
//! | a kind of condition | `contract/condition/NAME.rs`; its line in `contract/condition/mod.rs` (`contract/condition/toy.rs` proves it); what editors show in `contract/language/written_row.rs` |
//! | a way in which an id is wrong | `contract/condition/resource.rs` |
//! | a state of a resource | nothing: rows name it |
//! | a mistake that lint finds | `contract/lint/NAME.rs`; its line in `contract/lint/mod.rs`; its code in `text/diagnostic/code.rs` |
//! | a command | `cli/commands/NAME.rs`; its lines in `cli/commands/mod.rs`, `cli/args` and `cli/mod.rs` |
//! | an auth scheme | `contract/language/auth.rs`; `contract/condition/credentials.rs`; `run/request_build.rs` |
//! | a kind of body | more than it should: `contract/model.rs`, `contract/resolve.rs`, `contract/language/written_operation.rs`, `contract/condition`, `run/request_build.rs`, `mock/sandbox` |
//!
//! # Three recipes
//!
//! **A vendor** is a folder under `specs/`: `vendor.yaml` and a file an operation. `proviso init NAME` writes one to begin with,
//! `proviso lint` tells what is missing, `proviso` runs it on the mock. Nothing is compiled.
//!
//! **A check** is a file under `src/judge/check/` with a function from [`judge::check::Expected`] and [`judge::check::Answer`] to findings, its `mod`
//! line, and its line in [`judge::check::CHECKS`]; a new kind of departure is a variant of [`judge::check::FindingCode`].
//!
//! **A report** is a file under `src/report/`, its `mod` line, and its line in [`report::FORMATS`]: the option `--report-NAME`
//! follows from the list.
//!
//! A condition is one too: a file under `src/contract/condition/` that implements [`contract::condition::Condition`], its `mod` line, its line in
//! [`contract::condition::KINDS`].
//!
//! # Decisions
//!
//! - *2026-12-01.* The checks of meaning that need the contract alone are part of it ([`contract::lint`]); what needs the mock too, that it
//!   agrees with its contract, is [`lab::agree`], above both.
//! - *2026-12-01.* A command reads the vendors that its command line is about, by the names of folders and of the files in them; what is
//!   wrong with another vendor, a variable of both included, is found by `lint` and by commands without such a choice. A digest of each
//!   vendor's files is in the report, so that runs of different vendors are still one run.
//! - *2026-12-01.* Exit codes are [`report::Exit`] alone, since reports and merged runs conclude by them as the command line does.
//! - *2026-11-21.* Parsing is [`text::yaml`], above [`text::diagnostic`]: it needs both places and mistakes, and [`text::source`] needs neither.
//! - *2026-11-21.* An operation with a page and a support call without one are one type with two schemas: they differ in four keys.
//! - *2026-11-21.* Dimensions behind the last one that a row names are arranged *right*, although they may be anything: only then is
//!   there something that a refusal must leave alone, and a read that shows that it did.
//! - *2026-11-21.* A run is one thread: lanes are futures that borrow the run, so dropping it cancels everything, and shared state is
//!   cells and not locks. The floor it is measured against is one thread as well.
//! - *2026-11-21.* What a run makes is removed at the end of the case that made it, newest first, and not at the end of the run: a run
//!   that is killed then leaves little behind.
//! - *2026-11-25.* A walk names its resources by number and asks for a row only when a request is due, so that any part of a walk is a
//!   walk as well, and shrinking needs to know nothing of rows.
//! - *2026-11-25.* A saved run is judged again by the lanes of a run, with the saved exchanges in the vendor's place and whatever was
//!   drawn then drawn again: there is one judge, and a request that the contract would send otherwise now is seen as one.
//! - *2026-11-25.* A contract is read once: the types of the language decode from the tree of places, not from the text a second time. That
//!   the tree means what `serde_yaml` finds in the same text, in the same order, is a property that the tests hold; `serde_yaml` itself reads
//!   snapshots and writes locks of pages.
//! - *2026-11-25.* The language's schemas are generated from its types, committed, and compiled into code from there: a sound contract is
//!   found to be so without building a schema, and only one with mistakes builds it, to tell them all. Where code and types differ for a
//!   moment, the types count, since the schema that tells mistakes comes from them.
//! - *2026-12-01.* Printed lines and what is shown are made safe by position and by one table: the redactor returns pieces, text or variable, and
//!   whatever no eye sees is what Unicode's own categories say ([`text::visible`]), which `jsonschema` brings along.
//! - *2026-12-01.* What explains a judgement is noted by the lanes that judge a saved run again ([`run::Listener::Explained`]) and is told by
//!   [`report::why`]: the comparisons are those from which [`judge::verdict::Judge`] derives its judgement, and no second judge is needed.
//! - *2026-12-01.* Runs, walks, trials of mutants and saved runs that are judged again go through one function, [`run::conduct`]: what differs
//!   is in a plan ([`run::RunPlan`]), in who answers ([`run::Answers`]) and in the task ([`run::Task`]).
#![cfg_attr(test, expect(clippy::string_slice, reason = "a test that is wrong about its own data may stop"))]

pub mod contract;
pub mod http;
pub mod judge;
pub mod lab;
pub mod mock;
pub mod report;
pub mod run;
pub mod text;
