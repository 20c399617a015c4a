//! The stable codes of mistakes, each with an explanation.

/// Makes the codes from one list; a new kind of mistake is one entry.
macro_rules! codes {
    ($($variant:ident $name:literal $explanation:literal;)*) => {
        /// A kind of mistake; its name is stable, so that scripts may filter by it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name as printed and as typed.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The explanation: a paragraph about what is wrong and what is right.
            pub const fn explain(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    // Reading files.
    FileMissing "file-missing" "The file or folder does not exist, or a symbolic link leads nowhere. Name one that exists; paths are taken from the current directory.";
    FileUnreadable "file-unreadable" "The file exists but cannot be read: its permissions, its disk, or a circle of symbolic links stand in the way. Give the user who runs proviso the right to read it, and let a link lead to a file.";
    LinkOutside "link-outside" "A symbolic link among the contracts leads out of their folder, or `proviso.yaml` is one that leads out of its own. Whoever can change a contract could have any file read by it, so it is not followed. Put a copy in its place, or name the folder of the contracts by `--specs`.";
    NotAFile "not-a-file" "A folder, a pipe or a device stands where a file is due. Name a plain file.";
    FileTooLarge "file-too-large" "The file is larger than any contract: the bound is 1 MiB. Split it into one file an operation.";
    NotUtf8 "not-utf8" "The file holds bytes that are not UTF-8. Save it as UTF-8; editors often call the wrong ones Latin-1, Windows-1252 or UTF-16.";
    EmptyFile "empty-file" "The file has no content beside blank lines and comments. Begin with `version: 1`, or remove the file.";
    // Locks of pages.
    LockUnreadable "lock-unreadable" "`clauses.lock` cannot be read, or is none that `proviso pages lock` writes. Remove it and lock the pages anew.";
    LockUnknown "lock-unknown" "`clauses.lock` names a page or a clause that the contracts do not have. Lock the page anew after a clause was renamed or taken away.";
    LockStale "lock-stale" "The contracts have a page or a clause that `clauses.lock` has not, or another day of reading. Lock the page anew, so that a later copy of it can be checked for every sentence.";
    // Reading YAML.
    Syntax "syntax" "The text is not YAML. The label shows where reading ended; the cause stands there or on the line before.";
    TabIndentation "tab-indentation" "A line is indented with a tab, which YAML forbids. Indent with spaces.";
    UnseenCharacter "unseen-character" "The text holds a control character or a byte-order mark, which no editor shows and which readers of YAML take differently. Remove it, or write it as an escape within double quotes.";
    SeveralDocuments "several-documents" "A file holds more than one YAML document. Give each its own file, and remove the line `---` between them.";
    TooDeep "too-deep" "Values are nested deeper than any contract needs. Take levels away.";
    TooManyValues "too-many-values" "The file holds more values than any contract needs. Split it into one file an operation.";
    DuplicateKey "duplicate-key" "A key stands twice in one mapping, so that one of its two values would be lost. Remove one, or rename it.";
    AnchorOrAlias "anchor-or-alias" "Anchors (`&name`) and aliases (`*name`) are not part of the language: a reader must see a value where it stands. Write the value out, or share it by a shape or a section.";
    Tag "tag" "Tags (`!name`, `!!str`) are not part of the language. Remove the tag; quote a value that is to be text.";
    MergeKey "merge-key" "The merge key `<<` is not part of the language. Write the keys out, or share them by a shape or a section.";
    KeyNotText "key-not-text" "A key reads as a number, a truth value, null, a list or a mapping, but names are text. Quote it: `\"404\": ...`.";
    UnquotedComma "unquoted-comma" "Within braces a comma ends the value before it, so that the rest of a sentence becomes a key without a value. Quote the sentence.";
    NumberOutOfRange "number-out-of-range" "A number is infinite, not a number, or an integer beyond 64 bits, which JSON bodies cannot carry. Write a number within range, or quote it if text is meant.";
    // Folders and shapes of files.
    NoContracts "no-contracts" "A contract is a folder with `vendor.yaml` and a file for each operation beside it. `proviso init VENDOR` begins one.";
    NameMismatch "name-mismatch" "A vendor has its folder's name and an operation its file's, so that either is found by the other. Rename one.";
    UnknownKey "unknown-key" "A key is not one of the language where it stands. Correct its spelling, or indent it under what it belongs to.";
    MissingKey "missing-key" "A mapping lacks a key that it must have. Add it.";
    WrongType "wrong-type" "A value is of another type than what is due: text, a number, a list or a mapping. Write one of the due type; quote what is to be text.";
    WrongValue "wrong-value" "A value is of the right type, but none that the language knows here. The label says what is due.";
    // Names and requests.
    ShapeCycle "shape-cycle" "A shape is like itself, by way of others. Write one of them out.";
    UnknownShape "unknown-shape" "`like` names a shape that the vendor's file does not have. Add it under `shapes`, or correct the name.";
    FieldConflict "field-conflict" "A field is promised inside something that is a constant, or twice. Promise its container by a mapping.";
    BadRequestLine "bad-request-line" "The request is not a method and a path. Write a method in capitals and a path below the target's origin, `DELETE /links/{link_id}`, or a URL that the vendor handed out, `GET $link.payment_uri`.";
    UnknownSection "unknown-section" "`with` names a section that the vendor's file does not have. Add it under `sections`, or correct the name.";
    UnknownPlaceholder "unknown-placeholder" "A `{placeholder}` of the request and the names under `path` must be the same. Say for each which resource's id stands there.";
    UnknownVendor "unknown-vendor" "A vendor is named that no folder of the contracts has. Correct the name, or add the folder.";
    UnknownTarget "unknown-target" "A violation is said to be known of a target that its vendor does not have, so that it would hide nothing and never be seen as settled. Write `mock`, a name under `targets` in the vendor's file or in `proviso.yaml`, or the URL that requests go to; without `target`, it is known of all.";
    UnknownCase "unknown-case" "A violation is said to be known of a case that the contracts do not have, so that it would hide nothing and never be seen as settled. Correct the name, or take the entry away; `proviso list` names every case.";
    UnknownResource "unknown-resource" "A resource is named that the vendor's file does not have. Add it under `resources`, or correct the name.";
    SeveralBodies "several-bodies" "A request has one body (`json`, `form` or `raw`), and an outcome one promise of it (`body`, or `fields` with `like`). Keep one.";
    NoCodePlace "no-code-place" "An outcome has a `code`, but the vendor's file does not say where codes stand, or the outcome promises a body that is no JSON. Say `error_code: /code` in the vendor's file, or promise the body by `fields`.";
    // Names, by the checks of meaning from here on.
    UnknownOutcome "unknown-outcome" "`then` names an outcome that the operation does not have, neither of its own nor by a section under `with`. Add it under `outcomes`, or correct the name.";
    UnknownCondition "unknown-condition" "A key under `when` is neither a kind of condition (`credentials`, `headers`, `query`, `json`, `form`, `raw`) nor a resource that the request names. Correct it, or let the request name the resource by `path`.";
    UnknownRefusal "unknown-refusal" "`credentials` under `when` names a way of being refused that the vendor's file does not have. Add it under `refused`, or correct the name.";
    UnknownCredential "unknown-credential" "A credential is named that the vendor's file does not have. Add it under `credentials`, or correct the name.";
    UnknownClause "unknown-clause" "`cites` names a clause that neither the page nor a section on it has. Add it under `clauses`, or correct the name.";
    UnknownOperation "unknown-operation" "An operation is named that the vendor does not have. Add its file, or a support call under `operations`, or correct the name.";
    ImpossibleCondition "impossible-condition" "A row speaks of an id that is wrong in a way in which it cannot be. `malformed` needs samples, `other_mode` a form for such ids, `foreign` a credential that `replaces` another, `misplaced` a parent. Add that, or take the row away.";
    ResourceCycle "resource-cycle" "A resource lives inside itself, by way of others. Take one of the `in` away.";
    UncallableCanary "uncallable-canary" "The operation under `canary` needs something that would have to be made first, and none of its rows refuses a request that names nothing, so that it cannot be asked whether the vendor lives; another call is taken in its place. Name a call without a resource, or a read of one that is supplied under `fixtures`.";
    NotAList "not-a-list" "A sweep finds what a run has left behind by a call that lists it. Name a GET whose request names no resource.";
    NothingOverridden "nothing-overridden" "Null takes away what a section or the vendor's file would give, and there is nothing of that name. Correct the name, or take the line away.";
    HiddenEntry "hidden-entry" "Two sections that a page takes have an outcome or a row of one name, so that the earlier one would be lost in silence. Rename one of them, or say on the page which is meant.";
    UnknownMethod "unknown-method" "A request has a method that HTTP does not know, so that every server would refuse it. Correct its spelling; it is one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, PROPFIND, REPORT, SEARCH, LINK, UNLINK, PURGE and QUERY.";
    IdInQuery "id-in-query" "A resource's id stands in the query of a request. Requests are told apart by method and path, and the mock reads ids from the path alone, so it could not answer such a request. Name the resource in the path.";
    BadPageAddress "bad-page-address" "The address of a page is no `https://` or `http://` address. Reports make a link of it, so write what a browser shows.";
    ConnectionHeader "connection-header" "A header of a request belongs to the connection: `Host`, `Connection`, `Expect`, `Upgrade`, `Transfer-Encoding`, `Content-Length` and `Proxy-*` say where a request goes and how long it is, and the client alone writes them. Take it away; an outcome may promise such a header of an answer.";
    BadHeader "bad-header" "A header's name or value, or a media type, is one that HTTP does not allow, or one header would be sent twice. Write what HTTP allows, and each header once.";
    ReplacedCredential "replaced-credential" "A credential replaces itself, or one that itself replaces another. `replaces` names the credential of our own account in whose place this one stands.";
    SameRefusals "same-refusals" "Two entries under `refused` send the same, so that no request could tell which one it shows, and a row of the later one would never be met. Keep one, or send what tells them apart.";
    NameTaken "name-taken" "One name means two things, so that a reference or a condition could mean either. Rename one.";
    BadName "bad-name" "Names of operations, rows, outcomes and samples make up the ids of cases and the paths of files, so they have letters, digits, `_`, `-` and `.` alone, and begin with a letter or a digit. Rename it.";
    IdleCapture "idle-capture" "A row captures something but makes nothing for which it could be kept: captured values belong to a resource that the row leads to from nothing. Say what it makes under `leads`, or take `capture` away.";
    MissingCapture "missing-capture" "A row makes a resource but does not capture its id, so no later request could name it. Add `capture: { id: /id }` with the place of the id in the answer.";
    UnpromisedCapture "unpromised-capture" "A row captures something that no outcome by which it makes something promises, so that it need not be there and what refers to it stands for nothing. Promise the field in the outcome, or correct the pointer.";
    IdleShown "idle-shown" "Something is to be shown that is not there, or that is not hidden: only values under names of secrets, such as `access_token`, are. Name a promised field that has such a name, or take `shown` away.";
    BadPointer "bad-pointer" "A JSON Pointer begins with `/`, its names are joined by `/`, and in a name `~1` stands for a slash and `~0` for a tilde. Write it like `/data/0/code`.";
    // Clauses.
    BadClauseId "bad-clause-id" "A clause's id has two parts joined by one dot, the page's section first: `404.unknown`, `request.pattern`. Only an error code under `errors` may have dots of its own.";
    UnknownPart "unknown-part" "A clause requires a part that the documented request does not have. Correct the name, or add the part to the request.";
    RequiredPart "required-part" "A clause says that a part of the request is required, and no row leaves it out, so nothing would notice if it were not. Add a row without it.";
    UncitedClause "uncited-clause" "A statement of the page is neither cited nor explained, so nothing would notice if it were broken. Cite it in the outcome or row that promises it, or say why it is `untestable` or `mistaken`.";
    CitedTwice "cited-twice" "A clause is cited in two places. Each is cited exactly once, so that a finding names one sentence and coverage counts it once. Keep the citation that the clause is about.";
    CitedAndExplained "cited-and-explained" "A clause is cited, and also said to be untestable or mistaken. Take one of the two away.";
    NotConstrained "not-constrained" "A clause is cited by an outcome or a row that does not hold what the clause says: no such field, status or error code is promised there. Promise it, or cite the clause where it is promised.";
    RepeatedClause "repeated-clause" "Two parts of one page have a clause of the same id, so that one would be lost. Rename one, or take it away.";
    VacuousClause "vacuous-clause" "A clause is cited, and no answer can break it, so it is never counted as exercised. Promise something that can fail: a status, a type or a value; of an effect, a read that has a row for each state. Or say why the clause is `untestable`.";
    IdleSeenBy "idle-seen-by" "`seen_by` names the read that shows an effect: a clause of the section `effects` that the row cites, and an operation that reads the resource and has a row for the state that the row leads to, and for another one. Correct the name, or take the entry away.";
    UnlistedCode "unlisted-code" "The page lists its error codes, and an outcome promises one that is not among them. Correct the code, or add the clause `errors.CODE`.";
    EmptyReason "empty-reason" "A reason or a statement is empty. Write the sentence, or take the key away.";
    TwoReasons "two-reasons" "A clause is said to be both untestable and mistaken. Keep what is true of it.";
    UnusedSection "unused-section" "No operation takes this section, so its clauses and rows count nowhere. Name it under `with` on a page that has it, or take it away.";
    // Rows.
    OverlappingRows "overlapping-rows" "Two rows answer the same request, so nobody could say which outcome is due. Name in one of them what makes it another request, or join them.";
    TooManyRows "too-many-rows" "An operation has more rows than a page can list. Join rows that differ in a state alone by a list: `when: { link: [deleted, unknown] }`.";
    UnfoundedRow "unfounded-row" "A row stands on nothing: it cites no clause, is not `inferred`, and none of its outcomes cites one. Say which clause names this cause, or why it is expected all the same.";
    UnreachedOutcome "unreached-outcome" "No row leads to this outcome, so it is never expected and its clauses are never tested. Name it under `then` of a row, or take it away.";
    MissingBecause "missing-because" "A row has several outcomes and does not say why. Only a page that contradicts itself, or an answer that decides, allows that: say so by `because`.";
    IdleBecause "idle-because" "`because` explains why several outcomes are documented, and this row has one. Take it away, or list the others under `then`.";
    SameAlternatives "same-alternatives" "Two outcomes of one row promise the same, so that no answer could tell which one the vendor chose. Keep one, or say how they differ.";
    SwallowedAlternative "swallowed-alternative" "Every answer that satisfies one outcome of a row satisfies another one too, so that the stricter one says nothing. Tighten the weaker one, or take the stricter one away.";
    UnnamedState "unnamed-state" "A row leads a resource that its request names to another state, but does not say from which one. Name the state under `when`.";
    MayLead "may-lead" "A row that only may come about leads to a state: after another answer nobody could know the state. Take `may` or `leads` away.";
    IdlePatch "idle-patch" "A condition changes nothing about the documented request, so it is not another request. Change a value that the request has, or take one away by null.";
    WrongBodyKind "wrong-body-kind" "A condition speaks of another kind of body (`json`, `form`, `raw`) than the request has. Name the kind that it has.";
    // States.
    UnreachableState "unreachable-state" "A row names a state that nothing leads to. Let a row lead there, let the engineer supply such a resource under `fixtures`, or say `not_inducible` with the reason.";
    NotAState "not-a-state" "A row or a fixture leads to a word that says what is wrong with an id (`unknown`, `malformed`, ...), which is no state. Choose another name.";
    ConfusableReads "confusable-reads" "One answer satisfies what a read promises of two states, so that a change of state without effect could go unnoticed. Promise something that only one of them has; where a read really cannot tell the states apart, one row says so: `when: { link: [live, used] }`.";
    UnreadResource "unread-resource" "A row makes or changes a resource, and no GET has a row for it, so that an action without effect goes unnoticed. Add a call that reads it, with a row for each of its states.";
    // Bodies.
    VacuousSchema "vacuous-schema" "A promise accepts every value, so it is a check that cannot fail. Say of which type or value the field is, or take it away; `body: any` says openly that nothing is promised.";
    TypeAsConstant "type-as-constant" "A type's name stands as a constant, so that the field would have to hold that very word. Write `{ type: string }`; if the word is meant, `{ const: string }`.";
    UnknownKeyword "unknown-keyword" "A word is no keyword of JSON Schema 2020-12, so it would be ignored in silence. Correct its spelling; fields of an object stand under `fields` or `properties`.";
    UnknownFormat "unknown-format" "A `format` is none of JSON Schema 2020-12, so nothing would check it. Correct its spelling, or use `pattern`.";
    MissingType "missing-type" "A keyword speaks of one type, and the schema does not say that the value has it, so that every value of another type passes. Add `type`.";
    IdleKeyword "idle-keyword" "A keyword speaks of another type than the schema allows, so it can never fail. Correct the type, or take the keyword away.";
    BadSchema "bad-schema" "A keyword's value is not what JSON Schema 2020-12 allows there, or is one that proviso does not take. Write one that the label names.";
    BadPattern "bad-pattern" "A regular expression cannot be used. Patterns run in linear time, so look-ahead, look-behind and back-references are not known, and counted repeats have a bound.";
    RemoteReference "remote-reference" "A `$ref` leads out of the file. Nothing is ever fetched: write the schema out, or share it by a shape.";
    DanglingReference "dangling-reference" "A `$ref` leads to nothing. It is a JSON Pointer from the top of the body's own schema, such as `#/$defs/money`; shapes are shared by `like`.";
    ReferenceCycle "reference-cycle" "A `$ref` leads back to itself for one and the same value, so that checking would never end. Take one of the references away.";
    Contradiction "contradiction" "No value can satisfy this promise. Correct the bounds, or the type.";
    OverriddenPromise "overridden-promise" "A shape promises a field, and everybody who is like the shape promises it otherwise, so that what the shape says is never checked. Take it out of the shape.";
    UnusedShape "unused-shape" "Nothing is like this shape. Take it away, or use it by `like`.";
    // References.
    UnresolvedReference "unresolved-reference" "A `$name` stands for nothing on some way to where it is used. `$link.id` needs a request that names the link or a row that makes it; other values of it have to be captured, or sent, by every row that makes one; `$$` is a dollar.";
    MisplacedReference "misplaced-reference" "A `$name` stands where references are not replaced: in a pattern, in a `$ref`, or in a key. They stand in requests, constants, `enum` and `examples`.";
    BracedReference "braced-reference" "A text has `${name}`, which other tools replace and this language does not: it is sent and expected as it is written. Write `$name`, without braces; `$$` is a dollar.";
    // Texts.
    TruthWord "truth-word" "A value is `yes`, `no`, `on` or `off` without quotes. YAML 1.1, which many tools still read, takes it for true or false; here it is text. Quote it, or write `true` or `false`.";
    TypographicQuotes "typographic-quotes" "A value has typographic quotes around it, as word processors write them. YAML does not know them, so they are part of the text. Write straight quotes: `\"...\"`.";
    SlashInName "slash-in-name" "The name of a field has a slash and does not begin with one, so it is the name of one field with a slash in it. A path to a field inside another begins with `/`: `/data/code`.";
    // Vendors.
    SharedRequest "shared-request" "Two operations of a vendor have the same method and path, so that nobody could say which one a request means. Placeholders are alike whatever they are called.";
    BadVariable "bad-variable" "An environment variable's name has letters, digits and underscores, and does not begin with a digit. Rename it.";
    ForeignVariable "foreign-variable" "A vendor reads only environment variables whose names begin with its own name in capitals: `acme-eu` those that begin with `ACME_EU_`. Another name could be that of any secret of the machine, so the guard refuses it too, unless `--allow env=VENDOR:NAME` permits it. Rename the variable.";
    SharedVariable "shared-variable" "One environment variable is to hold two different values. Give each its own.";
    BadOrigin "bad-origin" "A target's origin is scheme, host and, if need be, port: `https://api.example.com`. No path, no query, no credentials.";
    BadSample "bad-sample" "A sample does not fit its own description: a new id that its pattern refuses, a malformed one that it accepts, or a credential for the mock that is no test value. Mend the sample or the pattern.";
    LooseTest "loose-test" "The `test` pattern of a credential may match a live key, which would then be sent without asking. Begin every alternative with `^`, and write at least three signs that every test key has there: `^sk_test_`. Where nothing tells test keys from live ones, take `test` away.";
    NoTestValue "no-test-value" "The key in use is to pick test or live, but no credential says what a test value looks like. Add `test` to one.";
    // Reserved.
    MockRefused "mock-refused" "The mock cannot make an answer that satisfies an outcome, or the one it makes departs from it. Give the field in question an example that satisfies its schema: `examples: [...]`.";
    MockMismatch "mock-mismatch" "Asked with the very request that the case would send, in the state that it would set up, the contract's own mock answers by another row, or not at all: the contract means one thing to the tests and another to the mock. Name in `when` what makes the request another one, say how its state is reached, or say `not_inducible` with the reason.";
    NotYetRun "not-yet-run" "This part of the language is understood, and not yet run. It changes nothing so far.";
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl std::str::FromStr for Code {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name).ok_or(())
    }
}
