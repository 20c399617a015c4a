//! Which operations a method and a path may mean: one tree over the paths of all vendors, walked segment by segment.

use crate::contract::template::{Template, reference_at};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::HashMap;

/// The paths of all operations.
#[derive(Debug, Default)]
pub(super) struct Routes {
    root: Crossing,
}

/// What may follow after so many segments.
#[derive(Debug, Default)]
struct Crossing {
    named: HashMap<String, Crossing>,
    open: Vec<(Pattern, Crossing)>,
    stops: Vec<Stop>,
}

/// A segment with placeholders: the texts between which they stand.
#[derive(Debug, PartialEq, Eq)]
struct Pattern(Vec<String>);

/// The end of an operation's path.
#[derive(Debug)]
struct Stop {
    method: String,
    call: usize,
    /// What is in each open place.
    places: Vec<Place>,
}

/// What is in an open place of a path.
#[derive(Debug)]
enum Place {
    /// The id of a resource, which may be empty if a row says so.
    Id { resource: String, may_be_empty: bool },
    /// A text that refers to something.
    Text(Template),
}

/// An operation that a request may mean, with the ids in its path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arrival<'a> {
    /// The operation, as it was numbered when its path was added.
    pub(super) call: usize,
    /// The ids, by resource.
    pub(super) ids: Vec<(&'a str, Cow<'a, str>)>,
    /// The texts where the path refers to something.
    pub(super) texts: Vec<(&'a Template, Cow<'a, str>)>,
}

impl Routes {
    /// Adds an operation's path; `resource` tells of a placeholder the resource in it, and whether an empty id means something.
    pub(super) fn add(&mut self, method: &str, url: &str, call: usize, resource: impl Fn(&str) -> (String, bool)) {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let mut crossing = &mut self.root;
        let mut places = Vec::new();
        for segment in segments(path) {
            let (texts, names) = pieces(segment);
            places.extend(names.into_iter().map(|name| match name {
                Name::Placeholder(name) => {
                    let (resource, may_be_empty) = resource(name);
                    Place::Id { resource, may_be_empty }
                }
                Name::Reference(text) => Place::Text(Template::parse(text)),
            }));
            crossing = match texts.as_slice() {
                [name] => crossing.named.entry(decoded(name).into_owned()).or_default(),
                _ => crossing.open(Pattern(texts)),
            };
        }
        crossing.stops.push(Stop { method: method.to_owned(), call, places });
    }

    /// The wanted operations that a request may mean. A trailing slash is an empty id where that means something, else it is passed
    /// over; and where an empty id means something and nothing else is there, the slash before it may be left out.
    pub(super) fn find<'a>(&'a self, method: &str, path: &'a str, wanted: impl Fn(usize) -> bool) -> Vec<Arrival<'a>> {
        let means = |stop: &Stop| stop.method == method && wanted(stop.call);
        let whole: Vec<&str> = segments(path).collect();
        let found = self.walk(&whole, &means);
        if !found.is_empty() {
            return found;
        }
        if let Some((&"", shorter)) = whole.split_last() {
            return self.walk(shorter, &means);
        }
        let longer: Vec<&str> = whole.into_iter().chain([""]).collect();
        self.walk(&longer, &means)
    }

    fn walk<'a>(&'a self, segments: &[&'a str], means: &dyn Fn(&Stop) -> bool) -> Vec<Arrival<'a>> {
        let mut found = Vec::new();
        self.root.walk(segments, means, &mut Vec::new(), &mut found);
        found
    }
}

impl Crossing {
    /// The crossing behind a pattern; those that say more are tried first.
    fn open(&mut self, pattern: Pattern) -> &mut Crossing {
        let known = self.open.iter().position(|(known, _)| *known == pattern);
        let index = known.unwrap_or_else(|| {
            let says_less = |(known, _): &(Pattern, Crossing)| known.letters() < pattern.letters();
            let index = self.open.iter().position(says_less).unwrap_or(self.open.len());
            self.open.insert(index, (pattern, Crossing::default()));
            index
        });
        #[expect(clippy::indexing_slicing, reason = "the index was found or made just before")]
        &mut self.open[index].1
    }

    fn walk<'a>(
        &'a self,
        segments: &[&'a str],
        means: &dyn Fn(&Stop) -> bool,
        values: &mut Vec<Cow<'a, str>>,
        found: &mut Vec<Arrival<'a>>,
    ) {
        let Some((segment, rest)) = segments.split_first() else {
            let stops = self.stops.iter().filter(|stop| means(stop));
            found.extend(stops.filter_map(|stop| stop.arrive(values)));
            return;
        };
        if let Some(next) = self.named.get(decoded(segment).as_ref()) {
            next.walk(rest, means, values, found);
        }
        for (pattern, next) in &self.open {
            let before = values.len();
            if pattern.read(segment, values) {
                next.walk(rest, means, values, found);
            }
            values.truncate(before);
        }
    }
}

impl Stop {
    fn arrive<'a>(&'a self, values: &[Cow<'a, str>]) -> Option<Arrival<'a>> {
        let mut arrival = Arrival { call: self.call, ids: Vec::new(), texts: Vec::new() };
        for (place, value) in self.places.iter().zip(values) {
            match place {
                Place::Id { may_be_empty: false, .. } if value.is_empty() => return None,
                Place::Id { resource, .. } => arrival.ids.push((resource, value.clone())),
                Place::Text(template) => arrival.texts.push((template, value.clone())),
            }
        }
        Some(arrival)
    }
}

impl Pattern {
    /// How many letters it fixes.
    fn letters(&self) -> usize {
        self.0.iter().map(String::len).sum()
    }

    /// Reads the values between the texts, as short as they can be; false where the texts are not there.
    fn read<'a>(&self, segment: &'a str, values: &mut Vec<Cow<'a, str>>) -> bool {
        let Some((first, others)) = self.0.split_first() else { return false };
        let Some(mut rest) = segment.strip_prefix(first.as_str()) else { return false };
        let Some((last, inner)) = others.split_last() else { return rest.is_empty() };
        for text in inner {
            let Some((value, after)) = rest.split_once(text.as_str()) else { return false };
            values.push(decoded(value));
            rest = after;
        }
        rest.strip_suffix(last.as_str()).is_some_and(|value| {
            values.push(decoded(value));
            true
        })
    }
}

/// The segments of a path, which begins with a slash.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// What an open place of a segment is called.
enum Name<'a> {
    /// The name of a placeholder.
    Placeholder(&'a str),
    /// A reference, with its dollar.
    Reference(&'a str),
}

/// The texts of a segment between its open places, and what is in those.
fn pieces(segment: &str) -> (Vec<String>, Vec<Name<'_>>) {
    let (mut texts, mut names, mut text) = (Vec::new(), Vec::new(), String::new());
    let mut rest = segment;
    while let Some(at) = rest.find(['{', '$']) {
        let (before, open) = rest.split_at(at);
        text.push_str(before);
        let placeholder = open.strip_prefix('{').and_then(|open| open.split_once('}'));
        let (name, after) = match placeholder {
            Some((name, after)) => (Some(Name::Placeholder(name)), after),
            None => match reference_at(open) {
                Some((reference, after)) => (Some(Name::Reference(reference)), after),
                None => (None, open.get(1..).unwrap_or_default()),
            },
        };
        match name {
            Some(name) => {
                texts.push(std::mem::take(&mut text));
                names.push(name);
            }
            None => text.push_str(open.get(..1).unwrap_or_default()),
        }
        rest = after;
    }
    text.push_str(rest);
    texts.push(text);
    (texts, names)
}

fn decoded(segment: &str) -> Cow<'_, str> {
    if segment.contains('%') { percent_decode_str(segment).decode_utf8_lossy() } else { Cow::Borrowed(segment) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes {
        let mut routes = Routes::default();
        let urls = [
            ("POST", "/links"),
            ("GET", "/links/{link}"),
            ("DELETE", "/links/{empty}"),
            ("GET", "/links/{link}/cards/{card}"),
            ("GET", "/links/{link}.pdf"),
            ("GET", "/links/search"),
            ("GET", "/{link}/x"),
        ];
        for (call, (method, url)) in urls.into_iter().enumerate() {
            routes.add(method, url, call, |name| (name.to_owned(), name == "empty"));
        }
        routes
    }

    fn found(method: &str, path: &str) -> Vec<(usize, String)> {
        let routes = routes();
        let told = |arrival: Arrival<'_>| {
            let ids: Vec<_> = arrival.ids.iter().map(|(name, id)| format!("{name}={id}")).collect();
            (arrival.call, ids.join(","))
        };
        routes.find(method, path, |_| true).into_iter().map(told).collect()
    }

    fn one(call: usize, ids: &str) -> Vec<(usize, String)> {
        vec![(call, ids.to_owned())]
    }

    #[test]
    fn paths_are_matched_whole_and_ids_read_from_them() {
        assert_eq!(found("POST", "/links"), one(0, ""));
        assert_eq!(found("GET", "/links/a"), one(1, "link=a"));
        assert_eq!(found("GET", "/links/a/cards/b"), one(3, "link=a,card=b"));
        assert_eq!(found("GET", "/a/x"), one(6, "link=a"));
        assert_eq!(found("GET", "/linksabc"), []);
        assert_eq!(found("GET", "/links/a/b"), []);
        assert_eq!(found("PUT", "/links/a"), []);
    }

    #[test]
    fn a_name_that_is_written_out_comes_before_an_id() {
        assert_eq!(found("GET", "/links/search").first(), Some(&(5, String::new())));
        assert_eq!(found("GET", "/links/a.pdf").first(), Some(&(4, "link=a".to_owned())));
    }

    #[test]
    fn ids_are_decoded_after_the_path_is_split() {
        assert_eq!(found("GET", "/links/a%2Fb%20c"), one(1, "link=a/b c"));
        assert_eq!(found("GET", "/%6Cinks/a"), one(1, "link=a"));
        assert_eq!(found("GET", "/links/%ff%"), one(1, "link=\u{fffd}%"));
    }

    #[test]
    fn an_empty_id_means_something_only_where_a_row_is_about_it() {
        assert_eq!(found("DELETE", "/links/"), one(2, "empty="));
        assert_eq!(found("DELETE", "/links"), one(2, "empty="));
        assert_eq!(found("GET", "/links/"), []);
        assert_eq!(found("POST", "/links/"), one(0, ""));
        assert_eq!(found("GET", "/links/a/"), one(1, "link=a"));
    }

    #[test]
    fn odd_paths_end() {
        for path in ["", "/", "//", "/links//cards/b", "*", "/{link}", &"/x".repeat(10_000)] {
            found("GET", path);
        }
    }
}
