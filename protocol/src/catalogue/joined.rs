//! All versions as one, to look codes up in. Codes are for ever: a form or an entry means the same in each version that has it,
//! so whatever is different is wording, and the latest has the word.

use std::collections::BTreeMap;

use super::{Catalogue, CodeList};
use crate::hash::Hash;

/// Joins versions, of which there is at least one, oldest first.
pub(super) fn join(versions: &[Catalogue]) -> Catalogue {
    let newest_first = || versions.iter().rev();
    let texts = |of: fn(&Catalogue) -> &String| newest_first().next().map(of).cloned().unwrap_or_default();
    let mut lists: BTreeMap<String, CodeList> = BTreeMap::new();
    for (name, list) in newest_first().flat_map(|catalogue| &catalogue.lists) {
        let known = lists.entry(name.clone()).or_insert_with(|| list.clone());
        known.reserved = in_order(&known.reserved, &list.reserved, |code| code.clone());
        known.entries = in_order(&known.entries, &list.entries, |entry| entry.id.clone());
    }
    let mut countries = all(versions, |catalogue| &catalogue.countries, |country| country.iso3.clone());
    countries.sort_by(|a, b| a.iso3.cmp(&b.iso3));
    Catalogue {
        version: versions.iter().map(|catalogue| catalogue.version.as_str()).collect::<Vec<_>>().join(" + "),
        title: texts(|catalogue| &catalogue.title),
        disclaimer: texts(|catalogue| &catalogue.disclaimer),
        sections: all(versions, |catalogue| &catalogue.sections, |section| section.number),
        topics: all(versions, |catalogue| &catalogue.topics, |topic| topic.code.clone()),
        terms: all(versions, |catalogue| &catalogue.terms, |term| term.code.clone()),
        forms: all(versions, |catalogue| &catalogue.forms, |form| form.code.clone()),
        lists,
        countries,
        hash: Hash::ZERO,
    }
}

fn all<T: Clone, K: PartialEq>(
    versions: &[Catalogue],
    of: impl Fn(&Catalogue) -> &Vec<T>,
    key: impl Fn(&T) -> K + Copy,
) -> Vec<T> {
    versions.iter().rev().fold(Vec::new(), |known, catalogue| in_order(&known, of(catalogue), key))
}

/// What is known, and what an older version has besides, each behind what it stood behind there.
fn in_order<T: Clone, K: PartialEq>(known: &[T], older: &[T], key: impl Fn(&T) -> K) -> Vec<T> {
    let mut joined = known.to_vec();
    let mut behind = 0;
    for one in older {
        match joined.iter().position(|other| key(other) == key(one)) {
            Some(place) => behind = place + 1,
            None => {
                joined.insert(behind, one.clone());
                behind += 1;
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Kind;
    use crate::id::FormCode;

    #[test]
    fn what_was_retired_keeps_its_place_and_what_is_new_is_there() {
        assert_eq!(in_order(&[1, 3, 4], &[1, 2, 3], |n| *n), [1, 2, 3, 4]);
        let everything = Catalogue::everything();
        for code in ["IX_XPT", "SM_UAC"] {
            assert!(everything.form(&FormCode::parse(code).unwrap()).is_some_and(|form| form.kind.counts()), "{code}");
        }
        let latest = Catalogue::known().last().unwrap();
        for form in latest.forms() {
            assert_eq!(everything.form(&form.code).unwrap().question, form.question, "the latest has the word");
        }
    }

    /// What makes it safe to look a code up without a period, and to carry figures from one version into the next.
    #[test]
    fn a_code_means_the_same_in_each_version() {
        for pair in Catalogue::known().windows(2) {
            let [old, new] = pair else { continue };
            for form in old.forms() {
                let Some(now) = new.form(&form.code) else { continue };
                let shape = |form: &crate::catalogue::Form| {
                    let dimensions: Vec<_> =
                        form.dimensions.iter().map(|one| (one.code.clone(), one.list.clone())).collect();
                    let rules = (form.adds_over_time, form.exhaustive, form.several, form.text);
                    let names = (form.topic.clone(), form.total_of.clone(), form.choices.clone());
                    (form.kind, form.units.clone(), dimensions, form.core.clone(), rules, names)
                };
                assert_eq!(shape(form), shape(now), "{} has another shape in {}", form.code, new.version);
                // Parts that make up a whole are all parts: with one more, what was whole before would not be any more.
                let counted = form.dimensions.iter().filter(|_| form.exhaustive && form.kind != Kind::Narrative);
                for list in counted.map(|dimension| &dimension.list) {
                    let ids = |catalogue: &Catalogue| {
                        catalogue.list(list).unwrap().entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>()
                    };
                    assert_eq!(ids(old), ids(new), "{} is made up of other parts in {}", form.code, new.version);
                }
            }
            for (name, list) in &old.lists {
                let Some(now) = new.list(name) else { continue };
                assert_eq!(list.growable, now.growable, "{name}");
                for entry in &list.entries {
                    assert!(now.entry(&entry.id).is_none_or(|now| now.parent == entry.parent), "{name} {}", entry.id);
                }
            }
        }
    }
}
