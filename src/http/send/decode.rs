//! Bodies that come compressed although nobody asked: unfolded within a bound, or left as they are.

use std::io::Read;

use bytes::Bytes;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::http::exchange::{Failure, FailureKind};

/// The body without its encoding; nothing where it is not encoded as it says, which is the vendor's answer as it came.
pub(super) fn decode(encoding: &str, body: &Bytes, bound: usize) -> Result<Option<Bytes>, Failure> {
    let unfolded = match encoding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => unfold(MultiGzDecoder::new(&**body), bound),
        "deflate" => inflate(body, bound),
        _ => None,
    };
    match unfolded {
        Some(plain) if plain.len() > bound => Err(Failure {
            kind: FailureKind::TooLarge,
            detail: format!("the body of {} bytes unfolds to more than {bound}", body.len()),
        }),
        plain => Ok(plain.map(Bytes::from)),
    }
}

/// By the standard `deflate` has a zlib wrapper; some servers send it without.
fn inflate(body: &[u8], bound: usize) -> Option<Vec<u8>> {
    unfold(ZlibDecoder::new(body), bound).or_else(|| unfold(DeflateDecoder::new(body), bound))
}

/// One byte past the bound is enough to know that there are too many.
fn unfold(decoder: impl Read, bound: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let limit = u64::try_from(bound).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(limit).read_to_end(&mut plain).ok().map(|_| plain)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = b"{\"deleted\": true, \"deleted_at\": null}";

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn each_known_encoding_is_unfolded() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(TEXT).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(TEXT).unwrap();
        let bodies = [
            ("gzip", gzip(TEXT)),
            (" X-GZIP", gzip(TEXT)),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", raw.finish().unwrap()),
        ];
        for (encoding, body) in bodies {
            assert_eq!(decode(encoding, &body.into(), 100).unwrap().unwrap(), TEXT, "{encoding}");
        }
    }

    #[test]
    fn what_is_not_encoded_as_it_says_stays_as_it_came() {
        let mut cut = gzip(TEXT);
        cut.truncate(cut.len() - 9);
        for (encoding, body) in
            [("gzip", TEXT.to_vec()), ("gzip", cut), ("br", gzip(TEXT)), ("gzip, gzip", gzip(TEXT)), ("", vec![])]
        {
            assert_eq!(decode(encoding, &body.into(), 100).unwrap(), None, "{encoding}");
        }
    }

    #[test]
    fn the_bound_holds_to_the_byte() {
        let body: Bytes = gzip(&[0; 1000]).into();
        assert_eq!(decode("gzip", &body, 1000).unwrap().unwrap().len(), 1000);
        assert_eq!(decode("gzip", &body, 999).unwrap_err().kind, FailureKind::TooLarge);
    }
}
