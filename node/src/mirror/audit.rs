//! The audit: the whole ledger read once more from the stored bytes, every line judged from the beginning by the same
//! function the hub uses before it writes.

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::{Line, LineKind};

use super::View;
use crate::say;

/// A line that may not stand where it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FlawedLine {
    /// Its place.
    pub line: LineIndex,
    /// What it records, such as `serving`.
    pub kind: &'static str,
    /// Number of the reason.
    pub number: u16,
    /// Why it may not stand there.
    pub sentence: String,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Audit {
    /// How many lines were judged.
    pub lines: u64,
    /// The root over them.
    pub root: Hash,
    /// Size of the checkpoint they were held against; `None`: there is none yet.
    pub checkpoint: Option<u64>,
    /// Whether the lines lead to that checkpoint.
    pub checkpoint_holds: bool,
    /// How many rights were served and justified.
    pub justified: u64,
    /// How many lines record servings.
    pub serving_lines: u64,
    /// Lines of kinds or versions this program cannot judge.
    pub unjudged: u64,
    /// Every flawed line, in order.
    pub flawed: Vec<FlawedLine>,
}

impl Audit {
    /// Whether nothing was found wrong.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.flawed.is_empty() && self.checkpoint_holds
    }

    /// The result in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        if !self.checkpoint_holds {
            return say("audit-damaged").with("lines", self.lines.to_string()).into();
        }
        let serving = self.flawed.iter().find(|flawed| flawed.kind == LineKind::Serving.word());
        match serving.or_else(|| self.flawed.first()) {
            Some(first) if first.kind == LineKind::Serving.word() => {
                say("audit-unjustified").with("line", first.line.to_string()).with("sentence", &first.sentence).into()
            }
            Some(first) => say("audit-misplaced")
                .with("line", first.line.to_string())
                .with("kind", first.kind.to_string())
                .with("sentence", &first.sentence)
                .into(),
            None => {
                let clean = match self.checkpoint {
                    None => say("audit-clean"),
                    Some(size) => say("audit-clean-under").with("checkpoint", size.to_string()),
                };
                clean.with("servings", self.justified.to_string()).into()
            }
        }
    }
}

/// Collects the lines of an audit one by one.
#[derive(Debug)]
pub struct Auditor {
    view: View,
    serving_lines: u64,
    flawed: Vec<FlawedLine>,
}

impl Auditor {
    /// An audit that has seen no line.
    #[must_use]
    pub fn new(catalogue: &'static Catalogue) -> Self {
        Self { view: View::empty(catalogue), serving_lines: 0, flawed: Vec::new() }
    }

    /// Judges the next line.
    pub fn take(&mut self, bytes: &[u8]) {
        let kind = Line::from_bytes(bytes).ok().and_then(|line| line.kind());
        self.serving_lines += u64::from(kind == Some(LineKind::Serving));
        let line = self.view.size();
        if let Some(reason) = self.view.take(bytes) {
            let kind = kind.map_or("unknown", LineKind::word);
            self.flawed.push(FlawedLine { line, kind, number: reason.number(), sentence: reason.to_string() });
        }
    }

    /// Holds the lines against the last checkpoint.
    #[must_use]
    pub fn finish(self, checkpoint: Option<&SignedCheckpoint>) -> Audit {
        let Self { view, serving_lines, flawed } = self;
        let root_then = |size| view.tree().root_at(size).ok();
        Audit {
            lines: view.size(),
            root: view.root(),
            checkpoint: checkpoint.map(|signed| signed.checkpoint().size()),
            checkpoint_holds: checkpoint
                .is_none_or(|signed| root_then(signed.checkpoint().size()) == Some(signed.checkpoint().root())),
            justified: view.region().servings_count(),
            serving_lines,
            unjudged: (view.region().unjudged().len() as u64).saturating_sub(flawed.len() as u64),
            flawed,
        }
    }
}
