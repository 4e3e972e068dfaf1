//! The running program: the link to the hub and the console, until it is told to stop.

use std::time::Duration;

use vrs_runtime::shutdown::{FINISH_SECS, Shutdown};

use super::Node;
use crate::error::{NodeError, Result};

impl Node {
    /// Keeps the link to the hub until `shutdown` begins, and closes the database at its end. Other work of the program, such
    /// as the console, is spawned on the same `shutdown` before.
    ///
    /// # Errors
    /// When something did not end as it should.
    pub async fn run(&self, shutdown: Shutdown) -> Result<()> {
        let node = self.clone();
        let stop = shutdown.clone();
        shutdown.spawn("link to the hub", async move { node.keep_link(stop).await });
        shutdown.wait().await;
        let finished = shutdown.finish(Duration::from_secs(FINISH_SECS)).await;
        self.close().await;
        finished.map_err(|error| NodeError::Refused(error.to_string()))
    }
}
