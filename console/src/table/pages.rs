//! Which part of a long list a page shows.

use askama::{Template, filters::HtmlSafe};

use crate::numbers::grouped;

/// Rows on a page: what a person scans without losing the heading.
pub const PAGE_ROWS: u64 = 50;

/// The part shown, with links to the one before and after: `{{ pages }}`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "pages.html")]
pub struct Pages {
    total: u64,
    page: u64,
    address: String,
}

impl HtmlSafe for Pages {}

impl Pages {
    /// The part asked for, counted from 1, of a list at this address. The address keeps its filters; a page beyond the
    /// end, or page 0, becomes the nearest there is.
    #[must_use]
    pub fn new(total: u64, asked: u64, address: impl Into<String>) -> Self {
        let count = total.div_ceil(PAGE_ROWS).max(1);
        Self { total, page: asked.clamp(1, count), address: address.into() }
    }

    /// How many rows come before, for the store.
    #[must_use]
    pub fn offset(&self) -> u64 {
        (self.page - 1) * PAGE_ROWS
    }

    fn first(&self) -> String {
        grouped(self.offset() + 1)
    }

    fn last(&self) -> String {
        grouped(self.total.min(self.offset() + PAGE_ROWS))
    }

    fn all(&self) -> String {
        grouped(self.total)
    }

    fn earlier(&self) -> Option<String> {
        (self.page > 1).then(|| self.at(self.page - 1))
    }

    fn later(&self) -> Option<String> {
        (self.page < self.total.div_ceil(PAGE_ROWS)).then(|| self.at(self.page + 1))
    }

    fn at(&self, page: u64) -> String {
        let joint = if self.address.contains('?') { '&' } else { '?' };
        format!("{}{joint}page={page}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_has_both_neighbours_and_keeps_its_filters() {
        let pages = Pages::new(1_234, 3, "/releases?period=2021");
        assert_eq!(pages.offset(), 100);
        assert_eq!(pages.earlier().as_deref(), Some("/releases?period=2021&page=2"));
        assert_eq!(pages.later().as_deref(), Some("/releases?period=2021&page=4"));
        assert!(pages.to_string().contains("101–150 of 1\u{202f}234"), "{pages}");
    }

    #[test]
    fn the_ends_have_one_neighbour_each() {
        assert_eq!(Pages::new(100, 1, "/x").earlier(), None);
        assert_eq!(Pages::new(100, 1, "/x").later().as_deref(), Some("/x?page=2"));
        assert_eq!(Pages::new(100, 2, "/x").later(), None);
    }

    #[test]
    fn pages_that_do_not_exist_become_the_nearest() {
        assert_eq!(Pages::new(100, 0, "/x").offset(), 0);
        assert_eq!(Pages::new(100, u64::MAX, "/x").offset(), 50);
        assert_eq!(Pages::new(0, 7, "/x").offset(), 0);
        assert_eq!(Pages::new(0, 7, "/x").to_string().trim(), "");
    }
}
