//! Contracts without a mistake are told of none.

use super::copy::Copy;

#[test]
fn the_contract_that_the_bad_ones_are_made_from_is_clean() {
    let copy = Copy::of("tests/fixtures/lint");
    assert_eq!(copy.lint().text(copy.path()), "");
}

#[test]
fn the_contracts_of_the_five_pages_are_clean() {
    let copy = Copy::of("specs");
    assert_eq!(copy.lint().text(copy.path()), "");
}

#[test]
fn a_vendor_unlike_the_others_is_clean() {
    let copy = Copy::of("tests/fixtures/wide");
    assert_eq!(copy.lint().text(copy.path()), "");
}

#[test]
fn an_answer_may_be_promised_headers_of_its_connection() {
    let copy = Copy::of("tests/fixtures/lint");
    let text = copy.read("demo/links.delete.yaml");
    let promised =
        "{ status: 410, body: empty, headers: { Connection: close, Content-Length: \"0\", Proxy-Status: demo } }";
    copy.write("demo/links.delete.yaml", text.replace("{ status: 410, body: empty }", promised));
    assert_eq!(copy.lint().text(copy.path()), "");
}

#[test]
fn every_method_that_is_registered_and_in_use_is_one() {
    for method in
        ["HEAD", "PUT", "PATCH", "OPTIONS", "PROPFIND", "REPORT", "SEARCH", "LINK", "UNLINK", "PURGE", "QUERY"]
    {
        let copy = Copy::of("tests/fixtures/lint");
        let text = copy.read("demo/vendor.yaml");
        copy.write(
            "demo/vendor.yaml",
            text.replace("POST /links/{link}/parts", &format!("{method} /links/{{link}}/parts")),
        );
        assert!(!copy.lint().codes().contains(&"unknown-method"), "{method}");
    }
}
