//! What the node's and the hub's web consoles share: the frame of a page, sign-in, figures, tables, charts and maps.
//!
//! The rule it keeps: one page looks and behaves like every other. A page works without script, carries no inline style
//! or handler (the page policy in [`headers`] forbids both), and never prints an unknown figure as a blank or a zero.
//!
//! In reading order:
//!
//! - [`layout`]: [`layout::Program`] and [`layout::Frame`], what surrounds every page; [`page`]: a template as an answer
//! - [`words`]: every sentence by its key, in the language of the person at the keyboard
//! - [`console`]: [`Console`], the handle both programs keep; [`serving`]: the layers around every route, and the listener
//! - [`headers`], [`assets`], [`problem`]: the page policy, the stylesheet, and the only way an error becomes a page
//! - [`accounts`], [`passwords`], [`sessions`], [`throttle`], [`second_factor`], [`sign_in`]: who is at the keyboard
//! - [`acts`]: the audit trail, who did what
//! - [`numbers`], [`moment`], [`table`]: figures, instants and aligned tables
//! - [`chart`], [`map`]: drawings, made on the server
//! - [`domain`]: the protocol's tables and overviews turned into all of these; no other module knows the protocol
//!
//! What is not here: any page of the node or the hub, any query but those on this crate's own five subjects (accounts,
//! sessions, tries, second factors, acts). `README.md` beside this crate shows how a program writes a page.

mod account_pages;
pub mod accounts;
pub mod acts;
pub mod assets;
pub mod caller;
pub mod chart;
pub mod console;
pub mod domain;
pub mod headers;
pub mod layout;
pub mod map;
pub mod moment;
pub mod numbers;
pub mod page;
pub mod passwords;
pub mod problem;
pub mod second_factor;
pub mod serving;
pub mod sessions;
pub mod sign_in;
mod store;
pub mod table;
pub mod throttle;
pub mod words;

pub use console::Console;
pub use store::MIGRATIONS;
pub use words::{Said, say};
