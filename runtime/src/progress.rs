//! Progress of long work, for a person at a terminal.
//!
//! The rule it keeps: only a terminal gets it, on standard error and in one line that erases itself; a log file or a
//! pipe gets nothing, so that it never has to be filtered out.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// The line is drawn again at most this often: often enough to look alive, seldom enough to cost nothing.
const DRAW_EVERY: Duration = Duration::from_millis(100);

/// Shows how far some work has come.
pub struct Progress {
    /// Where it is drawn; nowhere when nobody looks.
    screen: Option<Box<dyn Write + Send>>,
    what: String,
    total: Option<u64>,
    done: u64,
    drawn: Option<Instant>,
}

impl Progress {
    /// Begins to show work on standard error, if that is a terminal. `total` is how much there is, if that is known.
    #[must_use]
    pub fn begin(what: &str, total: Option<u64>) -> Self {
        let stderr = std::io::stderr();
        let screen = stderr.is_terminal().then(|| Box::new(stderr) as Box<dyn Write + Send>);
        Self::on(screen, what, total)
    }

    /// Shows nothing, for work that nobody watches.
    #[must_use]
    pub fn hidden() -> Self {
        Self::on(None, "", None)
    }

    fn on(screen: Option<Box<dyn Write + Send>>, what: &str, total: Option<u64>) -> Self {
        Self { screen, what: what.to_owned(), total, done: 0, drawn: None }
    }

    /// Says that `more` has been done.
    pub fn advance(&mut self, more: u64) {
        self.done = self.done.saturating_add(more);
        if self.screen.is_some() && self.drawn.is_none_or(|drawn| drawn.elapsed() >= DRAW_EVERY) {
            self.draw();
        }
    }

    /// How much has been done.
    #[must_use]
    pub const fn done(&self) -> u64 {
        self.done
    }

    fn draw(&mut self) {
        self.drawn = Some(Instant::now());
        let Some(screen) = &mut self.screen else { return };
        let line = match self.total {
            Some(total) if total > 0 => {
                let percent = self.done.min(total).saturating_mul(100) / total;
                format!("{}: {} of {total} ({percent} %)", self.what, self.done)
            }
            _ => format!("{}: {}", self.what, self.done),
        };
        // Carriage return and "erase to the end of the line". A terminal that went away is no reason to stop working.
        let _ = write!(screen, "\r{line}\x1b[K").and_then(|()| screen.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let (Some(screen), Some(_)) = (&mut self.screen, self.drawn) {
            let _ = write!(screen, "\r\x1b[K").and_then(|()| screen.flush());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn shown(total: Option<u64>, steps: &[u64]) -> String {
        let screen = Screen::default();
        let mut progress = Progress::on(Some(Box::new(screen.clone())), "Reading lines", total);
        steps.iter().for_each(|step| progress.advance(*step));
        drop(progress);
        let bytes = screen.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_line_is_drawn_in_place_and_erased_at_the_end() {
        assert_eq!(shown(Some(8), &[2]), "\rReading lines: 2 of 8 (25 %)\x1b[K\r\x1b[K");
        assert_eq!(shown(None, &[2]), "\rReading lines: 2\x1b[K\r\x1b[K");
        assert_eq!(shown(Some(0), &[1]), "\rReading lines: 1\x1b[K\r\x1b[K");
        assert_eq!(shown(Some(8), &[]), "");
    }

    #[test]
    fn many_small_steps_draw_seldom() {
        assert!(shown(Some(100_000), &[1; 10_000]).matches("Reading").count() < 100);
    }

    #[test]
    fn hidden_work_counts_all_the_same() {
        let mut progress = Progress::hidden();
        progress.advance(3);
        progress.advance(u64::MAX);
        assert_eq!(progress.done(), u64::MAX);
    }
}
