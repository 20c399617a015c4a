//! Names that make a value secret: of a field, a parameter, a cookie, a field of a head.

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

/// The names of a head's fields among them. In a body they may name a thing, such as the authorization of a payment, so there
/// only a text under them is hidden.
const OF_HEADS: [&str; 5] = ["authorization", "cookie", "cookies", "proxyauthorization", "setcookie"];

/// The longest name that is looked at.
pub(super) const LONGEST_NAME: usize = 64;

/// Returns true for the name of a secret.
pub fn is_secret(name: &str) -> bool {
    SecretName::of(name).is_some()
}

/// The name of a shell's variable that is written in place of a value: `access_token` is `ACCESS_TOKEN`.
pub fn variable(name: &str) -> String {
    let letters = name.trim_start_matches('/').chars();
    letters.map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' }).collect()
}

/// One of [`SECRET_NAMES`].
#[derive(Clone, Copy)]
pub(super) struct SecretName(&'static str);

impl SecretName {
    /// The known name with which a name ends, beginning where one of its words begins.
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = name.strip_suffix("[]").unwrap_or(name).trim_end_matches(']').as_bytes();
        let (mut letters, mut length) = ([0; LONGEST_NAME], 0);
        let (mut starts, mut words) = ([0; LONGEST_NAME], 0);
        let mut before = None::<u8>;
        for byte in name {
            if byte.is_ascii_alphanumeric() {
                if begins_word(before, *byte) {
                    *starts.get_mut(words)? = length;
                    words += 1;
                }
                *letters.get_mut(length)? = byte.to_ascii_lowercase();
                length += 1;
            }
            before = Some(*byte);
        }
        let (letters, _) = letters.split_at(length);
        let (starts, _) = starts.split_at(words);
        starts.iter().find_map(|start| Self::exactly(letters.split_at(*start).1))
    }

    fn exactly(letters: &[u8]) -> Option<Self> {
        let at = SECRET_NAMES.binary_search_by(|known| known.as_bytes().cmp(letters)).ok()?;
        SECRET_NAMES.get(at).map(|known| Self(known))
    }

    /// Returns true for the name of a head's field.
    pub(super) fn is_of_heads(self) -> bool {
        OF_HEADS.contains(&self.0)
    }
}

fn begins_word(before: Option<u8>, letter: u8) -> bool {
    before.is_none_or(|before| {
        !before.is_ascii_alphanumeric() || before.is_ascii_lowercase() && letter.is_ascii_uppercase()
    })
}
