//! One trial as a team would write it by hand: reqwest, jsonschema, libtest-mimic; what a trial of the contracts is held against.

use http::header::AUTHORIZATION;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use std::process::ExitCode;

async fn ask(base: &str, key: &str) -> Result<(u16, Value), reqwest::Error> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
    let request = client.delete(format!("{base}/links/link_test_5ls0b8zsdurmd38itgg"));
    let credentials = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("{key}:"));
    let request = request.header(AUTHORIZATION, format!("Basic {credentials}")).header("omise-version", "2019-05-29");
    let answer = request.send().await?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

fn unknown() -> Result<(), Failed> {
    let variable = |name: &str| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    let (base, key) = (variable("PROVISO_TARGET")?, variable("OMISE_SECRET_KEY")?);
    let schema = jsonschema::validator_for(&json!({
        "type": "object",
        "required": ["object", "location", "code", "message"],
        "properties": {
            "object": { "const": "error" },
            "location": { "type": "string" },
            "code": { "const": "not_found" },
            "message": { "type": "string", "minLength": 1 },
        },
    }))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (status, body) = runtime.block_on(ask(&base, &key))?;
    if status != 404 {
        return Err(format!("status {status}: {body}").into());
    }
    schema.validate(&body).map_err(|error| error.to_string())?;
    Ok(())
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trial = Trial::test("omise/links.delete/unknown", unknown);
    libtest_mimic::run(&arguments, vec![trial]).exit_code()
}
