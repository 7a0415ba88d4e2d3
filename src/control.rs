//! The loopback control endpoint: commands given while `serve` runs go to it.
//!
//! One process owns the store. It listens on a port of 127.0.0.1 that the system chooses and
//! writes address and token to `data/control.json`, readable by its owner alone. A command reads
//! that file, sends its [`Request`] as JSON and prints the [`Reply`]. Requests without the token,
//! or for another host name, are refused: a web page in the same browser must not be able to
//! start a campaign.

use crate::switchboard::{Reply, Request};
use anyhow::{Context, Result};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

/// A spreadsheet of a hundred thousand people fits; a mistake does not.
const LARGEST_REQUEST: usize = 64 * 1024 * 1024;

/// What stands in `data/control.json`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Address {
    /// `127.0.0.1:port`.
    pub address: String,
    /// The word that opens the door.
    pub token: String,
    /// The process that listens.
    pub pid: u32,
}

/// A request on its way to the switchboard, and where its reply goes.
pub type Asked = (Request, oneshot::Sender<Reply>);

/// The door, open. Dropping it removes the file; a process that was killed leaves it, and the
/// next one overwrites it.
pub struct Control {
    file: PathBuf,
}

#[derive(Clone)]
struct Door {
    host: String,
    token: String,
    asked: mpsc::Sender<Asked>,
}

impl Control {
    /// Listens on the loopback and writes `control.json` into the data folder.
    pub async fn open(data: &Path, asked: mpsc::Sender<Asked>) -> Result<Control> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("opening the loopback")?;
        let host = listener.local_addr()?.to_string();
        let token = new_token()?;
        let file = data.join("control.json");
        let address =
            Address { address: host.clone(), token: token.clone(), pid: std::process::id() };
        write_privately(&file, &serde_json::to_vec(&address)?)?;
        let door = Door { host, token, asked };
        let routes = Router::new()
            .route("/request", post(take))
            .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
            .with_state(door);
        tokio::spawn(async move {
            if let Err(trouble) = axum::serve(listener, routes).await {
                tracing::error!("the control endpoint stopped: {trouble}");
            }
        });
        Ok(Control { file })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

async fn take(
    State(door): State<Door>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Json<Reply>, StatusCode> {
    let said = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let right_host = said(header::HOST) == Some(&door.host);
    let right_token = said(header::AUTHORIZATION) == Some(&format!("Bearer {}", door.token));
    if !right_host || !right_token {
        return Err(StatusCode::FORBIDDEN);
    }
    let (sender, reply) = oneshot::channel();
    door.asked.send((request, sender)).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    reply.await.map(Json).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}

/// Sends a request to the process that owns the store.
///
/// # Errors
/// Nobody listens (`control.json` is missing or old), or the answer is none.
pub async fn ask(data: &Path, request: &Request) -> Result<Reply> {
    let file = data.join("control.json");
    let text = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    let address: Address = serde_json::from_slice(&text).context("reading control.json")?;
    let stream = TcpStream::connect(&address.address).await.context("calling `rollcall serve`")?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = hyper::Request::post("/request")
        .header(header::HOST, &address.address)
        .header(header::AUTHORIZATION, format!("Bearer {}", address.token))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::new(hyper::body::Bytes::from(serde_json::to_vec(request)?)))?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    anyhow::ensure!(status.is_success(), "`rollcall serve` refused the request ({status})");
    serde_json::from_slice(&body).context("reading the reply of `rollcall serve`")
}

fn new_token() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).context("drawing a token")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Writes a file that nobody else on the machine can read.
fn write_privately(file: &Path, text: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = std::fs::remove_file(file);
    let mut open = options.open(file).with_context(|| format!("writing {}", file.display()))?;
    open.write_all(text)?;
    open.sync_all().with_context(|| format!("writing {}", file.display()))
}
