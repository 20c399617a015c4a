//! Values that are secret by the name that they have: of a field, a parameter, a cookie, a field of a head.

use super::Hit;
use std::ops::Range;

/// The names, in small letters and without what separates words. They count at the end of a longer name too: `user_password`.
pub const SECRET_NAMES: [&str; 48] = [
    "accesskey",
    "accesstoken",
    "apikey",
    "apisecret",
    "apitoken",
    "appsecret",
    "authkey",
    "authorization",
    "authtoken",
    "bearertoken",
    "clientassertion",
    "clientsecret",
    "codeverifier",
    "consumersecret",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "csrftoken",
    "cvc",
    "cvv",
    "encryptionkey",
    "hmac",
    "idtoken",
    "jwt",
    "oauthtoken",
    "oauthtokensecret",
    "onetimepassword",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "proxyauthorization",
    "pwd",
    "refreshtoken",
    "secret",
    "secretkey",
    "securitycode",
    "securitytoken",
    "sessionkey",
    "sessiontoken",
    "setcookie",
    "sharedsecret",
    "signature",
    "signingkey",
    "signingsecret",
    "webhooksecret",
    "xsrftoken",
];

/// Those that are names of a head's fields. In a body they may name a thing, such as the authorization of a payment, so there
/// only a text under them is hidden.
const OF_HEADS: [&str; 5] = ["authorization", "cookie", "cookies", "proxyauthorization", "setcookie"];

/// The longest name that is looked at.
const LONGEST: usize = 64;

/// What an answer holds under names of secrets and is shown all the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Pointers to fields; what is below them is shown too.
    pub places: Vec<String>,
    /// Names of header fields.
    pub headers: Vec<String>,
}

impl Shown {
    /// Whether the value at a place of an answer is hidden: at a JSON Pointer, or in a field that is written as `header NAME`.
    pub fn hides(&self, place: &str) -> bool {
        if let Some(name) = place.strip_prefix("header ") {
            return is_secret(name) && !self.headers.iter().any(|shown| shown.eq_ignore_ascii_case(name));
        }
        let Some((above, last)) = place.rsplit_once('/') else { return false };
        let hidden = is_secret(last) || above.split('/').any(holds_secrets);
        hidden && !self.shows(place)
    }

    fn shows(&self, pointer: &str) -> bool {
        let within = |shown: &&String| {
            pointer.strip_prefix(shown.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.places.iter().filter(|shown| !shown.is_empty()).any(|shown| within(&shown))
    }
}

/// Whether what has this name is a secret.
pub fn is_secret(name: &str) -> bool {
    known(name).is_some()
}

/// Whether an object or a list of this name is a secret.
fn holds_secrets(name: &str) -> bool {
    known(name).is_some_and(|known| !OF_HEADS.contains(&known))
}

/// The known name with which a name ends, beginning where one of its words begins.
fn known(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix("[]").unwrap_or(name).trim_end_matches(']').as_bytes();
    let (mut letters, mut length) = ([0; LONGEST], 0);
    let mut starts = [0; LONGEST];
    let (mut words, mut before) = (0, None::<u8>);
    for byte in name {
        if byte.is_ascii_alphanumeric() {
            let begins = before.is_none_or(|before| {
                !before.is_ascii_alphanumeric() || before.is_ascii_lowercase() && byte.is_ascii_uppercase()
            });
            if begins {
                *starts.get_mut(words)? = length;
                words += 1;
            }
            *letters.get_mut(length)? = byte.to_ascii_lowercase();
            length += 1;
        }
        before = Some(*byte);
    }
    let end = |start: &usize| {
        SECRET_NAMES.binary_search_by(|known| known.as_bytes().cmp(letters.get(*start..length).unwrap_or_default()))
    };
    let found = starts.get(..words)?.iter().find_map(|start| end(start).ok())?;
    SECRET_NAMES.get(found).copied()
}

/// The name of a shell's variable that is written in place of a value: `access_token` is `ACCESS_TOKEN`.
pub fn variable(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    name.trim_start_matches('/').chars().map(letter).collect()
}

/// A value that its name hides.
struct Value {
    range: Range<usize>,
    /// What the replacement is written between, where the value itself is no text: quotes as the name has them.
    quotes: Vec<u8>,
}

/// Every stretch of a text that is a value under a name of secrets: `"name": value`, `name=value`, or a line `Name: value`.
pub(super) fn find(bytes: &[u8], shown: &Shown) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    while let Some(sign) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b':' | b'='))) {
        at += sign;
        if let Some((name, value)) = value_at(bytes, at) {
            at = value.range.end.max(at);
            hits.push(Hit::named(&variable(name), value.range, value.quotes));
        }
        at += 1;
    }
    if !hits.is_empty() && !shown.places.is_empty() {
        let seen = shown_values(bytes, shown);
        let around = |hit: &Hit| seen.get(seen.partition_point(|shown| shown.start <= hit.range.start).checked_sub(1)?);
        hits.retain(|hit| around(hit).is_none_or(|shown| shown.end < hit.range.end));
    }
    hits
}

/// The name before a sign, and the value behind it, if the name hides it.
fn value_at(bytes: &[u8], at: usize) -> Option<(&str, Value)> {
    let before = bytes.get(..at)?;
    match bytes.get(at)? {
        b'=' => {
            let name = word(before).filter(|name| is_secret(name))?;
            Some((name, parameter(bytes, at + 1)?))
        }
        _ => match quoted_name(before) {
            Some((name, escapes)) => Some((name, field(bytes, at + 1, escapes, known(name)?)?)),
            None => {
                line(before).filter(|name| is_secret(name)).and_then(|name| Some((name, rest_of_line(bytes, at + 1)?)))
            }
        },
    }
}

/// The word with which bytes end.
fn word(bytes: &[u8]) -> Option<&str> {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.[]".contains(byte);
    let length = bytes.iter().rev().take(LONGEST).take_while(part).count();
    std::str::from_utf8(bytes.get(bytes.len() - length..)?).ok().filter(|word| !word.is_empty())
}

/// The word that is all of the last line.
fn line(bytes: &[u8]) -> Option<&str> {
    let name = word(bytes)?;
    let before = bytes.get(..bytes.len() - name.len())?;
    match before.last() {
        None | Some(b'\n' | b'\r') => {
            Some(name).filter(|name| name.contains('-') || OF_HEADS.contains(&known(name).unwrap_or_default()))
        }
        // A line end that is itself escaped.
        Some(b'\\') => line(name.strip_prefix('n')?.as_bytes()),
        Some(_) => None,
    }
}

/// The name in quotes with which bytes end, and how many backslashes are before each of its quotes.
fn quoted_name(bytes: &[u8]) -> Option<(&str, usize)> {
    let bytes = bytes.trim_ascii_end().strip_suffix(b"\"")?;
    let escapes = backslashes(bytes);
    let inner = bytes.get(..bytes.len() - escapes)?;
    let length = inner.iter().rev().take(LONGEST + 1).position(|byte| *byte == b'"')?;
    let name = inner.get(inner.len() - length..)?;
    Some((std::str::from_utf8(name).ok()?, escapes))
}

/// How many backslashes bytes end with.
fn backslashes(bytes: &[u8]) -> usize {
    bytes.iter().rev().take_while(|byte| **byte == b'\\').count()
}

/// A field's value, as JSON has it, with so many backslashes before each quote.
fn field(bytes: &[u8], from: usize, escapes: usize, known: &str) -> Option<Value> {
    let rest = bytes.get(from..)?;
    let start = from + (rest.len() - rest.trim_ascii_start().len());
    let rest = bytes.get(start..)?;
    let mut quote = vec![b'\\'; escapes];
    quote.push(b'"');
    if rest.starts_with(&quote) {
        let inner = start + quote.len();
        let end = text_end(bytes, inner, escapes);
        return whole(bytes, inner..end, Vec::new());
    }
    let length = match rest.first()? {
        b'{' | b'[' if OF_HEADS.contains(&known) => return None,
        b'{' | b'[' => container(rest, escapes),
        _ => rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count(),
    };
    let written = rest.get(..length)?;
    let says_nothing = [&b"null"[..], b"true", b"false", b"{}", b"[]", b""].contains(&written);
    if says_nothing { None } else { whole(bytes, start..start + length, quote) }
}

/// Where a text ends whose quotes have so many backslashes before them.
fn text_end(bytes: &[u8], from: usize, escapes: usize) -> usize {
    let mut run = 0;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'\\' => run += 1,
            b'"' if run % (2 * (escapes + 1)) == escapes => return at - escapes,
            _ => run = 0,
        }
    }
    bytes.len()
}

/// How long an object or a list is; one that does not end is as long as what there is.
fn container(bytes: &[u8], escapes: usize) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => at = text_end(bytes, at + 1, escapes) + escapes,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// A parameter's value: what follows up to a sign that no encoder leaves in it, or what is in quotes.
fn parameter(bytes: &[u8], from: usize) -> Option<Value> {
    let rest = bytes.get(from..)?;
    if let Some(inner) = rest.strip_prefix(b"\"") {
        let end = inner.iter().position(|byte| *byte == b'"').unwrap_or(inner.len());
        return whole(bytes, from + 1..from + 1 + end, Vec::new());
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"&;#\"<>\\`".contains(byte);
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    if rest.starts_with(b"=") { None } else { whole(bytes, from..from + length, Vec::new()) }
}

fn rest_of_line(bytes: &[u8], from: usize) -> Option<Value> {
    let rest = bytes.get(from..)?;
    let start = from + rest.iter().take_while(|byte| **byte == b' ').count();
    let rest = bytes.get(start..)?;
    let length = rest.iter().position(|byte| b"\r\n\\\"".contains(byte)).unwrap_or(rest.len());
    whole(bytes, start..start + length, Vec::new())
}

/// A value, unless there is nothing or the name of a variable already.
fn whole(bytes: &[u8], range: Range<usize>, quotes: Vec<u8>) -> Option<Value> {
    let written = bytes.get(range.clone()).filter(|written| !written.is_empty())?;
    let is_variable =
        |name: &[u8]| name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    let replaced = written.strip_prefix(b"$").is_some_and(is_variable);
    (!replaced).then_some(Value { range, quotes })
}

/// Where the values are that are shown, in their order: in JSON by their pointers, in a form by their names.
fn shown_values(bytes: &[u8], shown: &Shown) -> Vec<Range<usize>> {
    if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return parameters(bytes, shown);
    }
    let mut places = Places { bytes, shown, at: 0, found: Vec::new() };
    places.value(&mut String::new(), 0);
    places.found
}

fn parameters(bytes: &[u8], shown: &Shown) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for pair in bytes.split(|byte| *byte == b'&') {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        if shown.shows(&format!("/{}", String::from_utf8_lossy(name))) {
            found.push(start..start + pair.len());
        }
        start += pair.len() + 1;
    }
    found
}

/// How deep a shown value may be.
const DEEPEST: usize = 64;

/// Reads JSON for where its values are.
struct Places<'a> {
    bytes: &'a [u8],
    shown: &'a Shown,
    at: usize,
    found: Vec<Range<usize>>,
}

impl Places<'_> {
    /// Passes the value that is next, whose pointer this is.
    fn value(&mut self, pointer: &mut String, depth: usize) -> Option<()> {
        self.blanks();
        let start = self.at;
        let shows = self.shown.shows(pointer);
        match self.bytes.get(start)? {
            b'"' => self.text().map(drop)?,
            b'{' | b'[' if depth < DEEPEST && !shows => self.inside(pointer, depth)?,
            b'{' | b'[' => self.at += container(self.bytes.get(start..)?, 0),
            _ => self.at += self.bytes.get(start..)?.iter().take_while(|byte| !b",]} \t\r\n".contains(byte)).count(),
        }
        if shows {
            self.found.push(start..self.at);
        }
        (self.at > start).then_some(())
    }

    fn inside(&mut self, pointer: &mut String, depth: usize) -> Option<()> {
        let named = self.bytes.get(self.at) == Some(&b'{');
        let length = pointer.len();
        for index in 0_usize.. {
            self.at += 1;
            self.blanks();
            if matches!(self.bytes.get(self.at)?, b'}' | b']') {
                break;
            }
            let name = if named { self.key()? } else { index.to_string() };
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            self.value(pointer, depth + 1)?;
            pointer.truncate(length);
            self.blanks();
            if self.bytes.get(self.at)? != &b',' {
                break;
            }
        }
        self.at += 1;
        Some(())
    }

    /// A name and the colon behind it.
    fn key(&mut self) -> Option<String> {
        let written = self.text()?;
        let name = serde_json::from_slice(self.bytes.get(written)?).ok()?;
        self.blanks();
        self.at += usize::from(self.bytes.get(self.at)? == &b':');
        Some(name)
    }

    fn text(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        self.bytes.get(start).filter(|byte| **byte == b'"')?;
        self.at = (text_end(self.bytes, start + 1, 0) + 1).min(self.bytes.len());
        Some(start..self.at)
    }

    fn blanks(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.len() - rest.trim_ascii_start().len();
    }
}
