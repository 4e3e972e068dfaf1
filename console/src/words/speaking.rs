//! The language of the request that is being answered.
//!
//! The rule it keeps: what a person chose in the account or in the frame stands before what the browser asks for, and that
//! before the configuration. The choice of the account is copied into the cookie at sign-in, so that a page needs no look
//! into the database to know its language.

use std::path::Path;
use std::sync::Arc;

use axum::{extract::Request, http::HeaderMap, http::header, middleware::Next, response::Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use super::book::{Book, Shelf};
use super::language::{Language, PSEUDO, PSEUDO_RIGHT_TO_LEFT};
use super::own::{Own, OwnError};
use crate::layout::{Program, Transport};

/// Languages that are complete in the program.
const COMPLETE: [&str; 2] = ["en", "fr"];

/// Holds the choice for a year; it is no secret and says nothing about who chose.
const COOKIE: &str = "vrs-language";

/// The languages of one console.
#[derive(Debug, Clone)]
pub struct Languages {
    offered: Vec<Language>,
    usual: Language,
    own: Arc<Own>,
}

impl Default for Languages {
    fn default() -> Self {
        Self {
            offered: COMPLETE.iter().filter_map(|tag| Language::parse(tag)).collect(),
            usual: Language::english(),
            own: Arc::default(),
        }
    }
}

/// Why the languages of a console are not usable.
#[derive(Debug, thiserror::Error)]
pub enum LanguagesError {
    /// The configured one is neither ours nor in the operator's files.
    #[error("there is no language {asked:?} here; there are {offered}")]
    Unknown {
        /// The tag in the configuration.
        asked: String,
        /// Those there are.
        offered: String,
    },
    /// A file of the operator's is not usable.
    #[error(transparent)]
    Own(#[from] OwnError),
}

impl Languages {
    /// Ours and those of the operator's files below this folder; `usual` is spoken to who chose nothing.
    ///
    /// # Errors
    /// [`LanguagesError`] when a file is not usable or the usual language is not there.
    pub fn load(folder: &Path, usual: &str, book: &'static Book) -> Result<Self, LanguagesError> {
        let own = Own::read(folder, book)?;
        let mut languages = Self::default();
        for language in own.languages() {
            if !languages.offered.contains(language) {
                languages.offered.push(language.clone());
            }
        }
        let found = Language::parse(usual).and_then(|usual| usual.found_in(&languages.offered).cloned());
        languages.usual = found.ok_or_else(|| LanguagesError::Unknown {
            asked: usual.to_owned(),
            offered: languages.offered.iter().map(Language::tag).collect::<Vec<_>>().join(", "),
        })?;
        languages.own = Arc::new(own);
        Ok(languages)
    }

    /// Those a person can choose.
    #[must_use]
    pub fn offered(&self) -> &[Language] {
        &self.offered
    }

    /// The language with this tag, if it can be spoken here.
    #[must_use]
    pub fn find(&self, tag: &str) -> Option<Language> {
        let language = Language::parse(tag)?;
        if [PSEUDO, PSEUDO_RIGHT_TO_LEFT].contains(&tag) {
            return Some(language);
        }
        self.offered.iter().find(|one| **one == language).cloned()
    }

    fn of(&self, headers: &HeaderMap) -> Language {
        let jar = CookieJar::from_headers(headers);
        let chosen = jar.get(COOKIE).and_then(|cookie| self.find(cookie.value()));
        let asked = || {
            let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            Language::accepted(header, &self.offered).cloned()
        };
        chosen.or_else(asked).unwrap_or_else(|| self.usual.clone())
    }

    /// The languages as a request in this one sees them.
    #[must_use]
    pub fn spoken(&self, language: Language) -> Spoken {
        Spoken { language, languages: Some(Arc::new(self.clone())) }
    }
}

/// What is spoken in one request.
#[derive(Debug, Clone)]
pub struct Spoken {
    language: Language,
    languages: Option<Arc<Languages>>,
}

impl Spoken {
    /// English in our words, outside any request.
    #[must_use]
    pub fn english() -> Self {
        Self { language: Language::english(), languages: None }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(&self, language: &Language) -> Self {
        Self { language: language.clone(), languages: self.languages.clone() }
    }

    /// What can be chosen instead.
    #[must_use]
    pub fn offered(&self) -> &[Language] {
        self.languages.as_ref().map_or(&[], |languages| languages.offered())
    }

    pub(super) fn own(&self, language: &Language) -> Option<&Shelf> {
        self.languages.as_ref().and_then(|languages| languages.own.shelf(language))
    }

    /// Does something in this language.
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        SPOKEN.scope(self, work).await
    }

    /// Does something in this language, without waiting.
    pub fn during_sync<T>(self, work: impl FnOnce() -> T) -> T {
        SPOKEN.sync_scope(self, work)
    }
}

tokio::task_local! {
    /// Set around each request. A task of its own begun in there speaks English again.
    static SPOKEN: Spoken;
}

/// What is spoken here and now.
#[must_use]
pub fn spoken() -> Spoken {
    SPOKEN.try_with(Clone::clone).unwrap_or_else(|_| Spoken::english())
}

/// The layer that finds out the language and keeps it while the request is answered.
pub(crate) async fn in_language(languages: Languages, request: Request, next: Next) -> Response {
    let language = languages.of(request.headers());
    languages.spoken(language).during(next.run(request)).await
}

/// The cookie with a person's choice.
pub(crate) fn cookie(program: &Program, language: &Language) -> Cookie<'static> {
    // A year. `Cookie` takes an age of the `time` crate only, or as text.
    let kept = Cookie::parse(format!("{COOKIE}={language}; Max-Age=31536000"));
    Cookie::build(kept.unwrap_or_else(|_| Cookie::new(COOKIE, String::new())).into_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(program.transport == Transport::Tls)
        .build()
}
