//! Makes links at a server, reads them and deletes them, over 64 connections at once, as fast as it answers.

use crate::Failure;
use crate::server::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 64;

/// Requests that a server answers in a second of its processor; `lives` links live on every connection.
pub(crate) fn rate(server: &Server, lives: usize) -> Result<f64, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let host = server.host().to_owned();
    let before = server.cpu()?;
    let answered: usize = runtime.block_on(async {
        let connections = (0..CONNECTIONS).map(|_| connection(&host, lives));
        let ended = futures_util::future::join_all(connections).await;
        ended.into_iter().sum::<Result<usize, std::io::Error>>()
    })?;
    Ok(answered as f64 / (server.cpu()? - before))
}

async fn connection(host: &str, lives: usize) -> std::io::Result<usize> {
    let mut stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    let head = format!(
        "host: {host}\r\nauthorization: Basic c2tleV90ZXN0XzAxMjM0NTY3ODlhYmNkZWZnaGk6\r\nomise-version: 2019-05-29\r\n"
    );
    let body = r#"{"title":"bench","description":"bench","amount":10000,"currency":"thb","multiple":false}"#;
    let create = format!(
        "POST /links HTTP/1.1\r\n{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..lives {
        exchange(&mut stream, &create, &mut buffer).await?;
        let answer = String::from_utf8_lossy(&buffer);
        let behind = answer.split("\"id\":\"").nth(1).unwrap_or_default();
        let id = behind.split('"').next().unwrap_or_default().to_owned();
        if id.is_empty() {
            return Err(std::io::Error::other(format!("no link was made: {answer}")));
        }
        for method in ["GET", "DELETE"] {
            let request = format!("{method} /links/{id} HTTP/1.1\r\n{head}\r\n");
            exchange(&mut stream, &request, &mut buffer).await?;
            if !buffer.starts_with(b"HTTP/1.1 200") {
                let answer = String::from_utf8_lossy(&buffer).into_owned();
                return Err(std::io::Error::other(format!("{method} {id}: {answer}")));
            }
        }
    }
    Ok(lives * 3)
}

/// Sends a request and reads the whole answer, whose length must be told.
async fn exchange(stream: &mut TcpStream, request: &str, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    stream.write_all(request.as_bytes()).await?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::Error::other("the server went away"));
        }
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut answer = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(head)) = answer.parse(buffer) else { continue };
        let length = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse::<usize>().ok());
        if buffer.len() >= head + length.unwrap_or_default() {
            return Ok(());
        }
    }
}
