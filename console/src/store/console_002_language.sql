-- The language a person chose, kept beyond the browser.
ALTER TABLE account ADD COLUMN language TEXT; -- tag of the language, as in fr; none: what the browser asks for
