//! The stable codes of mistakes, each with what is wrong and what is right.

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

            /// What is wrong and what is right, in a paragraph.
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
    NotAFile "not-a-file" "A folder, a pipe or a device stands where a file is due. Name a plain file.";
    FileTooLarge "file-too-large" "The file is larger than any contract: the bound is 1 MiB. Split it into one file an operation.";
    NotUtf8 "not-utf8" "The file holds bytes that are not UTF-8. Save it as UTF-8; editors often call the wrong ones Latin-1, Windows-1252 or UTF-16.";
    EmptyFile "empty-file" "The file has no content beside blank lines and comments. Begin with `version: 1`, or remove the file.";
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
    BadRequestLine "bad-request-line" "A request is a method in capitals and a path below the target's origin: `DELETE /links/{link_id}`; or a URL that the vendor handed out: `GET $link.payment_uri`.";
    UnknownSection "unknown-section" "`with` names a section that the vendor's file does not have. Add it under `sections`, or correct the name.";
    UnknownPlaceholder "unknown-placeholder" "A `{placeholder}` of the request and the names under `path` must be the same: each says which resource's id stands there.";
    UnknownVendor "unknown-vendor" "A vendor is named that no folder of the contracts has. Correct the name, or add the folder.";
    UnknownResource "unknown-resource" "A resource is named that the vendor's file does not have. Add it under `resources`, or correct the name.";
    SeveralBodies "several-bodies" "A request has one body (`json`, `form` or `raw`), and an outcome one promise of it (`body`, or `fields` with `like`). Keep one.";
    NoCodePlace "no-code-place" "An outcome has a `code`, but the vendor's file does not say where codes stand, or the outcome has no JSON body. Say `error_code: /code` in the vendor's file.";
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
