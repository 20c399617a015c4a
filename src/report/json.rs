//! The report that other programs, and Proviso itself, read back: everything a run learnt, in one versioned shape.

use super::Rendered;
use crate::contract::Loaded;
use crate::judge::verdict::Verdict;
use crate::run::event::{CaseResult, Event, Gate, Notice, Page, Plan, ShardInfo, Summary, VendorInfo};
use crate::text::visible;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::RestrictFormats;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The version of the shape. It rises when a reader of the older shape would misunderstand the new one; a new key alone does
/// not raise it.
pub const VERSION: u32 = 1;

/// A run, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Saved<C = CaseResult> {
    /// The version of this shape: 1.
    pub version: u32,
    /// The version of proviso that ran.
    pub proviso: String,
    /// The target as asked for.
    pub target: String,
    /// When the run began, RFC 3339.
    pub started: String,
    /// The digest of the contracts that it held the target to; empty where vendors were left out.
    #[serde(default)]
    pub contracts: String,
    /// What fails it beside a violation.
    #[serde(default)]
    pub gate: Gate,
    /// Which shards of a whole it is, where it is not the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardInfo>,
    /// What the run came to.
    pub summary: Summary,
    /// Every case that was judged, in the order of the pages' rows.
    pub cases: Vec<C>,
    /// What concerned more than one case.
    pub notices: Vec<Notice>,
    /// The pages whose statements the cases hold, by vendor and operation.
    pub pages: Vec<Page>,
    /// Where each vendor's requests went.
    #[serde(default)]
    pub vendors: Vec<VendorInfo>,
}

impl Default for Saved {
    fn default() -> Self {
        Self {
            version: VERSION,
            proviso: String::new(),
            target: String::new(),
            started: String::new(),
            contracts: String::new(),
            gate: Gate::default(),
            shard: None,
            summary: Summary::default(),
            cases: Vec::new(),
            notices: Vec::new(),
            pages: Vec::new(),
            vendors: Vec::new(),
        }
    }
}

impl Saved {
    /// A run from all its events.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut saved = Self::default();
        events.into_iter().for_each(|event| saved.event(event));
        saved.settle();
        saved
    }

    /// Adds what an event tells.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Started(plan) => {
                self.proviso.clone_from(&plan.version);
                self.target.clone_from(&plan.target);
                self.started.clone_from(&plan.started);
                self.contracts.clone_from(&plan.contracts);
                self.gate.clone_from(&plan.gate);
                self.shard.clone_from(&plan.shard);
                self.pages.clone_from(&plan.pages);
                self.vendors.clone_from(&plan.vendors);
            }
            Event::Notice(notice) => self.notices.push(notice.clone()),
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(case) => self.cases.push(CaseResult::clone(case)),
            Event::Finished(summary) => self.summary = summary.clone(),
        }
    }

    /// Returns whether another run had the same contracts, as far as both had the same vendors.
    pub(super) fn has_contracts_of(&self, run: &Self) -> bool {
        let is_whole = !self.contracts.is_empty() && !run.contracts.is_empty();
        if is_whole || !self.knows_digests() || !run.knows_digests() {
            return self.contracts == run.contracts;
        }
        run.vendors
            .iter()
            .all(|other| self.vendors.iter().all(|own| own.vendor != other.vendor || own.contracts == other.contracts))
    }

    /// Returns whether the contracts of the run are what they were then; of a run that left vendors out, those of the others.
    pub fn was_made_with(&self, loaded: &Loaded) -> bool {
        if !self.contracts.is_empty() || !self.knows_digests() {
            return self.contracts == loaded.digest;
        }
        self.vendors
            .iter()
            .all(|info| loaded.contracts.vendor(&info.vendor).is_some_and(|vendor| vendor.digest == info.contracts))
    }

    /// Returns whether the run has a digest of each vendor's contracts, which older ones have not.
    fn knows_digests(&self) -> bool {
        !self.vendors.is_empty() && self.vendors.iter().all(|info| !info.contracts.is_empty())
    }

    /// The same run with its cases in another form.
    pub fn with_cases<C>(self, cases: Vec<C>) -> Saved<C> {
        let Self {
            version, proviso, target, started, contracts, gate, shard, summary, notices, pages, vendors, ..
        } = self;
        Saved { version, proviso, target, started, contracts, gate, shard, summary, cases, notices, pages, vendors }
    }

    /// Puts everything into the one order that does not depend on which lane was faster, nor on how a run was cut into shards.
    pub(super) fn settle(&mut self) {
        self.pages.sort_by(|a, b| (&a.vendor, &a.operation).cmp(&(&b.vendor, &b.operation)));
        // A row's cases are known one by one where shards are merged.
        self.pages.iter_mut().flat_map(|page| &mut page.rows).for_each(|row| {
            if !row.cases.is_sorted() {
                Arc::make_mut(&mut row.cases).sort();
            }
        });
        let ids = self.pages.iter().flat_map(|page| &page.rows).flat_map(|row| row.cases.iter());
        let order: HashMap<&str, usize> = ids.enumerate().map(|(index, id)| (id.as_str(), index)).collect();
        let place = |case: &CaseResult| order.get(case.id.as_str()).copied().unwrap_or(usize::MAX);
        self.cases.sort_by(|a, b| (place(a), &a.id).cmp(&(place(b), &b.id)));
        for verdict in Verdict::ALL {
            self.summary.counts.entry(verdict).or_default();
        }
    }

    /// The plan with which it began.
    pub fn plan(&self) -> Plan {
        Plan {
            version: self.proviso.clone(),
            target: self.target.clone(),
            started: self.started.clone(),
            gate: self.gate.clone(),
            contracts: self.contracts.clone(),
            shard: self.shard.clone(),
            cases: self.cases.iter().map(|case| case.id.clone()).collect(),
            pages: self.pages.clone(),
            vendors: self.vendors.clone(),
        }
    }

    /// The events that would tell this run again.
    pub fn events(&self) -> impl Iterator<Item = Event> + '_ {
        let cases = self
            .cases
            .iter()
            .flat_map(|case| [Event::CaseStarted { id: case.id.clone() }, Event::CaseFinished(Box::new(case.clone()))]);
        std::iter::once(Event::Started(self.plan()))
            .chain(self.notices.iter().cloned().map(Event::Notice))
            .chain(cases)
            .chain(std::iter::once(Event::Finished(self.summary.clone())))
    }
}

/// The run as indented JSON with a line end.
pub(super) fn render(saved: &Saved) -> Rendered {
    Ok(visible::json(&serde_json::to_string_pretty(saved)?).into_owned() + "\n")
}

/// The JSON Schema of the shape.
pub fn schema() -> Value {
    schema_of::<Saved>("A report of proviso")
}

/// The JSON Schema of a shape that programs read.
pub(super) fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RestrictFormats::default());
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

/// A saved run that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read the report {}: {source}", path.display())]
    File {
        /// The path as typed.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is no report.
    #[error("{} is no report of proviso: at `{at}`: {source}", path.display())]
    Shape {
        /// The path as typed.
        path: PathBuf,
        /// The key at which it departs.
        at: String,
        /// How.
        source: serde_json::Error,
    },
    /// It is of a later shape.
    #[error("{} has version {version} of the report's shape, and this proviso reads version {VERSION}", path.display())]
    Version {
        /// The path as typed.
        path: PathBuf,
        /// The version in the file.
        version: u32,
    },
}

/// Reads a run back.
pub fn read(path: &Path) -> Result<Saved, ReadError> {
    /// What is looked at first, since a later shape need not fit the rest.
    #[derive(Deserialize)]
    struct Header {
        version: u32,
    }
    let text = std::fs::read(path).map_err(|source| ReadError::File { path: path.to_owned(), source })?;
    let header: Header = parse(path, &text)?;
    if header.version != VERSION {
        return Err(ReadError::Version { path: path.to_owned(), version: header.version });
    }
    parse(path, &text)
}

fn parse<'de, T: Deserialize<'de>>(path: &Path, text: &'de [u8]) -> Result<T, ReadError> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| ReadError::Shape {
        path: path.to_owned(),
        at: error.path().to_string(),
        source: error.into_inner(),
    })?;
    deserializer.end().map_err(|source| ReadError::Shape { path: path.to_owned(), at: ".".to_owned(), source })?;
    Ok(value)
}
