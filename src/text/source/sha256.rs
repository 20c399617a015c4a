//! SHA-256 of bytes, computed by the library that TLS uses already.

use ring::digest::{Context, SHA256};
use std::fmt::Write;

/// The SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&SHA256, bytes).as_ref().to_vec()
}

/// The SHA-256 of several parts, one behind the other.
pub fn sha256_of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    parts.into_iter().for_each(|part| context.update(part));
    context.finish().as_ref().to_vec()
}

/// Bytes as hexadecimal digits in small letters.
pub fn to_hexadecimal(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_standard() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(to_hexadecimal(&sha256(b"abc")), expected);
        assert_eq!(to_hexadecimal(&sha256_of_parts([b"a".as_slice(), b"bc"])), expected);
    }
}
