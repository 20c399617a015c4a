//! A request as a line for a POSIX shell that sends it again, with secrets as variables and everything else as text.

use crate::http::exchange::Request;
use crate::http::send::{has_length, sent_url};
use crate::run::shell::{is_plain, printf, variable, word};
use crate::run::teller::Teller;
use crate::text::secret::{self, Piece, Showing, Written, basic_pair, percent};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A line for a shell.
pub(crate) struct Command {
    /// The line, without a line end.
    pub(crate) text: String,
    /// The variables that it reads.
    pub(crate) variables: BTreeSet<String>,
}

/// A text that stands in a shell's variable by the time that a line runs, such as an id that an answer before has brought.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// The text.
    pub(crate) text: String,
    /// The variable.
    pub(crate) variable: String,
}

/// A longer body is given to curl by a pipe, since a system takes no argument of any length.
const LONGEST_ARGUMENT: usize = 64 * 1024;

impl Teller<'_> {
    /// A line that sends a request again, with secrets as variables, but for those that were made up for it, and with others in
    /// place of texts that are only known when it is sent again.
    pub(crate) fn command(
        &self,
        flags: &str,
        request: &Request,
        drawn: &BTreeMap<String, Value>,
        named: &[Named],
    ) -> Command {
        let showing = Showing::Request(drawn);
        let mut line = Line { teller: *self, showing, named, variables: BTreeSet::new(), words: Vec::new() };
        // Neither braces nor dots in a URL are curl's business.
        line.push(["curl", flags, "-g", "--path-as-is"]);
        let body = request.body.as_deref().or_else(|| has_length(&request.method).then_some(&[]));
        match request.method.as_str() {
            "GET" if body.is_none() => {}
            "HEAD" if body.is_none() => line.push(["--head"]),
            plain if plain.bytes().all(|letter| letter.is_ascii_uppercase()) => line.push(["-X", plain]),
            method => line.option("-X", method),
        }
        line.word(sent_url(&request.url).unwrap_or_else(|| request.url.clone()).as_bytes());
        line.headers(request, body.is_some());
        let piped = body.and_then(|body| line.body(body));
        let Line { words, variables, .. } = line;
        Command { text: piped.into_iter().chain([words.join(" ")]).collect::<Vec<_>>().join(" | "), variables }
    }
}

/// A line under construction.
struct Line<'a> {
    teller: Teller<'a>,
    showing: Showing<'a>,
    named: &'a [Named],
    variables: BTreeSet<String>,
    words: Vec<String>,
}

impl Line<'_> {
    fn push<const N: usize>(&mut self, words: [&str; N]) {
        self.words.extend(words.map(str::to_owned));
    }

    fn word(&mut self, bytes: &[u8]) {
        let pieces = self.pieces(bytes);
        self.words.push(word(&pieces));
    }

    fn option(&mut self, option: &str, text: &str) {
        self.push([option]);
        self.word(text.as_bytes());
    }

    fn headers(&mut self, request: &Request, has_body: bool) {
        for (name, value) in request.headers.iter() {
            let told = self.teller.redactor.header_pieces(name, value, self.showing);
            let by_name = told.iter().any(|piece| piece.is_variable(&secret::variable(name)));
            match basic(name, value).filter(|_| !by_name) {
                Some(pair) => self.option("-u", &pair),
                // Without a value, a colon would take the header away.
                None if value.trim().is_empty() => self.option("-H", &format!("{name};")),
                None => {
                    let head = format!("{name}: ");
                    let mut pieces = self.pieces(head.as_bytes());
                    pieces.extend(self.named(told));
                    self.words.extend(["-H".to_owned(), word(&pieces)]);
                }
            }
        }
        if has_body && request.headers.get("content-type").is_none() {
            // With a body curl would send one of its own.
            self.option("-H", "Content-Type:");
        }
    }

    /// Adds the body; where no argument can hold it, what has to be piped into curl.
    fn body(&mut self, body: &[u8]) -> Option<String> {
        let pieces = self.pieces(body);
        if body.len() <= LONGEST_ARGUMENT && is_plain(&pieces) {
            // Neither a file nor anything else that a first letter could mean.
            self.words.extend(["--data-raw".to_owned(), word(&pieces)]);
            return None;
        }
        self.push(["--data-binary", "@-"]);
        Some(printf(&pieces))
    }

    /// Tells text from variables, and notes the variables.
    fn pieces<'b>(&mut self, bytes: &'b [u8]) -> Vec<Piece<'b>> {
        let pieces = self.teller.redactor.pieces(bytes, self.showing);
        self.named(pieces)
    }

    /// The same pieces, with variables in place of texts that are only known when the line runs.
    fn named<'b>(&mut self, mut pieces: Vec<Piece<'b>>) -> Vec<Piece<'b>> {
        for Named { text, variable } in self.named {
            let encoded = percent(text);
            for (text, written) in [(text, Written::Plain), (&encoded, Written::Percent)] {
                pieces = pieces.into_iter().flat_map(|piece| split(piece, text, variable, written)).collect();
            }
        }
        let names = pieces.iter().filter_map(|piece| match piece {
            Piece::Variable { name, .. } => Some(variable(name)),
            Piece::Text(_) => None,
        });
        self.variables.extend(names);
        pieces
    }
}

/// A piece with a variable in place of a text.
fn split<'a>(piece: Piece<'a>, text: &str, name: &str, written: Written) -> Vec<Piece<'a>> {
    let Piece::Text(mut rest) = piece else { return vec![piece] };
    let mut pieces = Vec::new();
    while let Some(at) = find(rest, text.as_bytes()) {
        pieces.push(Piece::Text(rest.get(..at).unwrap_or_default()));
        pieces.push(Piece::Variable { name: name.into(), written });
        rest = rest.get(at + text.len()..).unwrap_or_default();
    }
    pieces.push(Piece::Text(rest));
    pieces
}

fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    if text.is_empty() { None } else { bytes.windows(text.len()).position(|window| window == text) }
}

/// The pair of Basic credentials in a header, where a word can hold it.
fn basic(name: &str, value: &str) -> Option<String> {
    let pair = basic_pair(value).filter(|_| name.eq_ignore_ascii_case("authorization"))?;
    let pair = String::from_utf8(pair).ok()?;
    (pair.contains(':') && !pair.contains(['\n', '\0'])).then_some(pair)
}
