//! One way in which an answer departs from what is documented.

use crate::contract::{Outcome, OutcomeId, RowId};
use crate::text::source::Place;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// A departure: what, where in the answer, where in the contract, and by which sentence of the page.
#[derive(Clone, PartialEq)]
pub struct Finding {
    /// What kind of departure.
    pub code: FindingCode,
    /// One line: what is wrong.
    pub message: String,
    /// Where in the answer: `status`, `body`, `header NAME`, a JSON Pointer, or `state`.
    pub place: String,
    /// Where the contract promises otherwise.
    pub at: Place,
    /// The clause that says so, where one clause does.
    pub clause: Option<String>,
    /// Why it is expected, where no page says so.
    pub inferred: Option<String>,
    /// The outcome that the answer was checked against.
    pub outcome: Option<OutcomeId>,
    /// The row of the read that showed it, where a read afterwards did.
    pub read: Option<RowId>,
    /// What was promised.
    pub expected: Option<Value>,
    /// What came.
    pub actual: Option<Value>,
    /// Whether what came is hidden, since its place has the name of a secret.
    pub hidden: bool,
}

/// The kinds of departure; their names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// Another status than documented.
    Status,
    /// A promised header is missing or has another value.
    Header,
    /// Another media type than promised.
    MediaType,
    /// The body is not JSON where JSON is promised.
    NotJson,
    /// A key stands twice in an object of the answer.
    DuplicateKey,
    /// A body where none is promised, or none where text is.
    Body,
    /// A promised field is not there.
    FieldMissing,
    /// A field is of another type.
    FieldType,
    /// A field has another value than promised.
    FieldValue,
    /// A field departs from its schema in another way.
    FieldSchema,
    /// The error code is another one.
    ErrorCode,
    /// The state afterwards is not the documented one.
    State,
    /// The answer says live mode where test mode was meant.
    LiveMode,
}

impl FindingCode {
    /// Every kind, with what it means.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Status, "The status is none that the outcome documents."),
        (Self::Header, "A promised header is missing, or has another value."),
        (Self::MediaType, "The media type is not the one that the body's promise implies or the outcome names."),
        (Self::NotJson, "The body cannot be read as JSON, and JSON is promised."),
        (Self::DuplicateKey, "A key stands twice in one object, so that readers may take either value."),
        (Self::Body, "There is a body where none is promised, or none where text is."),
        (Self::FieldMissing, "A promised field is not in the answer."),
        (Self::FieldType, "A field is of another type than promised."),
        (Self::FieldValue, "A field has another value than the promised constant."),
        (Self::FieldSchema, "A field departs from its promised schema: a pattern, a format, a bound."),
        (Self::ErrorCode, "The error code is another one than documented for this cause."),
        (Self::State, "The vendor's state afterwards is not the documented one: nothing changed, or something did."),
        (Self::LiveMode, "The answer says that it is live where a test was meant. Stop and look at the credentials."),
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Header => "header",
            Self::MediaType => "media-type",
            Self::NotJson => "not-json",
            Self::DuplicateKey => "duplicate-key",
            Self::Body => "body",
            Self::FieldMissing => "field-missing",
            Self::FieldType => "field-type",
            Self::FieldValue => "field-value",
            Self::FieldSchema => "field-schema",
            Self::ErrorCode => "error-code",
            Self::State => "state",
            Self::LiveMode => "live-mode",
        }
    }
}

impl Finding {
    /// A departure from an outcome.
    pub fn new(code: FindingCode, outcome: &Outcome, place: impl Into<String>, message: impl Into<String>) -> Self {
        let place = place.into();
        let (clause, hidden) = (clause_for(outcome, code, &place), outcome.shown.hides(&place));
        let whole = Self::of_row(code, outcome.at.clone(), place, message);
        Self { clause, hidden, outcome: Some(outcome.id), ..whole }
    }

    /// A departure from what a row says, and from no outcome.
    pub(crate) fn of_row(code: FindingCode, at: Place, place: impl Into<String>, message: impl Into<String>) -> Self {
        let (place, message) = (place.into(), message.into());
        let (clause, inferred, outcome, read, expected, actual) = (None, None, None, None, None, None);
        Self { code, message, place, at, clause, inferred, outcome, read, expected, actual, hidden: false }
    }

    /// What is wrong, in one line, without a value whose place has the name of a secret.
    pub fn words(&self) -> Cow<'_, str> {
        if self.hidden && self.actual.is_some() {
            return format!("the value of {} is hidden, and it is not what is promised", self.place).into();
        }
        Cow::Borrowed(&self.message)
    }

    /// The same, with where the contract promises otherwise.
    #[must_use]
    pub fn at(mut self, at: Place) -> Self {
        self.at = at;
        self
    }

    /// The same, with what was promised and what came; what would fill memory is only described.
    #[must_use]
    pub fn values(mut self, expected: impl Into<Option<Value>>, actual: impl Into<Option<Value>>) -> Self {
        self.expected = expected.into();
        self.actual =
            actual.into().map(|actual| if is_light(&actual, &mut { MOST }) { actual } else { size(&actual).into() });
        self
    }
}

/// A vendor may echo credentials, so only the kind and the place are shown.
impl fmt::Debug for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}] at {}", self.code.as_str(), self.place)
    }
}

/// How much of an answer is told of one finding.
const MOST: usize = 100_000;

/// Whether a value is no larger than what is left; it is taken off.
fn is_light(value: &Value, left: &mut usize) -> bool {
    let length = value.as_str().map_or(0, str::len);
    *left = left.saturating_sub(10 + length);
    *left > 0
        && match value {
            Value::Array(items) => items.iter().all(|item| is_light(item, left)),
            Value::Object(map) => map.values().all(|value| is_light(value, left)),
            _ => true,
        }
}

/// How large a value is, in words.
pub(super) fn size(value: &Value) -> String {
    match value {
        Value::String(text) => format!("a text of {} characters", text.chars().count()),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(map) => format!("an object of {} fields", map.len()),
        other => other.to_string(),
    }
}

/// The clause among those that an outcome cites whose last part names what departs.
fn clause_for(outcome: &Outcome, code: FindingCode, place: &str) -> Option<String> {
    let ends = |word: &str| outcome.cites.iter().find(|clause| clause.rsplit('.').next() == Some(word)).cloned();
    let by_field = || place.split('/').skip(1).collect::<Vec<_>>().into_iter().rev().find_map(ends);
    // A section that is cited whole has a clause of the field's name, or none of the field.
    let by_section = || {
        let section = outcome.cites.iter().find_map(|cite| cite.strip_suffix('*'))?;
        let field = place.rsplit_once('/')?.1;
        Some(format!("{section}{field}"))
    };
    match code {
        FindingCode::Status => ends("status"),
        FindingCode::ErrorCode => {
            let errors = outcome.cites.iter().find(|clause| clause.starts_with("errors.")).cloned();
            errors.or_else(|| ends("code")).or_else(by_field).or_else(by_section)
        }
        _ => by_field().or_else(by_section),
    }
}
