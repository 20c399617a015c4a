//! The floor: cases read from YAML, 64 requests in flight over one client, each answer held against a compiled schema; no more.
//!
//! `floor CASES BASE` prints the cases that fail, and ends with 1 if there is one. `floor parse FOLDER` merely parses the YAML files
//! of a folder's folders, which is the floor of linting them.
#![expect(clippy::print_stdout, reason = "what a bench asks of it, it prints")]

use futures_util::StreamExt;
use jsonschema::Validator;
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

/// As many as proviso has in flight, unless it is told otherwise.
const IN_FLIGHT: usize = 64;

#[derive(Deserialize)]
struct Case {
    name: String,
    path: String,
    signed: bool,
    status: u16,
    code: Option<String>,
}

struct Schemas {
    deleted: Validator,
    error: Validator,
}

impl Schemas {
    fn new() -> Result<Self, Box<dyn Error>> {
        let deleted = json!({
            "type": "object",
            "required": ["object", "id", "livemode", "deleted"],
            "properties": {
                "object": { "const": "link" },
                "id": { "type": "string", "pattern": "^link_test_[0-9a-z_]+$" },
                "livemode": { "type": "boolean" },
                "deleted": { "const": true },
            },
        });
        let error = json!({
            "type": "object",
            "required": ["object", "location", "code", "message"],
            "properties": {
                "object": { "const": "error" },
                "location": { "type": "string" },
                "code": { "type": "string" },
                "message": { "type": "string", "minLength": 1 },
            },
        });
        Ok(Self { deleted: jsonschema::validator_for(&deleted)?, error: jsonschema::validator_for(&error)? })
    }

    fn check(&self, case: &Case, status: u16, body: &[u8]) -> Result<(), String> {
        if status != case.status {
            return Err(format!("status {status}"));
        }
        let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let schema = if status == 200 { &self.deleted } else { &self.error };
        schema.validate(&body).map_err(|error| error.to_string())?;
        match &case.code {
            Some(code) if body.get("code").and_then(Value::as_str) != Some(code) => Err(format!("not {code}")),
            _ => Ok(()),
        }
    }
}

async fn judge(client: &Client, schemas: &Schemas, base: &str, case: &Case) -> Result<(), String> {
    let request = client.delete(format!("{base}{}", case.path));
    let request = if case.signed { request.header("authorization", "Basic c2tleV90ZXN0X2JlbmNoOg==") } else { request };
    let answer = request.send().await.map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(|error| error.to_string())?;
    schemas.check(case, status, &body)
}

/// Parses the YAML files of a folder's folders; how long they are together.
fn parse(folder: &Path) -> Result<usize, Box<dyn Error>> {
    let mut bytes = 0;
    for vendor in std::fs::read_dir(folder)? {
        for file in std::fs::read_dir(vendor?.path())? {
            let text = std::fs::read_to_string(file?.path())?;
            let _: Value = serde_yaml::from_str(&text)?;
            bytes += text.len();
        }
    }
    Ok(bytes)
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(cases), Some(base)) = (arguments.next(), arguments.next()) else {
        println!("called by `cargo bench --bench ratio`");
        return Ok(ExitCode::SUCCESS);
    };
    if cases == "parse" {
        println!("{} bytes", parse(Path::new(&base))?);
        return Ok(ExitCode::SUCCESS);
    }
    let cases: Vec<Case> = serde_yaml::from_str(&std::fs::read_to_string(cases)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let failed = runtime.block_on(async {
        // The client is built for TLS; that no certificate is read for it is as cheap as it gets.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().tls_certs_only([]).build()?;
        let schemas = Schemas::new()?;
        let (client, schemas, base) = (&client, &schemas, base.as_str());
        let judged = futures_util::stream::iter(&cases)
            .map(|case| async move { judge(client, schemas, base, case).await.err().map(|why| (case, why)) });
        let failed = judged.buffer_unordered(IN_FLIGHT).filter_map(std::future::ready).collect::<Vec<_>>().await;
        Ok::<_, Box<dyn Error>>(failed)
    })?;
    for (case, why) in &failed {
        println!("FAILED {}: {why}", case.name);
    }
    println!("{} cases, {} failed", cases.len(), failed.len());
    Ok(ExitCode::from(u8::from(!failed.is_empty())))
}
