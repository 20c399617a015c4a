//! Mistakes that people make when they write contracts, each a small change of a good one: found by their kind, at their line, with
//! what would be right; and the other mistakes of the same file and of its neighbours beside them.

use super::copy::{Copy, Found};
use proviso::text::diagnostic::Diagnostic;

const VENDOR: &str = "vendor.yaml";
const DELETE: &str = "links.delete.yaml";
const RETRIEVE: &str = "links.retrieve.yaml";

/// A mistake: what is replaced in which file, and the code, the text on the line and a word of the fix that are expected.
struct Slip {
    what: &'static str,
    file: &'static str,
    old: &'static str,
    new: &'static str,
    code: &'static str,
    line: &'static str,
    fix: &'static str,
}

/// Makes the table from lines.
macro_rules! slips {
    ($($what:literal $file:ident $old:literal => $new:literal: $code:literal $line:literal $fix:literal;)*) => {
        &[$(Slip { what: $what, file: $file, old: $old, new: $new, code: $code, line: $line, fix: $fix }),*]
    };
}

const SLIPS: &[Slip] = slips! {
    "a misspelt key of a row" DELETE "  used:    { when:" => "  used:    { wen:": "unknown-key" "wen:" "`when`";
    "a misspelt key of an outcome" DELETE "in_use:    { status: 400" => "in_use:    { statsu: 400": "unknown-key" "statsu" "`status`";
    "a misspelt key of a page" DELETE "page: { id: delete, url:" => "page: { id: delete, ulr:": "unknown-key" "ulr" "`url`";
    "a misspelt key at the top" DELETE "outcomes:\n" => "outcome:\n": "unknown-key" "outcome:" "`outcomes`";
    "a misspelt key of a vendor" VENDOR "resources:\n" => "resource:\n": "unknown-key" "resource:" "`resources`";
    "a misspelt key of a credential" VENDOR "secret:  { env:" => "secret:  { evn:": "unknown-key" "evn:" "`env`";
    "a misspelt key of an id" VENDOR "new: link_$alnum12" => "nwe: link_$alnum12": "unknown-key" "nwe:" "`new`";
    "a key in the wrong case" DELETE "rows:\n" => "Rows:\n": "unknown-key" "Rows:" "`rows`";
    "a misspelt keyword of a schema" RETRIEVE "minimum: 1" => "minimun: 1": "unknown-keyword" "minimun" "`minimum`";
    "a row indented by one blank more" DELETE "  used:    { when" => "   used:    { when": "syntax" "used:" "indent it by 2";
    "a row indented by one blank less" DELETE "  used:    { when" => " used:    { when": "syntax" "used:" "indent it by 2";
    "the first row indented by one blank more" DELETE "  live:    { when" => "   live:    { when": "syntax" "live:" "indent it by 2";
    "the last row indented by one blank more" DELETE "  unknown: { when" => "   unknown: { when": "syntax" "unknown: { when" "indent it by";
    "a key of a row indented by one blank more" DELETE "    then: [not_found, gone]" => "     then: [not_found, gone]": "syntax" "then: [not_found" "indent it by 4";
    "a tab as indentation" DELETE "  used:    { when" => "\tused:    { when": "tab-indentation" "used:" "spaces";
    "a row twice" DELETE "  used:    { when" => "  live:    { when": "duplicate-key" "live:    { when: { link: used }" "rename";
    "an outcome twice" DELETE "  in_use:    {" => "  deleted:    {": "duplicate-key" "status: 400" "rename";
    "a missing closing quote" DELETE "\"A used link stays\"" => "\"A used link stays": "syntax" "A used link stays" "close it";
    "a missing opening quote" DELETE "\"A used link stays\"" => "A used link: stays\"": "syntax" "A used link" "quote";
    "a missing brace" DELETE "cites: [200.*] }" => "cites: [200.*]": "syntax" "cites: [200.*]" "`}`";
    "a missing bracket" DELETE "cites: [request.id, effects.page] }" => "cites: [request.id, effects.page }": "syntax" "effects.page" "`]`";
    "a brace too many" DELETE "cites: [400.used] }" => "cites: [400.used] } }": "syntax" "400.used" "remove";
    "a colon without a blank" DELETE "request: DELETE" => "request:DELETE": "syntax" "request:DELETE" "space";
    "a missing comma" DELETE "then: in_use, cites" => "then: in_use cites": "syntax" "in_use cites" "comma";
    "a sentence with a comma in braces" DELETE "says: \"A mail is sent\"" => "says: A mail, perhaps": "unquoted-comma" "A mail, perhaps" "quote";
    "another version" DELETE "version: 1" => "version: 2": "wrong-value" "version: 2" "`version: 1`";
    "a version as text" DELETE "version: 1" => "version: \"1\"": "wrong-value" "version:" "`version: 1`";
    "a missing version" DELETE "version: 1\n" => "": "missing-key" "operation: links.delete" "`version";
    "a missing request" DELETE "request: DELETE /links/{id}\n" => "": "missing-key" "version: 1" "`request";
    "a missing then" DELETE "then: in_use, " => "": "missing-key" "used:" "`then";
    "an operation under another name" DELETE "operation: links.delete" => "operation: link.delete": "name-mismatch" "link.delete" "links.delete";
    "a vendor under another name" VENDOR "vendor: demo" => "vendor: dmeo": "name-mismatch" "dmeo" "`demo`";
    "an unknown state" DELETE "when: { link: used }" => "when: { link: usde }": "unreachable-state" "usde" "`used`";
    "an unknown outcome" DELETE "then: in_use" => "then: in_us": "unknown-outcome" "in_us," "`in_use`";
    "an unknown resource" DELETE "path: { id: link }" => "path: { id: lnik }": "unknown-resource" "lnik" "`link`";
    "an unknown shape" RETRIEVE "like: error" => "like: eror": "unknown-shape" "eror" "`error`";
    "an unknown section" DELETE "with: [refused]" => "with: [refusde]": "unknown-section" "refusde" "`refused`";
    "an unknown clause" DELETE "cites: [400.used]" => "cites: [400.usd]": "unknown-clause" "400.usd" "`400.used`";
    "an unknown kind of condition" DELETE "when: { link: used }" => "when: { lnik: used }": "unknown-condition" "lnik" "`link`";
    "an unknown refusal" VENDOR "when: { credentials: missing }" => "when: { credentials: mising }": "unknown-refusal" "mising" "`missing`";
    "an unknown reference" DELETE "{ id: $link.id, deleted: true }" => "{ id: $lnik.id, deleted: true }": "unresolved-reference" "$lnik.id" "`link`";
    "a reference in braces" DELETE "{ id: $link.id, deleted: true }" => "{ id: \"${link.id}\", deleted: true }": "braced-reference" "${link.id}" "`$link.id`";
    "a placeholder of another name" DELETE "DELETE /links/{id}" => "DELETE /links/{link}": "unknown-placeholder" "{link}" "`path: { link:";
    "a placeholder with a colon" DELETE "DELETE /links/{id}" => "DELETE /links/:id": "unknown-placeholder" "id: link" "`{id}`";
    "a method in small letters" DELETE "request: DELETE" => "request: delete": "bad-request-line" "delete" "capitals";
    "a method that does not exist" DELETE "request: DELETE" => "request: REMOVE": "unknown-method" "REMOVE" "DELETE";
    "a status that is a word" DELETE "status: 400" => "status: bad": "wrong-value" "bad" "`4xx`";
    "a status out of range" DELETE "status: 400" => "status: 4000": "wrong-value" "4000" "599";
    "a status as a list of words" DELETE "status: 400" => "status: [400, gone]": "wrong-type" "gone" "number";
    "a list where text is expected" DELETE "because: \"the page says 404, its changelog 410\"" => "because: [a, b]": "wrong-type" "because: [a, b]" "text";
    "text where a list is expected" DELETE "cites: [400.used]" => "cites: 400.used": "wrong-type" "400.used" "`[400.used]`";
    "a number where text is expected" VENDOR "limit: \"20\"" => "limit: 20": "wrong-type" "limit: 20" "`\"20\"`";
    "a type as a constant" RETRIEVE "tags: { type: array, items: { type: string } }" => "tags: array": "type-as-constant" "tags: array" "{ type: array }";
    "yes for true" RETRIEVE "id: $link.id, amount" => "id: $link.id, open: yes, amount": "truth-word" "open: yes" "`true`";
    "yes where a key takes true" DELETE "  used:    { when:" => "  used:    { may: yes, when:": "wrong-type" "may: yes" "`true`";
    "typographic quotes" RETRIEVE "id: $link.id, amount" => "id: $link.id, kind: “pay”, amount": "typographic-quotes" "“pay”" "`\"pay\"`";
    "a pointer without a slash" VENDOR "capture: { id: /id, pay" => "capture: { id: id, pay": "bad-pointer" "id: id" "`/id`";
    "a path of a field without a slash" VENDOR "data: { type: array } }" => "data: { type: array }, meta/n: { type: integer } }": "slash-in-name" "meta/n" "`/meta/n`";
    "a pointer to what is not promised" VENDOR "capture: { id: /id, pay" => "capture: { id: /ident, pay": "unpromised-capture" "/ident" "pointer";
    "a pattern that is not closed" VENDOR "\"^link_[0-9a-z]+$\"" => "\"^link_[0-9a-z+$\"": "bad-pattern" "^link_" "close what is opened";
    "a new id that its pattern refuses" VENDOR "new: link_$alnum12" => "new: lnk_$alnum12": "bad-sample" "lnk_" "mend the sample";
    "an address without a scheme" DELETE "\"https://demo.example/delete\"" => "\"demo.example/delete\"": "bad-page-address" "demo.example/delete" "https://";
    "an origin with a path" VENDOR "origin: https://api.demo.example," => "origin: https://api.demo.example/v1,": "bad-origin" "/v1" "path";
    "an alias" DELETE "then: in_use" => "then: *in_use": "anchor-or-alias" "*in_use" "write the value out";
    "a number as a key" DELETE "  gone:      {" => "  410:      {": "key-not-text" "410:" "`\"410\"`";
    "a clause without a section" DELETE "  400.used:" => "  used:": "bad-clause-id" "used:" "dot";
    "a clause that nothing cites" DELETE ", cites: [400.used] }" => " }": "uncited-clause" "400.used:" "cite it";
    "two rows for one request" DELETE "when: { link: used }" => "when: { link: live }": "overlapping-rows" "used:" "rows";
};

/// The demo contract with replacements in its files, and what lint finds.
fn spoilt(slips: &[&Slip]) -> (Copy, Found) {
    let copy = Copy::of("tests/fixtures/lint");
    for slip in slips {
        let file = format!("demo/{}", slip.file);
        let text = copy.read(&file);
        assert_eq!(text.matches(slip.old).count(), 1, "{}: {:?} is once in {file}", slip.what, slip.old);
        copy.write(&file, text.replace(slip.old, slip.new));
    }
    let found = copy.lint();
    (copy, found)
}

/// Returns true if a mistake is the one that is expected: its kind, its file and line, and a word of the fix.
fn is_right(found: &Found, mistake: &Diagnostic, slip: &Slip) -> bool {
    let sources = &found.loaded.sources;
    let Some(span) = mistake.span(sources) else { return false };
    let source = &sources[span.file];
    let line = source.text().get(source.line(source.position(span.range.start).line)).unwrap_or_default();
    let labels = mistake.labels.iter().map(|label| label.text.clone());
    let words: Vec<String> = labels.chain(mistake.help.clone()).chain([mistake.message.clone()]).collect();
    mistake.code.as_str() == slip.code
        && source.path().ends_with(slip.file)
        && line.contains(slip.line)
        && words.iter().any(|words| words.contains(slip.fix))
}

#[test]
fn typical_mistakes_are_found_at_their_place_with_the_fix() {
    assert!(SLIPS.len() >= 52, "{}", SLIPS.len());
    let mut wrong = String::new();
    let mut right = 0;
    for slip in SLIPS {
        let (copy, found) = spoilt(&[slip]);
        assert!(!found.mistakes.is_empty(), "{} is accepted in silence", slip.what);
        if found.mistakes.iter().any(|mistake| is_right(&found, mistake, slip)) {
            right += 1;
        } else {
            wrong += &format!("== {}\n{}", slip.what, found.text(copy.path()));
        }
    }
    assert!(wrong.is_empty(), "{right} of {} are right\n{wrong}", SLIPS.len());
}

/// The codes that are found in each file, in order.
fn codes_by_file(found: &Found) -> Vec<(String, &str)> {
    let named = |mistake: &Diagnostic| {
        let span = mistake.span(&found.loaded.sources).unwrap();
        let path = found.loaded.sources[span.file].path();
        path.file_name().unwrap().to_string_lossy().into_owned()
    };
    found.mistakes.iter().map(|mistake| (named(mistake), mistake.code.as_str())).collect()
}

/// A mistake of meaning in the file that is spoilt, and one in its neighbour.
const OTHERS: [Slip; 2] = [
    Slip { what: "own", file: DELETE, old: "[404.unknown]", new: "[404.unknow]", code: "", line: "", fix: "" },
    Slip { what: "neighbour", file: RETRIEVE, old: "like: error", new: "like: eror", code: "", line: "", fix: "" },
];

#[test]
fn what_ends_reading_hides_no_other_mistake_of_its_file_or_of_its_neighbours() {
    let named = |name: &str| SLIPS.iter().find(|slip| slip.what == name).unwrap();
    for (name, code) in [
        ("a missing closing quote", "syntax"),
        ("a missing brace", "syntax"),
        ("a missing bracket", "syntax"),
        ("a row indented by one blank more", "syntax"),
        ("a row indented by one blank less", "syntax"),
        ("the first row indented by one blank more", "syntax"),
        ("another version", "wrong-value"),
    ] {
        let [own, neighbour] = &OTHERS;
        let (copy, found) = spoilt(&[named(name), own, neighbour]);
        let codes = codes_by_file(&found);
        for (file, code) in [(DELETE, code), (DELETE, "unknown-clause"), (RETRIEVE, "unknown-shape")] {
            assert!(codes.contains(&(file.to_owned(), code)), "{name}: {codes:?}\n{}", found.text(copy.path()));
        }
        let (copy, alone) = spoilt(&[named(name)]);
        assert_eq!(alone.mistakes.len(), 1, "{name}: nothing else is wrong\n{}", alone.text(copy.path()));
    }
}

#[test]
fn a_vendor_file_under_another_name_is_read_all_the_same() {
    let [own, neighbour] = &OTHERS;
    let (copy, _) = spoilt(&[own, neighbour]);
    std::fs::rename(copy.path().join("demo/vendor.yaml"), copy.path().join("demo/vendor.yml")).unwrap();
    let found = copy.lint();
    let codes: Vec<&str> = codes_by_file(&found).iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, ["uncited-clause", "unknown-clause", "unknown-shape", "no-contracts"]);
    assert!(found.text(copy.path()).contains("help: rename it to `vendor.yaml`"));
}

#[test]
fn several_slips_of_one_file_are_each_found_at_their_own_place() {
    let named = |name: &str| SLIPS.iter().find(|slip| slip.what == name).unwrap();
    let names = ["a missing closing quote", "a missing brace", "a row indented by one blank more", "another version"];
    let slips: Vec<&Slip> = names.into_iter().map(named).collect();
    let (copy, found) = spoilt(&slips);
    for slip in &slips {
        let is_found = found.mistakes.iter().any(|mistake| is_right(&found, mistake, slip));
        assert!(is_found, "{}:\n{}", slip.what, found.text(copy.path()));
    }
    assert_eq!(found.mistakes.len(), slips.len(), "{}", found.text(copy.path()));
}
