//! The operations that a path may mean: one tree over the paths of all vendors, walked segment by segment.

use crate::contract::template::{Template, reference_at};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::HashMap;

/// The paths of all operations, each with its target.
#[derive(Debug)]
pub(super) struct Routes<T> {
    root: Crossing<T>,
}

/// The continuations after so many segments.
#[derive(Debug)]
struct Crossing<T> {
    named: HashMap<String, Crossing<T>>,
    open: Vec<(SegmentPattern, Crossing<T>)>,
    ends: Vec<RouteEnd<T>>,
}

/// A segment with placeholders: the texts between them.
#[derive(Debug, PartialEq, Eq)]
struct SegmentPattern(Vec<String>);

/// The end of an operation's path.
#[derive(Debug)]
struct RouteEnd<T> {
    target: T,
    places: Vec<OpenPlace>,
}

/// The meaning of an open place in a path.
#[derive(Debug)]
enum OpenPlace {
    Id(Placeholder),
    /// A text that refers to something.
    Text(Template),
}

/// The meaning of a placeholder in a path.
#[derive(Debug)]
pub(super) struct Placeholder {
    /// The resource whose id it is.
    pub(super) resource: String,
    /// True where an empty id means something.
    pub(super) may_be_empty: bool,
}

/// An operation that a request may mean, with the ids in its path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arrival<'a, T> {
    /// The target of the operation's path.
    pub(super) target: T,
    /// The ids, by resource.
    pub(super) ids: Vec<(&'a str, Cow<'a, str>)>,
    /// The texts where the path refers to something.
    pub(super) texts: Vec<(&'a Template, Cow<'a, str>)>,
}

impl<T: Copy> Routes<T> {
    /// Adds the path of a target; `meaning` is that of each placeholder in it.
    pub(super) fn add_path(&mut self, url: &str, target: T, meaning: impl Fn(&str) -> Placeholder) {
        let path = url.split_once(['?', '#']).map_or(url, |(path, _)| path);
        let mut crossing = &mut self.root;
        let mut places = Vec::new();
        for segment in path_segments(path) {
            let (texts, names) = split_pattern(segment);
            places.extend(names.into_iter().map(|name| match name {
                PlaceName::Placeholder(name) => OpenPlace::Id(meaning(name)),
                PlaceName::Reference(text) => OpenPlace::Text(Template::parse(text)),
            }));
            crossing = match texts.as_slice() {
                [name] => crossing.named.entry(decode_segment(name).into_owned()).or_default(),
                _ => crossing.open_pattern(SegmentPattern(texts)),
            };
        }
        crossing.ends.push(RouteEnd { target, places });
    }

    /// The wanted targets that a path may mean. A trailing slash is an empty id where that means something, else it is passed
    /// over; and where an empty id means something and nothing else is there, the slash before it may be left out.
    pub(super) fn find<'a>(&'a self, path: &'a str, wanted: impl Fn(T) -> bool) -> Vec<Arrival<'a, T>> {
        let mut segments: Vec<&str> = path_segments(path).collect();
        let found = self.walk_from_root(&segments, &wanted);
        if !found.is_empty() {
            return found;
        }
        match segments.pop() {
            Some("") => {}
            last => segments.extend(last.into_iter().chain([""])),
        }
        self.walk_from_root(&segments, &wanted)
    }

    fn walk_from_root<'a>(&'a self, segments: &[&'a str], wanted: &dyn Fn(T) -> bool) -> Vec<Arrival<'a, T>> {
        let mut found = Vec::new();
        self.root.walk(segments, wanted, &mut Vec::new(), &mut found);
        found
    }
}

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self { root: Crossing::default() }
    }
}

impl<T> Default for Crossing<T> {
    fn default() -> Self {
        Self { named: HashMap::new(), open: Vec::new(), ends: Vec::new() }
    }
}

impl<T: Copy> Crossing<T> {
    /// The crossing behind a pattern; those that fix more letters are tried first.
    fn open_pattern(&mut self, pattern: SegmentPattern) -> &mut Self {
        let known = self.open.iter().position(|(known, _)| *known == pattern);
        let index = known.unwrap_or_else(|| {
            let index = self.open.partition_point(|(known, _)| known.letters() >= pattern.letters());
            self.open.insert(index, (pattern, Self::default()));
            index
        });
        #[expect(clippy::indexing_slicing, reason = "the index was found or made just before")]
        &mut self.open[index].1
    }

    fn walk<'a>(
        &'a self,
        segments: &[&'a str],
        wanted: &dyn Fn(T) -> bool,
        values: &mut Vec<Cow<'a, str>>,
        found: &mut Vec<Arrival<'a, T>>,
    ) {
        let Some((segment, rest)) = segments.split_first() else {
            let ends = self.ends.iter().filter(|end| wanted(end.target));
            found.extend(ends.filter_map(|end| end.arrive(values)));
            return;
        };
        if let Some(next) = self.named.get(decode_segment(segment).as_ref()) {
            next.walk(rest, wanted, values, found);
        }
        for (pattern, next) in &self.open {
            let before = values.len();
            if pattern.read_values(segment, values) {
                next.walk(rest, wanted, values, found);
            }
            values.truncate(before);
        }
    }
}

impl<T: Copy> RouteEnd<T> {
    /// The arrival here with some values; none where an id is empty that may not be.
    fn arrive<'a>(&'a self, values: &[Cow<'a, str>]) -> Option<Arrival<'a, T>> {
        let mut arrival = Arrival { target: self.target, ids: Vec::new(), texts: Vec::new() };
        for (place, value) in self.places.iter().zip(values) {
            match place {
                OpenPlace::Id(Placeholder { may_be_empty: false, .. }) if value.is_empty() => return None,
                OpenPlace::Id(Placeholder { resource, .. }) => arrival.ids.push((resource, value.clone())),
                OpenPlace::Text(template) => arrival.texts.push((template, value.clone())),
            }
        }
        Some(arrival)
    }
}

impl SegmentPattern {
    /// The number of letters that it fixes.
    fn letters(&self) -> usize {
        self.0.iter().map(String::len).sum()
    }

    /// Reads the values between the texts, as short as they can be; false where the texts are not there.
    fn read_values<'a>(&self, segment: &'a str, values: &mut Vec<Cow<'a, str>>) -> bool {
        let Some((first, others)) = self.0.split_first() else { return false };
        let Some(mut rest) = segment.strip_prefix(first.as_str()) else { return false };
        let Some((last, inner)) = others.split_last() else { return rest.is_empty() };
        for text in inner {
            let Some((value, after)) = rest.split_once(text.as_str()) else { return false };
            values.push(decode_segment(value));
            rest = after;
        }
        let Some(value) = rest.strip_suffix(last.as_str()) else { return false };
        values.push(decode_segment(value));
        true
    }
}

/// The segments of a path, which begins with a slash.
fn path_segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// The name of an open place of a segment.
enum PlaceName<'a> {
    /// The name of a placeholder.
    Placeholder(&'a str),
    /// A reference, with its dollar.
    Reference(&'a str),
}

/// The texts of a segment between its open places, and the names of those.
fn split_pattern(segment: &str) -> (Vec<String>, Vec<PlaceName<'_>>) {
    let (mut texts, mut names, mut text) = (Vec::new(), Vec::new(), String::new());
    let mut rest = segment;
    while let Some(at) = rest.find(['{', '$']) {
        let (before, open) = rest.split_at(at);
        text.push_str(before);
        let placeholder = open.strip_prefix('{').and_then(|open| open.split_once('}'));
        let name = match placeholder {
            Some((name, after)) => Some((PlaceName::Placeholder(name), after)),
            None => reference_at(open).map(|(reference, after)| (PlaceName::Reference(reference), after)),
        };
        if let Some((name, after)) = name {
            texts.push(std::mem::take(&mut text));
            names.push(name);
            rest = after;
        } else {
            let (sign, after) = open.split_at(1);
            text.push_str(sign);
            rest = after;
        }
    }
    text.push_str(rest);
    texts.push(text);
    (texts, names)
}

fn decode_segment(segment: &str) -> Cow<'_, str> {
    if segment.contains('%') { percent_decode_str(segment).decode_utf8_lossy() } else { Cow::Borrowed(segment) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes<(usize, &'static str)> {
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
            let meaning = |name: &str| Placeholder { resource: name.to_owned(), may_be_empty: name == "empty" };
            routes.add_path(url, (call, method), meaning);
        }
        routes
    }

    fn found(method: &str, path: &str) -> Vec<(usize, String)> {
        let routes = routes();
        let told = |arrival: Arrival<'_, (usize, &str)>| {
            let ids: Vec<_> = arrival.ids.iter().map(|(name, id)| format!("{name}={id}")).collect();
            (arrival.target.0, ids.join(","))
        };
        routes.find(path, |(_, known)| known == method).into_iter().map(told).collect()
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
