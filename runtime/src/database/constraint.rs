//! The names of unique constraints, which SQLite keeps in its schema text but leaves out of its errors.
//!
//! The rule it keeps: the same violation has the same name on both engines. Where a constraint was given no name,
//! PostgreSQL makes one up (`visit_place_key`, `visit_pkey`), and the same one is made up here.

use std::collections::HashMap;

use sqlx::error::DatabaseError as EngineError;

use super::words::{Piece, meaningful};

/// From the columns in SQLite's message to the name of the constraint. Empty on PostgreSQL, which says the name.
#[derive(Debug, Default)]
pub(crate) struct ConstraintNames(HashMap<String, String>);

impl ConstraintNames {
    /// Learns from the texts of SQLite's own schema: pairs of table name and `CREATE …` text.
    pub(crate) fn learn<'a>(schema: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut names = HashMap::new();
        for (table, sql) in schema {
            let pieces = meaningful(sql);
            let constraints = if pieces.iter().take(3).any(|piece| piece.is("INDEX")) {
                index(&pieces).into_iter().collect()
            } else {
                table_constraints(table, &pieces)
            };
            for (columns, name) in constraints {
                let message: Vec<_> = columns.iter().map(|column| format!("{table}.{column}")).collect();
                names.insert(message.join(", "), name);
            }
        }
        Self(names)
    }

    /// The name of the constraint an engine's error speaks of.
    pub(crate) fn of(&self, error: &dyn EngineError) -> String {
        if let Some(name) = error.constraint() {
            return name.to_owned();
        }
        // `UNIQUE constraint failed: visit.place, visit.at` or, for expressions, `… failed: index 'visit_lower'`.
        let about = error.message().rsplit_once("failed: ").map_or_else(|| error.message(), |(_, about)| about);
        match about.strip_prefix("index '") {
            Some(index) => index.trim_end_matches('\'').to_owned(),
            None => self.0.get(about).cloned().unwrap_or_else(|| about.to_owned()),
        }
    }
}

type Named = (Vec<String>, String);

/// `CREATE UNIQUE INDEX name ON table (columns) …`
fn index(pieces: &[Piece<'_>]) -> Option<Named> {
    if !pieces.iter().take(2).any(|piece| piece.is("UNIQUE")) {
        return None;
    }
    let on = pieces.iter().position(|piece| piece.is("ON"))?;
    let name = pieces.get(on.checked_sub(1)?)?.name()?;
    Some((columns(pieces.get(on + 2..)?)?, name.to_owned()))
}

fn table_constraints(table: &str, pieces: &[Piece<'_>]) -> Vec<Named> {
    let Some(open) = pieces.iter().position(|piece| *piece == Piece::Mark("(")) else { return Vec::new() };
    items(&pieces[open + 1..]).into_iter().flat_map(|item| item_constraints(table, item)).collect()
}

/// The pieces between the commas of a list, up to its closing parenthesis.
fn items<'p, 'a>(pieces: &'p [Piece<'a>]) -> Vec<&'p [Piece<'a>]> {
    let (mut found, mut begin, mut depth) = (Vec::new(), 0, 0u32);
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Mark("(") => depth += 1,
            Piece::Mark(")") if depth == 0 => {
                found.push(&pieces[begin..at]);
                return found;
            }
            Piece::Mark(")") => depth -= 1,
            Piece::Mark(",") if depth == 0 => {
                found.push(&pieces[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// What one item of a table makes unique: a column with its constraints, or a constraint of the table.
fn item_constraints(table: &str, item: &[Piece<'_>]) -> Vec<Named> {
    let of_table = item
        .first()
        .is_some_and(|first| ["CONSTRAINT", "UNIQUE", "PRIMARY", "CHECK", "FOREIGN"].iter().any(|word| first.is(word)));
    let column = if of_table { None } else { item.first().and_then(Piece::name) };
    let (mut found, mut given, mut depth) = (Vec::new(), None, 0u32);
    for (at, piece) in item.iter().enumerate() {
        match piece {
            Piece::Mark("(") => depth += 1,
            Piece::Mark(")") => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if piece.is("CONSTRAINT") => given = item.get(at + 1).and_then(Piece::name),
            _ if piece.is("UNIQUE") || piece.is("PRIMARY") => {
                let primary = piece.is("PRIMARY");
                let list = item.get(at + if primary { 2 } else { 1 }..).and_then(columns);
                let Some(about) = list.or_else(|| column.map(|column| vec![column.to_owned()])) else { continue };
                let made_up =
                    if primary { format!("{table}_pkey") } else { format!("{table}_{}_key", about.join("_")) };
                found.push((about, given.take().map_or(made_up, str::to_owned)));
            }
            _ if ["CHECK", "NOT", "DEFAULT", "REFERENCES", "FOREIGN"].iter().any(|word| piece.is(word)) => given = None,
            _ => {}
        }
    }
    found
}

/// The names in a list in parentheses, if one begins here.
fn columns(pieces: &[Piece<'_>]) -> Option<Vec<String>> {
    if pieces.first() != Some(&Piece::Mark("(")) {
        return None;
    }
    let names = items(&pieces[1..]);
    names.iter().map(|item| item.first().and_then(Piece::name).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(sql: &str, columns: &str) -> Option<String> {
        ConstraintNames::learn([("visit", sql)]).0.get(columns).cloned()
    }

    #[test]
    fn names_given_to_constraints_are_found() {
        let sql = "CREATE TABLE visit ( -- a comment, with (marks\n id INTEGER CONSTRAINT visit_id PRIMARY KEY,\n place \
                   TEXT NOT NULL CONSTRAINT visit_place UNIQUE CONSTRAINT longer CHECK (length(place, 'a') > 0),\n at INT \
                   DEFAULT (1),\n \"by\" TEXT,\n CONSTRAINT visit_at_by UNIQUE (at, \"by\"),\n CONSTRAINT other FOREIGN KEY \
                   (at) REFERENCES x (y)\n) STRICT";
        assert_eq!(name(sql, "visit.id").as_deref(), Some("visit_id"));
        assert_eq!(name(sql, "visit.place").as_deref(), Some("visit_place"));
        assert_eq!(name(sql, "visit.at, visit.by").as_deref(), Some("visit_at_by"));
        assert_eq!(name(sql, "visit.at"), None);
    }

    #[test]
    fn constraints_without_a_name_get_the_one_postgres_makes_up() {
        let sql = "CREATE TABLE visit (place TEXT CONSTRAINT filled CHECK (1) UNIQUE, at INT, PRIMARY KEY (place, at), UNIQUE (at))";
        assert_eq!(name(sql, "visit.place").as_deref(), Some("visit_place_key"));
        assert_eq!(name(sql, "visit.at").as_deref(), Some("visit_at_key"));
        assert_eq!(name(sql, "visit.place, visit.at").as_deref(), Some("visit_pkey"));
    }

    #[test]
    fn unique_indexes_have_their_own_name() {
        let sql = "CREATE UNIQUE INDEX one_open_visit ON visit (place, at) WHERE at IS NULL";
        assert_eq!(name(sql, "visit.place, visit.at").as_deref(), Some("one_open_visit"));
        assert_eq!(name("CREATE INDEX plain ON visit (at)", "visit.at"), None);
    }
}
