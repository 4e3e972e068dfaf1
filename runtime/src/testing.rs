//! Empty databases for tests, on each engine there is.
//!
//! The rule it keeps: a test of a store runs on both engines with one text. SQLite is always there. PostgreSQL is
//! used when `VRS_TEST_POSTGRES` holds the address of a server on which databases may be created
//! (`postgres://user@127.0.0.1:5433`, without a database name); otherwise a line on standard error says that it was
//! skipped. Compiled for tests only (feature `testing`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot begin should stop loudly

use std::path::{Path, PathBuf};

use sqlx::{Connection, Executor};

use crate::clock::Clock;
use crate::database::{Database, Migration};
use crate::random;

/// The variable that names the PostgreSQL server for tests.
pub const POSTGRES_VARIABLE: &str = "VRS_TEST_POSTGRES";

/// A place for a database that is removed with this value.
pub struct Place {
    url: String,
    folder: PathBuf,
    /// The server and the name of the database on it.
    server: Option<(String, String)>,
}

impl Place {
    /// A place for an embedded database.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("vrs-test-{:016x}", u64::from_be_bytes(random::bytes())));
        std::fs::create_dir(&folder).unwrap();
        Self { url: "sqlite:test.db".to_owned(), folder, server: None }
    }

    /// A new database on the PostgreSQL server for tests, if there is one.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var(POSTGRES_VARIABLE) else {
            eprintln!("skipped on PostgreSQL: {POSTGRES_VARIABLE} is not set");
            return None;
        };
        let name = format!("vrs_test_{:016x}", u64::from_be_bytes(random::bytes()));
        let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |(base, query)| (base, query));
        let base = base.trim_end_matches('/');
        let with = |database: &str| match query {
            "" => format!("{base}/{database}"),
            query => format!("{base}/{database}?{query}"),
        };
        let mut place = Self::sqlite();
        place.url = with(&name);
        run(&with("postgres"), format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await;
        place.server = Some((with("postgres"), name));
        Some(place)
    }

    /// A place on each engine there is.
    pub async fn each() -> Vec<Self> {
        let mut places = vec![Self::sqlite()];
        places.extend(Self::postgres().await);
        places
    }

    /// The address, for [`Database::open`].
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder to which an embedded address is relative; tests may put other files there.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.folder
    }

    /// Opens it and brings its tables up to date.
    pub async fn open(&self, migrations: &[Migration]) -> Database {
        Database::open(&self.url, &self.folder, migrations, &Clock::system()).await.unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Some((server, name)) = self.server.take() {
            // A drop cannot wait for the test's own runtime, so another one does it.
            let done = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(run(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            });
            let _ = done.join();
        }
    }
}

async fn run(server: &str, sql: String) {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(server).await.expect("the PostgreSQL server for tests");
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await.expect("a database for a test");
    let _ = connection.close().await;
}
