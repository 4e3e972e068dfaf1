//! The raw costs, each alone, with nothing of ours between the library and the machine.

use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::{cpu, mean};

/// Bytes of a release as it travels: a statement of about 500 bytes, a nonce and the smallest body.
pub(crate) const REQUEST_BYTES: usize = 500 + 32 + 4096;
/// Bytes of the answer: line, checkpoint and inclusion proof.
const REPLY_BYTES: usize = 900;

/// Raw costs in CPU microseconds.
pub(crate) struct Floor {
    pub(crate) signature_us: f64,
    pub(crate) verification_us: f64,
    pub(crate) row_us: f64,
    pub(crate) request_us: f64,
}

impl Floor {
    pub(crate) fn mean(turns: &[Self]) -> Self {
        Self {
            signature_us: mean(turns, |turn| turn.signature_us),
            verification_us: mean(turns, |turn| turn.verification_us),
            row_us: mean(turns, |turn| turn.row_us),
            request_us: mean(turns, |turn| turn.request_us),
        }
    }

    pub(crate) fn sum_us(&self) -> f64 {
        self.signature_us + self.verification_us + self.row_us + self.request_us
    }
}

pub(crate) fn measure() -> Floor {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (signature_us, verification_us) = signatures();
    Floor { signature_us, verification_us, row_us: runtime.block_on(rows()), request_us: runtime.block_on(requests()) }
}

fn signatures() -> (f64, f64) {
    const ROUNDS: usize = 5_000;
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = key.verifying_key();
    let messages: Vec<[u8; 400]> = (0..ROUNDS).map(|i| [(i % 251) as u8; 400]).collect();
    let mut signatures = Vec::with_capacity(ROUNDS);
    let signature_us =
        cpu::per_round_us(ROUNDS, || signatures.extend(messages.iter().map(|message| key.sign(message))));
    let verification_us = cpu::per_round_us(ROUNDS, || {
        for (message, signature) in messages.iter().zip(&signatures) {
            public.verify_strict(message, signature).unwrap();
        }
    });
    (signature_us, verification_us)
}

/// One row holding what a release stores, 64 to a commit.
async fn rows() -> f64 {
    const COMMITS: usize = 40;
    const PER_COMMIT: usize = 64;
    let dir = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new()
        .filename(dir.path().join("floor.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = options.connect().await.unwrap();
    sqlx::query("CREATE TABLE floor (id INTEGER PRIMARY KEY, content BLOB NOT NULL)")
        .execute(&mut connection)
        .await
        .unwrap();
    let content = vec![0x5a_u8; REQUEST_BYTES];
    let before = cpu::used_us();
    for commit in 0..COMMITS {
        let mut transaction = connection.begin().await.unwrap();
        for row in 0..PER_COMMIT {
            sqlx::query("INSERT INTO floor (id, content) VALUES ($1, $2)")
                .bind((commit * PER_COMMIT + row) as i64)
                .bind(content.as_slice())
                .execute(&mut *transaction)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
    }
    (cpu::used_us() - before) / (COMMITS * PER_COMMIT) as f64
}

/// One request and one reply on a bidirectional stream of one connection, 64 under way at a time, both ends here.
async fn requests() -> f64 {
    const ROUNDS: usize = 8_000;
    const UNDER_WAY: usize = 64;
    let (server, client) = endpoints();
    let address = server.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        let connection = server.accept().await.unwrap().await.unwrap();
        while let Ok((mut send, mut receive)) = connection.accept_bi().await {
            tokio::spawn(async move {
                let request = receive.read_to_end(1 << 20).await.unwrap();
                assert_eq!(request.len(), REQUEST_BYTES);
                send.write_all(&[1; REPLY_BYTES]).await.unwrap();
                send.finish().unwrap();
            });
        }
    });
    let connection = client.connect(address, "floor").unwrap().await.unwrap();
    let request = Arc::new(vec![2_u8; REQUEST_BYTES]);
    let before = cpu::used_us();
    let mut workers = Vec::new();
    for _ in 0..UNDER_WAY {
        let (connection, request) = (connection.clone(), request.clone());
        workers.push(tokio::spawn(async move {
            for _ in 0..ROUNDS / UNDER_WAY {
                let (mut send, mut receive) = connection.open_bi().await.unwrap();
                send.write_all(&request).await.unwrap();
                send.finish().unwrap();
                assert_eq!(receive.read_to_end(1 << 20).await.unwrap().len(), REPLY_BYTES);
            }
        }));
    }
    for worker in workers {
        worker.await.unwrap();
    }
    let used = cpu::used_us() - before;
    connection.close(0_u32.into(), b"measured");
    serving.abort();
    used / ROUNDS as f64
}

fn endpoints() -> (quinn::Endpoint, quinn::Endpoint) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["floor".into()]).unwrap().self_signed(&key).unwrap();
    let der = CertificateDer::from(certificate.der().to_vec());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![der.clone()], PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())))
        .unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(der).unwrap();
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let server = quinn::ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(server).unwrap()));
    let server = quinn::Endpoint::server(server, "127.0.0.1:0".parse().unwrap()).unwrap();
    let mut endpoint = quinn::Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    endpoint.set_default_client_config(quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(client).unwrap())));
    (server, endpoint)
}
