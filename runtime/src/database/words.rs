//! Cuts SQL text into words, quoted names, literals, comments and marks, far enough to translate a migration and to
//! find the names of constraints. It is not a parser of SQL: everything it does not know is a mark of one character.

/// A piece of SQL text. Together the pieces are exactly the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Letters, digits and underscores.
    Word(&'a str),
    /// A name in double quotes, with them.
    Name(&'a str),
    /// A literal in single quotes, with them.
    Literal(&'a str),
    /// A comment of either form.
    Comment(&'a str),
    /// White space.
    Space(&'a str),
    /// Any other character.
    Mark(&'a str),
}

impl<'a> Piece<'a> {
    /// Whether this is the given keyword.
    pub(crate) const fn is(&self, keyword: &str) -> bool {
        matches!(self, Piece::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// The name this piece writes, without quotes.
    pub(crate) fn name(&self) -> Option<&'a str> {
        match self {
            Piece::Word(word) => Some(word),
            Piece::Name(name) => Some(name.trim_matches('"')),
            _ => None,
        }
    }
}

/// Cuts `sql` into its pieces.
pub(crate) fn pieces<'a>(sql: &'a str) -> Vec<Piece<'a>> {
    let mut rest = sql;
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
        let (length, kind): (usize, fn(&'a str) -> Piece<'a>) = match first {
            '\'' => (quoted(rest, '\''), Piece::Literal),
            '"' => (quoted(rest, '"'), Piece::Name),
            '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), Piece::Comment),
            '/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), Piece::Comment),
            letter if letter.is_whitespace() => (run(rest, char::is_whitespace), Piece::Space),
            letter if is_word(letter) => (run(rest, is_word), Piece::Word),
            letter => (letter.len_utf8(), Piece::Mark),
        };
        let (piece, after) = rest.split_at(length);
        found.push(kind(piece));
        rest = after;
    }
    found
}

/// The pieces that carry meaning: no space, no comment.
pub(crate) fn meaningful(sql: &str) -> Vec<Piece<'_>> {
    let mut found = pieces(sql);
    found.retain(|piece| !matches!(piece, Piece::Space(_) | Piece::Comment(_)));
    found
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

/// The length of a quoted piece; the quote doubled inside it stands for itself.
fn quoted(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> String {
        pieces(sql)
            .iter()
            .map(|piece| match piece {
                Piece::Word(text)
                | Piece::Name(text)
                | Piece::Literal(text)
                | Piece::Comment(text)
                | Piece::Space(text)
                | Piece::Mark(text) => *text,
            })
            .collect()
    }

    #[test]
    fn the_pieces_are_exactly_the_text() {
        for sql in
            ["", "SELECT 'it''s' -- why\nFROM \"a\"\"b\"/* x */;", "'open", "\"open", "/* open", "-- open", "é = $1"]
        {
            assert_eq!(texts(sql), sql);
        }
    }

    #[test]
    fn literals_and_comments_hide_their_words() {
        let found = meaningful("A 'B ''B' -- C\n/* D */ \"E\"");
        assert_eq!(found, [Piece::Word("A"), Piece::Literal("'B ''B'"), Piece::Name("\"E\"")]);
    }
}
