//! `/help`: how one does what. Short pages for tasks, the glossary of the questionnaire, the keys, and how far everybody can use
//! the console. Every page of the console leads here by its "?".
//!
//! The rule it keeps: a page of help is about a task and not about a screen, and says what to do when it does not work.

use askama::Template;
use axum::extract::{Path, State};
use vrs_console::domain::names::{term_authority, term_definition, term_name};
use vrs_console::layout::{Frame, Link};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::words::Said;

use super::App;
use super::gate::may_open;
use crate::say;

/// A page about a task.
struct Task {
    word: &'static str,
    title: Said,
    /// When one needs it.
    when: Said,
    steps: Vec<Said>,
    /// What to know besides.
    besides: Said,
    /// Where it is done.
    href: &'static str,
    /// What the place is called.
    place: Said,
}

/// Every page about a task, in the order of the work.
fn tasks() -> Vec<Task> {
    vec![
        Task {
            word: "typing",
            title: say("help-typing"),
            when: say("help-typing-when"),
            steps: vec![
                say("help-typing-1"),
                say("help-typing-2"),
                say("help-typing-3"),
                say("help-typing-4"),
                say("help-typing-5"),
            ],
            besides: say("help-typing-besides"),
            href: "/tables",
            place: say("word-our-tables"),
        },
        Task {
            word: "files",
            title: say("help-files"),
            when: say("help-files-when"),
            steps: vec![say("help-files-1"), say("help-files-2"), say("help-files-3"), say("help-files-4")],
            besides: say("help-files-besides"),
            href: "/imports",
            place: say("word-bring-a-file"),
        },
        Task {
            word: "nothing",
            title: say("help-nothing"),
            when: say("help-nothing-when"),
            steps: vec![say("help-nothing-1"), say("help-nothing-2"), say("help-nothing-3"), say("help-nothing-4")],
            besides: say("help-nothing-besides"),
            href: "/tables",
            place: say("word-our-tables"),
        },
        Task {
            word: "agencies",
            title: say("help-agencies"),
            when: say("help-agencies-when"),
            steps: vec![say("help-agencies-1"), say("help-agencies-2"), say("help-agencies-3"), say("help-agencies-4")],
            besides: say("help-agencies-besides"),
            href: "/tables",
            place: say("word-our-tables"),
        },
        Task {
            word: "release",
            title: say("help-release"),
            when: say("help-release-when"),
            steps: vec![
                say("help-release-1"),
                say("help-release-2"),
                say("help-release-3"),
                say("help-release-4"),
                say("help-release-5"),
            ],
            besides: say("help-release-besides"),
            href: "/releases/new",
            place: say("word-prepare-a-release"),
        },
        Task {
            word: "approve",
            title: say("help-approve"),
            when: say("help-approve-when"),
            steps: vec![say("help-approve-1"), say("help-approve-2"), say("help-approve-3"), say("help-approve-4")],
            besides: say("help-approve-besides"),
            href: "/releases",
            place: say("word-release-desk"),
        },
        Task {
            word: "reading",
            title: say("help-reading"),
            when: say("help-reading-when"),
            steps: vec![say("help-reading-1"), say("help-reading-2"), say("help-reading-3"), say("help-reading-4")],
            besides: say("help-reading-besides"),
            href: "/peers",
            place: say("word-peers-tables"),
        },
        Task {
            word: "account",
            title: say("help-account"),
            when: say("help-account-when"),
            steps: vec![say("help-account-1"), say("help-account-2"), say("help-account-3"), say("help-account-4")],
            besides: say("help-account-besides"),
            href: "/me",
            place: say("account-my-account"),
        },
        Task {
            word: "people",
            title: say("help-people"),
            when: say("help-people-when"),
            steps: vec![say("help-people-1"), say("help-people-2"), say("help-people-3"), say("help-people-4")],
            besides: say("help-people-besides"),
            href: "/operators",
            place: say("operators-people"),
        },
    ]
}

/// The page of help that belongs to an address of the console: the longest beginning that fits counts.
pub(super) fn page_for(path: &str) -> &'static str {
    const PAGES: [(&str, &str); 17] = [
        ("/imports", "/help/files"),
        ("/tables/nothing", "/help/nothing"),
        ("/tables", "/help/typing"),
        ("/releases/new", "/help/release"),
        ("/releases", "/help/approve"),
        ("/overviews", "/help/reading"),
        ("/peers", "/help/reading"),
        ("/access", "/help/reading"),
        ("/servings", "/help/reading"),
        ("/me", "/help/account"),
        ("/operators", "/help/people"),
        ("/agencies", "/help/people"),
        ("/catalogue", "/help/glossary"),
        ("/charter", "/help/reading"),
        ("/ledger", "/help/reading"),
        ("/link", "/help"),
        ("/help", "/help"),
    ];
    PAGES.iter().find(|(start, _)| path.starts_with(start)).map_or("/help", |(_, page)| page)
}

#[derive(Template)]
#[template(path = "help.html")]
pub(super) struct Help {
    frame: Frame,
    tasks: Vec<(Link, String)>,
    others: Vec<Link>,
}

pub(super) async fn help(State(app): State<App>, who: SignedIn) -> Result<Page<Help>, Problem> {
    let frame = app.frame(&who, say("help-help")).await?.lead(say("help-lead"));
    let tasks =
        tasks().into_iter().map(|task| (Link::new(task.title, format!("/help/{}", task.word)), task.when.to_string()));
    let others = vec![
        Link::new(say("catalogue-questionnaire"), "/catalogue"),
        Link::new(say("help-glossary"), "/help/glossary"),
        Link::new(say("help-keys"), "/help/keys"),
        Link::new(say("help-accessibility"), "/help/accessibility"),
    ];
    Ok(Page(Help { frame, tasks: tasks.collect(), others }))
}

#[derive(Template)]
#[template(path = "help_task.html")]
struct TaskPage {
    frame: Frame,
    steps: Vec<Said>,
    besides: Said,
    place: Option<Link>,
}

/// A defined term.
struct TermShown {
    code: String,
    name: String,
    definition: String,
    authority: String,
}

#[derive(Template)]
#[template(path = "help_glossary.html")]
struct Glossary {
    frame: Frame,
    terms: Vec<TermShown>,
}

#[derive(Template)]
#[template(path = "help_keys.html")]
struct Keys {
    frame: Frame,
    keys: Vec<(Said, Said)>,
}

#[derive(Template)]
#[template(path = "help_accessibility.html")]
struct Accessibility {
    frame: Frame,
    sentences: Vec<Said>,
}

pub(super) async fn about(
    State(app): State<App>,
    who: SignedIn,
    Path(word): Path<String>,
) -> Result<axum::response::Response, Problem> {
    use axum::response::IntoResponse as _;
    let frame = async |title: Said| Ok::<_, Problem>(app.frame(&who, title).await?.below(say("help-help"), "/help"));
    Ok(match word.as_str() {
        "glossary" => Page(Glossary { frame: frame(say("help-glossary")).await?, terms: terms(&app) }).into_response(),
        "keys" => Page(Keys { frame: frame(say("help-keys")).await?, keys: keys() }).into_response(),
        "accessibility" => {
            let frame = frame(say("help-accessibility")).await?;
            Page(Accessibility { frame, sentences: accessibility() }).into_response()
        }
        other => {
            let found = tasks().into_iter().find(|task| task.word == other);
            let task = found.ok_or_else(|| Problem::not_found(say("help-no-such-page")))?;
            let place = may_open(&who.operator, task.href) || task.href == "/me";
            let place = place.then(|| Link::new(task.place, task.href));
            let frame = frame(task.title).await?.lead(task.when);
            Page(TaskPage { frame, steps: task.steps, besides: task.besides, place }).into_response()
        }
    })
}

fn terms(app: &App) -> Vec<TermShown> {
    let mut terms: Vec<TermShown> = app
        .node
        .catalogue_now()
        .terms
        .iter()
        .map(|term| TermShown {
            code: term.code.clone(),
            name: term_name(term),
            definition: term_definition(term),
            authority: term_authority(term),
        })
        .collect();
    terms.sort_by_cached_key(|term| term.name.to_lowercase());
    terms
}

fn keys() -> Vec<(Said, Said)> {
    vec![
        (say("help-key-tab"), say("help-key-tab-does")),
        (say("help-key-enter"), say("help-key-enter-does")),
        (say("help-key-paste"), say("help-key-paste-does")),
        (say("help-key-letter"), say("help-key-letter-does")),
        (say("help-key-escape"), say("help-key-escape-does")),
        (say("help-key-skip"), say("help-key-skip-does")),
        (say("help-key-print"), say("help-key-print-does")),
    ]
}

fn accessibility() -> Vec<Said> {
    vec![
        say("help-accessibility-1"),
        say("help-accessibility-2"),
        say("help-accessibility-3"),
        say("help-accessibility-4"),
        say("help-accessibility-5"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_console_leads_to_a_page_of_help_that_is_there() {
        let words: Vec<&str> = tasks().iter().map(|task| task.word).collect();
        for (_, path, _) in super::super::gate::GATE {
            let page = page_for(path);
            let word = page.strip_prefix("/help/");
            let known = word.is_none_or(|word| word == "glossary" || words.contains(&word));
            assert!(known && page.starts_with("/help"), "{path}: {page}");
        }
        assert_eq!(page_for("/tables/nothing"), "/help/nothing");
        assert_eq!(page_for("/tables/2021/IE_CIT/sheet"), "/help/typing");
        assert_eq!(page_for("/"), "/help");
    }
}
