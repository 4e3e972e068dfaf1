//! The running program: the link to the hub and the console, until it is told to stop.

use std::time::Duration;

use vrs_console::acts::Act;
use vrs_protocol::hash::Hash;
use vrs_runtime::files;
use vrs_runtime::settings::FILE_NAME;
use vrs_runtime::shutdown::{FINISH_SECS, Shutdown};

use super::Node;
use crate::error::{NodeError, Result};

/// Settings are read with the same bound.
const SETTINGS_BYTES_MAX: u64 = 1024 * 1024;

impl Node {
    /// Keeps the link to the hub until `shutdown` begins, and closes the database at its end. Other work of the program, such
    /// as the console, is spawned on the same `shutdown` before.
    ///
    /// # Errors
    /// When something did not end as it should.
    pub async fn run(&self, shutdown: Shutdown) -> Result<()> {
        self.note_start().await;
        let node = self.clone();
        let stop = shutdown.clone();
        shutdown.spawn("link to the hub", async move { node.keep_link(stop).await });
        shutdown.wait().await;
        let finished = shutdown.finish(Duration::from_secs(FINISH_SECS)).await;
        self.close().await;
        finished.map_err(|error| NodeError::Refused(error.to_string()))
    }

    /// Settings are changed in their file, so a start is when a change comes into force. A full disk does not keep the node
    /// from starting.
    async fn note_start(&self) {
        let settings = files::read_bounded(&self.dir().join(FILE_NAME), SETTINGS_BYTES_MAX).unwrap_or_default();
        let act = Act::new("program-started", format!("vrs-node {}", env!("CARGO_PKG_VERSION")))
            .after("settings_sha256", Hash::of(&settings));
        if let Err(error) = self.acts().record_alone(act).await {
            tracing::warn!(%error, "The start could not be recorded in the audit trail");
        }
    }
}
