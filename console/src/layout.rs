//! What surrounds every page: [`Program`], the same on all pages of one process, and [`Frame`], this page's own.
//!
//! The rule it keeps: a page cannot forget a part of the frame. `templates/layout.html` reads nothing but `frame`, and a
//! frame is only made from a program, so the band on a demonstration node, the classification and the note on unprotected
//! transport stand on every page, the sign-in page and the problem page included.

use std::sync::Arc;

use crate::{
    accounts::Operator,
    assets,
    moment::Zone,
    words::{Languages, Said, say, speaking::spoken},
};

/// Which of the two programs speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A participant's node.
    Node,
    /// The region's hub.
    Hub,
}

impl Kind {
    /// The word in the top bar.
    #[must_use]
    pub fn word(self) -> Said {
        match self {
            Self::Node => say("frame-node"),
            Self::Hub => say("frame-hub"),
        }
    }

    /// The class that the stylesheet knows it by, so that nobody mistakes one console for the other.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Hub => "hub",
        }
    }
}

/// How pages travel between this process and the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTP without protection, fit for the loopback address only. Cookies drop `Secure` and the page says so.
    PlainHttp,
    /// TLS, ended by this process or by a proxy on the same computer. Cookies are `Secure` and named `__Host-…`.
    Tls,
}

/// What is the same on every page of one process.
#[derive(Debug, Clone)]
pub struct Program {
    /// Node or hub.
    pub kind: Kind,
    /// Who runs it, as people say it: `France`, or the region's name at a hub.
    pub participant: Said,
    /// The short code beside the name: `FRA`; empty at a hub without one.
    pub code: String,
    /// Version of the program.
    pub version: String,
    /// Version of the catalogue in force.
    pub catalogue_version: Said,
    /// The classification sentence from the configuration; empty when there is none.
    pub classification: String,
    /// Whether the figures are published statistics for a demonstration: then every page carries a striped band.
    pub test_data: bool,
    /// How pages travel.
    pub transport: Transport,
    /// The zone instants are shown in.
    pub zone: Zone,
    /// The menu, for those who signed in.
    pub menu: Vec<Menu>,
    /// Which pages of the menu a person is shown: those that this lets through by person and address.
    pub may_open: fn(&Operator, &str) -> bool,
    /// Codes of the roles that nobody may use without a second factor.
    pub second_factor_for: Vec<String>,
    /// A notice on the sign-in page, from the configuration; empty when there is none.
    pub sign_in_notice: String,
    /// The languages it speaks.
    pub languages: Languages,
}

/// One entry of the top bar: a link, or a list of links that opens.
#[derive(Debug, Clone)]
pub struct Menu {
    /// The word in the bar.
    pub label: Said,
    /// Where it leads when it has no list of its own.
    pub href: String,
    /// The links it opens.
    pub links: Vec<Entry>,
}

impl Menu {
    /// An entry that is itself a link.
    #[must_use]
    pub fn link(label: impl Into<Said>, href: &str) -> Self {
        Self { label: label.into(), href: href.to_owned(), links: Vec::new() }
    }

    /// An entry that opens a list of links, each a label and an address.
    #[must_use]
    pub fn list<L: Into<Said> + Clone>(label: impl Into<Said>, links: &[(L, &str)]) -> Self {
        let links = links.iter().map(|(label, href)| Entry { label: label.clone().into(), href: (*href).to_owned() });
        Self { label: label.into(), href: String::new(), links: links.collect() }
    }

    /// Whether the page at this address belongs to the entry.
    fn holds(&self, path: &str) -> bool {
        if self.links.is_empty() {
            belongs(path, &self.href)
        } else {
            self.links.iter().any(|link| belongs(path, &link.href))
        }
    }
}

/// One link of a list in the top bar. It is made once for all languages.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The words.
    pub label: Said,
    /// The address, always on this console.
    pub href: String,
}

/// A page belongs to a link when it is the linked page or lies below it; the start page has nothing below it.
fn belongs(path: &str, href: &str) -> bool {
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

/// A label and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words.
    pub label: String,
    /// The address, always on this console.
    pub href: String,
}

impl Link {
    /// A link to an address on this console.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// How a message or the link lamp is meant; each has a word or a mark besides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It went well.
    Good,
    /// Worth knowing.
    Plain,
    /// Somebody should look.
    Caution,
    /// It did not work.
    Bad,
}

impl Tone {
    /// The class that the stylesheet knows it by.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Plain => "plain",
            Self::Caution => "caution",
            Self::Bad => "bad",
        }
    }

    /// The mark in front, for those who do not see the colour.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Plain => "•",
            Self::Caution => "!",
            Self::Bad => "×",
        }
    }

    /// The tone with this class.
    pub(crate) fn from_class(class: &str) -> Option<Self> {
        [Self::Good, Self::Plain, Self::Caution, Self::Bad].into_iter().find(|tone| tone.class() == class)
    }
}

/// A sentence for the person at the keyboard, announced by screen readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

impl Message {
    /// A message in this tone.
    #[must_use]
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// What surrounds one page. The template's struct holds it in a field named `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The part that is the same everywhere.
    pub program: Arc<Program>,
    /// The page's heading and the start of the window's title.
    pub title: String,
    /// A sentence or two below the heading; empty for none.
    pub lead: String,
    /// The way down to this page, without the page itself.
    pub breadcrumb: Vec<Link>,
    /// Who signed in, if anybody.
    pub operator: Option<Operator>,
    /// How the link to the other side is, in words: "Hub reached 2 minutes ago · 3 in outbox".
    pub lamp: Option<Message>,
    /// What happened just before.
    pub messages: Vec<Message>,
    /// The page of help that belongs to this one; empty for none.
    pub help: String,
    path: String,
}

impl Frame {
    /// A frame with a heading and nobody signed in.
    #[must_use]
    pub fn new(program: &Arc<Program>, title: impl Into<String>) -> Self {
        Self {
            program: Arc::clone(program),
            title: title.into(),
            lead: String::new(),
            breadcrumb: Vec::new(),
            operator: None,
            lamp: None,
            messages: Vec::new(),
            help: String::new(),
            path: String::new(),
        }
    }

    /// With this person signed in, which also shows the menu.
    #[must_use]
    pub fn signed_in(mut self, operator: Operator) -> Self {
        self.operator = Some(operator);
        self
    }

    /// At this address, so that the menu can mark where one is.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// With a sentence or two below the heading.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = lead.into();
        self
    }

    /// With one more step on the way down to this page.
    #[must_use]
    pub fn below(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.breadcrumb.push(Link::new(label, href));
        self
    }

    /// With the sentence on the link to the other side.
    #[must_use]
    pub fn lamp(mut self, tone: Tone, sentence: impl Into<String>) -> Self {
        self.lamp = Some(Message::new(tone, sentence));
        self
    }

    /// With a "?" that leads to this page of help.
    #[must_use]
    pub fn help(mut self, href: impl Into<String>) -> Self {
        self.help = href.into();
        self
    }

    /// With one more message.
    #[must_use]
    pub fn say(mut self, tone: Tone, sentence: impl Into<String>) -> Self {
        self.messages.push(Message::new(tone, sentence));
        self
    }

    /// The menu of the person who is signed in: only what they may open, and no list without a link.
    #[must_use]
    pub fn menu(&self) -> Vec<Menu> {
        let Some(who) = &self.operator else { return Vec::new() };
        let may = |href: &str| (self.program.may_open)(who, href);
        let shown = self.program.menu.iter().filter_map(|entry| {
            if entry.links.is_empty() {
                return may(&entry.href).then(|| entry.clone());
            }
            let links: Vec<Entry> = entry.links.iter().filter(|link| may(&link.href)).cloned().collect();
            (!links.is_empty()).then(|| Menu { links, ..entry.clone() })
        });
        shown.collect()
    }

    /// Whether a step-up asks the person for the code of a second factor too.
    #[must_use]
    pub fn asks_code(&self) -> bool {
        self.operator.as_ref().is_some_and(|who| who.second_factor)
    }

    /// Whether the entry leads to this page, for the layout.
    #[must_use]
    pub fn is_within(&self, menu: &Menu) -> bool {
        menu.holds(&self.path)
    }

    /// Whether the link leads to this page, for the layout.
    #[must_use]
    pub fn is_at(&self, link: &Entry) -> bool {
        belongs(&self.path, &link.href)
    }

    /// What the window is called: the page, then whose console it is.
    #[must_use]
    pub fn window_title(&self) -> String {
        let failed = self.messages.iter().any(|message| message.tone == Tone::Bad);
        let code = &self.program.code;
        let whose = if code.is_empty() { self.program.participant.to_string() } else { code.clone() };
        let title = format!("{} · {} {whose}", self.title, self.program.kind.word());
        if failed { say("frame-error").with("title", title).to_string() } else { title }
    }

    /// The tag of the language that the page speaks.
    #[must_use]
    pub fn language(&self) -> String {
        spoken().language().tag()
    }

    /// `ltr` or `rtl`.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        spoken().language().direction()
    }

    /// The other languages a person can choose: tag and name, each name in its own language.
    #[must_use]
    pub fn other_languages(&self) -> Vec<(String, String)> {
        let here = spoken();
        let others = here.offered().iter().filter(|one| *one != here.language());
        others
            .map(|one| (one.tag(), here.in_language(one).during_sync(|| say("frame-language-name").to_string())))
            .collect()
    }

    /// Where the page is, to come back to after the language was changed.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether pages travel unprotected.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.program.transport == Transport::PlainHttp
    }

    /// The stylesheet's address, which changes with its content.
    #[must_use]
    pub fn stylesheet(&self) -> &'static str {
        assets::stylesheet().address()
    }

    /// The script's address.
    #[must_use]
    pub fn script(&self) -> &'static str {
        assets::script().address()
    }

    /// The favicon's address.
    #[must_use]
    pub fn favicon(&self) -> &'static str {
        assets::favicon().address()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A node on loopback with the menu of the original system.
    pub(crate) fn program() -> Arc<Program> {
        Arc::new(Program {
            kind: Kind::Node,
            participant: "France".into(),
            code: "FRA".into(),
            version: "0.1.0".into(),
            catalogue_version: "2026.1".into(),
            classification: "Official use".into(),
            test_data: true,
            transport: Transport::PlainHttp,
            zone: Zone::utc(),
            menu: vec![
                Menu::link("Dashboard", "/"),
                Menu::list("Reports", &[("Tables", "/tables"), ("Releases", "/releases")]),
            ],
            may_open: |_, _| true,
            second_factor_for: Vec::new(),
            sign_in_notice: String::new(),
            languages: Languages::default(),
        })
    }

    #[test]
    fn the_menu_marks_where_one_is() {
        let program = program();
        let frame = Frame::new(&program, "Release 4").at("/releases/4");
        assert!(!frame.is_within(&program.menu[0]), "the start page has nothing below it");
        assert!(frame.is_within(&program.menu[1]));
        assert!(frame.is_at(&program.menu[1].links[1]));
        assert!(!frame.is_at(&program.menu[1].links[0]));
        assert!(
            !Frame::new(&program, "").at("/releases-old").is_within(&program.menu[1]),
            "a longer word is another page"
        );
    }

    #[test]
    fn a_failed_action_stands_first_in_the_window_title() {
        let frame = Frame::new(&program(), "Releases");
        assert_eq!(frame.window_title(), "Releases · Node FRA");
        assert_eq!(frame.say(Tone::Bad, "No.").window_title(), "Error: Releases · Node FRA");
    }

    #[test]
    fn tones_come_back_from_their_class() {
        for tone in [Tone::Good, Tone::Plain, Tone::Caution, Tone::Bad] {
            assert_eq!(Tone::from_class(tone.class()), Some(tone));
        }
        assert_eq!(Tone::from_class("loud"), None);
    }
}
