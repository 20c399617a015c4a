//! Claims about what is hidden by its name.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::redactor;
use crate::text::secret::{Redactor, Showing, ShownParts};

#[test]
fn a_value_under_the_name_of_a_secret_is_hidden_however_the_name_is_written() {
    let redactor = Redactor::default();
    for (text, shown) in [
        (r#"{"access_token":"abc","n":1}"#, r#"{"access_token":"$ACCESS_TOKEN","n":1}"#),
        (r#"{ "Access-Token" : "a\"b\\" , "n": 1 }"#, r#"{ "Access-Token" : "$ACCESS_TOKEN" , "n": 1 }"#),
        (r#"{"accessToken":123}"#, r#"{"accessToken":"$ACCESSTOKEN"}"#),
        (r#"{"user_password":"x"}"#, r#"{"user_password":"$USER_PASSWORD"}"#),
        (r#"{"signature":{"a":["}",1]},"b":2}"#, r#"{"signature":"$SIGNATURE","b":2}"#),
        (r#""{\"api_key\":\"k\\\"ey\",\"n\":1}""#, r#""{\"api_key\":\"$API_KEY\",\"n\":1}""#),
        (r#"{"password":"cut of"#, r#"{"password":"$PASSWORD"#),
        ("grant=x&client_secret=a%20b&n=1", "grant=x&client_secret=$CLIENT_SECRET&n=1"),
        ("https://h/p?api_key=k#f", "https://h/p?api_key=$API_KEY#f"),
        ("user[password]=x&y=1", "user[password]=$USER_PASSWORD_&y=1"),
        ("keyId=\"a\",signature=\"b c\",n=\"d\"", "keyId=\"a\",signature=\"$SIGNATURE\",n=\"d\""),
        (
            "GET / HTTP/1.1\r\nAuthorization: Bearer x y\r\nHost: h",
            "GET / HTTP/1.1\r\nAuthorization: $AUTHORIZATION\r\nHost: h",
        ),
        (r"A: b\r\nSet-Cookie: a=b; c\r\nD: e", r"A: b\r\nSet-Cookie: $SET_COOKIE\r\nD: e"),
    ] {
        assert_eq!(redactor.redact(text), shown);
        assert_eq!(redactor.redact(shown), shown, "what is hidden stays as it is");
    }
}

#[test]
fn other_names_and_what_says_nothing_are_shown() {
    let redactor = Redactor::default();
    for text in [
        r#"{"password":null,"secret":true,"signature":"","api_key":[],"jwt":{}}"#,
        r#"{"authorization":{"id":"auth_1"},"token":"tok_1","compassword":"x","passwords":"x","key":"k","secretary":"s"}"#,
        "the password: it is too short; a == b; a=b; signature = none; access_token",
        "password=&next=1",
        "\"",
        "\":",
        "\"password\":",
        "\"password\":\"",
        "password=",
        "=:=:\"\":\"\\\":",
        "\u{e9}password\u{e9}=x",
    ] {
        assert!(matches!(redactor.redact(text), Cow::Borrowed(_)), "{text} -> {}", redactor.redact(text));
    }
}

#[test]
fn what_a_contract_shows_is_shown_in_its_place_alone() {
    let redactor = Redactor::default();
    let shown = ShownParts {
        places: vec!["/a/password".to_owned(), "/secret".to_owned()],
        headers: vec!["Set-Cookie".to_owned()],
    };
    let showing = Showing::Answer(&shown);
    for (text, told) in [
        (r#"{"a":{"password":"1"},"password":"2"}"#, r#"{"a":{"password":"1"},"password":"$PASSWORD"}"#),
        (
            r#"{"a":[{"password":"1"}],"secret":{"jwt":"2"}}"#,
            r#"{"a":[{"password":"$PASSWORD"}],"secret":{"jwt":"2"}}"#,
        ),
        ("secret=1&password=2", "secret=1&password=$PASSWORD"),
        (r#"{"a":{"password":"#, r#"{"a":{"password":"#),
    ] {
        assert_eq!(redactor.redact_showing(text, showing), told);
    }
    assert_eq!(redactor.redact_header("set-cookie", "a=b", showing), "a=b");
    assert_eq!(redactor.redact_header("set-cookie", "a=b", Showing::Nothing), "$SET_COOKIE");
    assert_eq!(redactor.redact_header("Authorization", "Basic YTpi", showing), "Basic $AUTHORIZATION");
}

#[test]
fn of_a_request_what_was_made_up_is_shown_and_a_known_secret_keeps_its_own_name() {
    let redactor = redactor(&[("KEY", "skey_test_1")]);
    let drawn = std::collections::BTreeMap::from([("alnum8".to_owned(), serde_json::json!("x7y8z9w0"))]);
    let showing = Showing::Request(&drawn);
    let basic = format!("Basic {}", STANDARD.encode("ak_x7y8z9w0:"));
    assert_eq!(redactor.redact_header("Authorization", &basic, showing), basic);
    assert_eq!(redactor.redact_header("Authorization", "Bearer skey_test_1", showing), "Bearer $KEY");
    assert_eq!(redactor.redact_header("Authorization", "Bearer other", showing), "Bearer $AUTHORIZATION");
    assert_eq!(
        redactor.redact_showing("?api_key=ak_x7y8z9w0&secret=skey_test_1&password=p", showing),
        "?api_key=ak_x7y8z9w0&secret=$KEY&password=$PASSWORD"
    );
}
