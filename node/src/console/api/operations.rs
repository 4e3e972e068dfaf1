//! The one table of what programs can ask.

use super::super::gate::Verb;
use crate::roles::Capability;

/// What an operation does; the handlers stand beside in `super::handler`, the examples in `super::document`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum What {
    Import,
    Tables,
    Table,
    Catalogue,
    Document,
}

/// Something a program can ask.
pub(in super::super) struct Operation {
    pub(in super::super) what: What,
    pub(in super::super) verb: Verb,
    pub(in super::super) path: &'static str,
    /// What the token's bearer must be able to do; it can do what a contributor can.
    pub(in super::super) needs: Capability,
    /// A line for the document.
    pub(super) summary: &'static str,
    /// A paragraph for the document.
    pub(super) about: &'static str,
}

/// All of them.
pub(in super::super) const OPERATIONS: &[Operation] = &[
    Operation {
        what: What::Import,
        verb: Verb::Post,
        path: "/api/v1/imports",
        needs: Capability::BringFiles,
        summary: "Deliver a file",
        about: "All tables of the file are taken, or none and every problem is listed. Send canonical CSV as text/csv, or any layout with the mapping it is read through as multipart/form-data. A table that is delivered again replaces what the agency said of that form and period before; one that says the same is not taken again, so that sending a file twice does no harm.",
    },
    Operation {
        what: What::Tables,
        verb: Verb::Get,
        path: "/api/v1/tables",
        needs: Capability::SeeTables,
        summary: "What the agency has delivered",
        about: "The tables of the token's agency, the latest period first, and the forms assigned to it.",
    },
    Operation {
        what: What::Table,
        verb: Verb::Get,
        path: "/api/v1/tables/{period}/{form}",
        needs: Capability::SeeTables,
        summary: "One table of the agency",
        about: "The figures in force, as the agency delivered them: as JSON, or as canonical CSV with Accept: text/csv. What is answered as CSV can be delivered again.",
    },
    Operation {
        what: What::Catalogue,
        verb: Verb::Get,
        path: "/api/v1/catalogue",
        needs: Capability::SeeTables,
        summary: "The questionnaire",
        about: "Forms with the columns of their canonical CSV, and every code list with its codes.",
    },
    Operation {
        what: What::Document,
        verb: Verb::Get,
        path: "/api/v1/openapi.json",
        needs: Capability::SeeTables,
        summary: "This document",
        about: "OpenAPI 3.1, with examples for this participant.",
    },
];
