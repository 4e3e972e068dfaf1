//! Files in layouts of their own, between the moment they are brought and the moment a person has confirmed how they are to be
//! read. They are held in memory and nowhere else: a file that is not taken in may be one of cases, and leaves no trace. What was
//! answered about it is kept with every answer, so that a restart costs a person nothing but bringing the file again.

use std::sync::{Arc, Mutex, PoisonError};

use vrs_console::accounts::Operator;
use vrs_intake::assistant::propose::{Remembered, propose};
use vrs_intake::assistant::questions::{Open, questions};
use vrs_intake::assistant::seen::{Seen, see};
use vrs_intake::assistant::write::{Source, mapping};
use vrs_intake::assistant::{Answers, Layout};
use vrs_protocol::hash::Hash;
use vrs_protocol::time::Timestamp;

use super::{ImportReport, ImportRequest, Node};
use crate::error::{NodeError, Result};
use crate::intake::{Flaw, Mapping, Problem, Problems, SourceFile};
use crate::national::AgencyCode;
use crate::store;
use crate::store::remembered::SaidOfLayout;

/// Files that are held at once; the oldest goes when one more is brought.
const FILES_MAX: usize = 16;
/// Bytes that are held at once.
const BYTES_MAX: usize = 64 << 20;
/// How long a file is held.
const HELD_SECS: u64 = 4 * 3_600;
/// The name under which a confirmed mapping stands beside an import.
const MAPPING_NAME: &str = "confirmed at the console";

/// The files that wait for somebody to say how they are read.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Vec<Brought>>);

/// A file that was brought.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The name of its page; nobody can guess it.
    pub id: String,
    /// Whose figures it holds.
    pub agency: AgencyCode,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What was said of it; `None`: nothing yet.
    pub answers: Option<Answers>,
}

/// What the node sees in a file that was brought, and what it would make of it.
#[derive(Debug)]
pub struct Assistance {
    /// The file.
    pub brought: Brought,
    /// What was seen of it.
    pub seen: Seen,
    /// What was answered, or is proposed.
    pub answers: Answers,
    /// What is open.
    pub open: Open,
    /// Who answered for a file with the same headings before, and when.
    pub before: Option<(String, Timestamp)>,
    /// What would be taken in, where nothing is open.
    pub trial: Option<Trial>,
}

/// What would come of taking a file in.
#[derive(Debug)]
pub struct Trial {
    /// The mapping it is read through; `None`: the answers contradict each other, as the result says.
    pub mapping: Option<Mapping>,
    /// Its tables, or every reason why not.
    pub result: std::result::Result<ImportReport, Problems>,
}

impl Shelf {
    fn held(&self) -> std::sync::MutexGuard<'_, Vec<Brought>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, brought: Brought) {
        let mut held = self.held();
        let now = brought.at.0;
        held.retain(|other| other.at.0 + HELD_SECS > now);
        held.push(brought);
        while held.len() > FILES_MAX || held.iter().map(|brought| brought.bytes.len()).sum::<usize>() > BYTES_MAX {
            held.remove(0);
        }
    }

    fn find(&self, id: &str, now: Timestamp) -> Option<Brought> {
        self.held().iter().find(|brought| brought.id == id && brought.at.0 + HELD_SECS > now.0).cloned()
    }

    fn answer(&self, id: &str, answers: &Answers) {
        if let Some(brought) = self.held().iter_mut().find(|brought| brought.id == id) {
            brought.answers = Some(answers.clone());
        }
    }

    fn let_go(&self, id: &str) {
        self.held().retain(|brought| brought.id != id);
    }
}

impl Node {
    /// Takes a file into the hand, to find out how it is to be read. Answers the name of its page.
    ///
    /// # Errors
    /// When the person may not deliver for the agency, or the file cannot be looked at: nothing of it is kept then.
    pub async fn bring(&self, agency: &AgencyCode, name: &str, bytes: Vec<u8>, by: &Operator) -> Result<String> {
        self.may_deliver(Some(by), agency).await?;
        let brought = Brought {
            id: data_encoding::HEXLOWER.encode(&vrs_runtime::random::bytes::<16>()),
            agency: agency.clone(),
            name: name.to_owned(),
            bytes: bytes.into(),
            by: by.name.clone(),
            at: self.now(),
            answers: None,
        };
        let looked_at = brought.clone();
        aside(move || Ok(see(looked_at.file(), &Layout::default())?)).await?;
        let id = brought.id.clone();
        self.0.brought.put(brought);
        Ok(id)
    }

    /// What is seen in a file that was brought.
    ///
    /// # Errors
    /// [`NodeError::Missing`] when it is not held any more.
    pub async fn assistance(&self, id: &str, who: &Operator) -> Result<Assistance> {
        let brought = self.brought(id, who).await?;
        let said = brought.answers.clone();
        let layout = said.as_ref().map(|answers| answers.layout.clone()).unwrap_or_default();
        let file = brought.clone();
        let seen = aside(move || Ok(see(file.file(), &layout)?)).await?;
        let mut tx = self.0.database.read("remember a layout").await?;
        let before = store::remembered::layout(&mut tx, &brought.agency, signature(&seen)).await?;
        let labels = store::remembered::labels(&mut tx, &brought.agency).await?;
        let publisher = store::agencies::find(&mut tx, &brought.agency).await?;
        drop(tx);
        // What was said of this very file is no news to who said it.
        let asked_before = before.as_ref().filter(|_| said.is_none()).map(|said| (said.by.clone(), said.at));
        let is_of_another_file = said.is_none();
        let answers = said.or_else(|| before.map(|said| of_the_next(said.answers)));
        let remembered = Remembered { answers, is_of_another_file, labels };
        let (file, node) = (brought.clone(), self.clone());
        let (seen, answers, open) = aside(move || {
            let answers = propose(&seen, &file.name, node.catalogue_to_read(), node.participant(), &remembered);
            let open = questions(file.file(), &seen, &answers, node.catalogue_to_read())?;
            Ok((seen, answers, open))
        })
        .await?;
        let source = Source {
            participant: self.participant().clone(),
            publisher: publisher.map_or_else(|| brought.agency.to_string(), |agency| agency.name),
            title: brought.name.clone(),
        };
        let trial = match open.questions.is_empty() && open.more_labels == 0 {
            true => Some(self.try_out(&brought, &seen, &answers, &source, who).await?),
            false => None,
        };
        Ok(Assistance { brought, seen, answers, open, before: asked_before, trial })
    }

    /// Keeps what a person says of a file.
    ///
    /// # Errors
    /// As [`Node::assistance`].
    pub async fn answer(&self, id: &str, answers: Answers, who: &Operator) -> Result<()> {
        let brought = self.brought(id, who).await?;
        let (file, layout) = (brought.clone(), answers.layout.clone());
        let seen = aside(move || Ok(see(file.file(), &layout)?)).await?;
        let said = SaidOfLayout { answers, by: who.name.clone(), at: self.now() };
        let mut tx = self.0.database.begin("remember a layout").await?;
        store::remembered::keep(&mut tx, &brought.agency, signature(&seen), &said).await?;
        tx.commit().await?;
        self.0.brought.answer(id, &said.answers);
        Ok(())
    }

    /// Takes a file in as it was confirmed. `shown`: the [`mark`] of the mapping that the person saw the tables of.
    ///
    /// # Errors
    /// When something is still open, and as [`Node::import`].
    pub async fn take_brought(&self, id: &str, shown: &str, who: &Operator) -> Result<ImportReport> {
        let assistance = self.assistance(id, who).await?;
        let mapping = assistance.trial.and_then(|trial| trial.mapping);
        let Some(mapping) = mapping.filter(|mapping| mark(mapping) == shown) else {
            return Err(NodeError::Usage(
                "something about the file is still open, or was answered differently since it was shown, so nothing was taken in; look at it again".into(),
            ));
        };
        let report = self.import(request(&assistance.brought, &mapping, who)).await?;
        self.0.brought.let_go(id);
        Ok(report)
    }

    /// Forgets a file that was brought, and answers its name; what was answered about it stays known.
    ///
    /// # Errors
    /// As [`Node::assistance`].
    pub async fn let_brought_go(&self, id: &str, who: &Operator) -> Result<String> {
        let brought = self.brought(id, who).await?;
        self.0.brought.let_go(id);
        Ok(brought.name)
    }

    async fn brought(&self, id: &str, who: &Operator) -> Result<Brought> {
        let found = self.0.brought.find(id, self.now());
        let missing = || {
            NodeError::Missing("file; it was taken in, let go, or held longer than four hours: bring it again, what was answered about it is known".into())
        };
        let brought = found.ok_or_else(missing)?;
        self.may_deliver(Some(who), &brought.agency).await?;
        Ok(brought)
    }

    async fn try_out(
        &self,
        brought: &Brought,
        seen: &Seen,
        answers: &Answers,
        source: &Source,
        who: &Operator,
    ) -> Result<Trial> {
        let mapping = match mapping(seen, answers, source, self.catalogue_to_read()) {
            Ok(mapping) => mapping,
            Err(problem) => return Ok(Trial { mapping: None, result: Err(problem.into()) }),
        };
        let result = match self.import_as(request(brought, &mapping, who), super::imports::Earnest::No).await {
            Ok(report) => Ok(report),
            Err(NodeError::File(problems)) => Err(problems),
            // A closed period or a form that is not assigned is said on the page, where another answer can be given.
            Err(NodeError::Refused(why) | NodeError::NotAllowed(why) | NodeError::Usage(why)) => {
                Err(Problem::of_file(Flaw::Figure(why), "tables of open periods, of assigned forms").into())
            }
            Err(other) => return Err(other),
        };
        Ok(Trial { mapping: Some(mapping), result })
    }
}

impl Brought {
    fn file(&self) -> SourceFile<'_> {
        SourceFile { name: &self.name, bytes: &self.bytes }
    }
}

fn request(brought: &Brought, mapping: &Mapping, who: &Operator) -> ImportRequest {
    ImportRequest {
        agency: brought.agency.clone(),
        name: brought.name.clone(),
        bytes: brought.bytes.to_vec(),
        mapping: Some((MAPPING_NAME.into(), mapping.print().into_bytes())),
        beside: Vec::new(),
        only: None,
        metadata: None,
        by: Some(who.clone()),
    }
}

/// What was said of a file, for the next one with its headings: not its periods, which are others by now. "2018/19" says itself which
/// year it is; "March" does not.
fn of_the_next(answers: Answers) -> Answers {
    let mut answers = Answers { period: None, covers: Vec::new(), ..answers };
    answers.periods.retain(|text, period| text.contains(&format!("{:02}", period.year() % 100)));
    answers
}

fn signature(seen: &Seen) -> Hash {
    Hash::of(seen.signature().as_bytes())
}

/// What tells a mapping from another: a person takes in what they have seen and nothing else.
#[must_use]
pub fn mark(mapping: &Mapping) -> String {
    Hash::of(mapping.print().as_bytes()).to_string()
}

/// Does what takes the processor for a while beside everybody else's requests.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| NodeError::Defect(error.to_string()))?
}
