//! Coverage as a badge: a picture that needs nothing else, and the description from which a badge service draws one.

use super::Share;
use crate::report::file;
use serde_json::{Value, json};
use std::io;
use std::path::Path;

/// Writes the badge, whole or not at all: a description where the file's name ends in `.json`, and else a picture.
pub fn write(path: &Path, share: Share) -> io::Result<()> {
    let text = match path.extension() {
        Some(extension) if extension == "json" => format!("{:#}\n", endpoint(share)),
        _ => svg(share),
    };
    file::write(path, text.as_bytes())
}

/// The badge as a picture.
pub fn svg(share: Share) -> String {
    const LABEL: usize = 118;
    let (words, colour) = face(share);
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
pub fn endpoint(share: Share) -> Value {
    let (words, colour) = face(share);
    json!({ "schemaVersion": 1, "label": "documented causes", "message": words, "color": colour })
}

/// What the badge says, and its colour; white text on each has a contrast of 4.5 at least.
fn face(share: Share) -> (String, &'static str) {
    match share.percent() {
        None => ("none".to_owned(), "#59636e"),
        Some(percent) => {
            let colour = match percent {
                100.. => "#1a7f37",
                80..100 => "#7a6a00",
                _ => "#cf222e",
            };
            (format!("{percent}%"), colour)
        }
    }
}
