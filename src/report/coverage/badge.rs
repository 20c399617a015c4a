//! Coverage as a badge: a picture that needs nothing else, and the description from which a badge service draws one.

use super::{Share, Shares};
use crate::report::count::Count;
use crate::report::output_file::OutputFile;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io;
use std::path::Path;

/// The share of documented causes, in a few words and a colour.
#[derive(Debug)]
pub struct Badge {
    words: Cow<'static, str>,
    colour: &'static str,
}

impl Badge {
    /// The badge of all shares: that of the causes, and how many clauses were not seen.
    pub fn of(shares: Shares) -> Self {
        let mut badge = Self::new(shares.causes);
        if shares.clauses.not_seen > 0 {
            badge.words = Cow::from(format!("{}, {} not seen", badge.words, Count(shares.clauses.not_seen, "clause")));
        }
        badge
    }

    /// The badge of a share; white text on each of the colours has a contrast of at least 4.5.
    pub fn new(causes: Share) -> Self {
        let Some(percent) = causes.percent() else { return Self { words: Cow::from("none"), colour: "#59636e" } };
        let colour = match percent {
            100.. => "#1a7f37",
            80..100 => "#7a6a00",
            _ => "#cf222e",
        };
        Self { words: Cow::from(format!("{percent}%")), colour }
    }

    /// Writes the badge, whole or not at all: a description where the file's name ends in `.json`, and else a picture.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = match path.extension() {
            Some(extension) if extension == "json" => format!("{:#}\n", self.endpoint()),
            _ => self.svg(),
        };
        OutputFile::locate(path)?.write_whole(text.as_bytes())
    }

    /// The badge as a picture.
    pub fn svg(&self) -> String {
        const LABEL: usize = 118;
        let Self { words, colour } = self;
        // Seven units a character is a little more than the font needs.
        let side = 16 + words.chars().count() * 7;
        let width = LABEL + side;
        let (left, right) = (LABEL / 2, LABEL + side / 2);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\" role=\"img\" \
             aria-label=\"documented causes: {words}\">\n\
             <title>documented causes: {words}</title>\n\
             <rect width=\"{width}\" height=\"20\" rx=\"3\" fill=\"#3d444d\"/>\n\
             <path d=\"M{LABEL} 0h{curve}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-{curve}z\" fill=\"{colour}\"/>\n\
             <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\n\
             <text x=\"{left}\" y=\"14\">documented causes</text>\n\
             <text x=\"{right}\" y=\"14\">{words}</text>\n\
             </g>\n\
             </svg>\n",
            curve = side - 3,
        )
    }

    /// The badge as the endpoint description of shields.io.
    pub fn endpoint(&self) -> Value {
        json!({ "schemaVersion": 1, "label": "documented causes", "message": self.words, "color": self.colour })
    }
}
