//! Versions of the questionnaire at this node: what a change brings, whom it concerns, and giving a new form to an agency.

use std::collections::BTreeSet;

use serde::Serialize;
use vrs_console::acts::{self, Act};
use vrs_intake::assistant::Answers;
use vrs_protocol::catalogue::{Catalogue, Changed, Difference, Dimension};
use vrs_protocol::id::{Code, FormCode};

use super::Node;
use super::agencies::{AgencyEntry, find};
use crate::error::{NodeError, Result};
use crate::national::AgencyCode;
use crate::store;

/// What a newer version of the questionnaire brings this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogueChange {
    /// The older version.
    pub old: String,
    /// The newer one.
    pub new: String,
    /// The first calendar year the newer one holds for in the region; `None` where it is not in force.
    pub since: Option<u16>,
    /// Forms that are asked from then on.
    pub added: Vec<FormConcern>,
    /// Forms that are asked in other words.
    pub changed: Vec<FormConcern>,
    /// Forms that are not asked any more; their tables stay.
    pub retired: Vec<FormConcern>,
    /// What people said of files in a layout of their own, and names what the newer version does not have.
    pub gone: Vec<GoneReading>,
}

/// A form that a change concerns, and at whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormConcern {
    /// The form.
    pub form: FormCode,
    /// What is different; empty where only one version has the form.
    pub changed: Vec<Changed>,
    /// The agencies it is assigned to.
    pub agencies: Vec<AgencyCode>,
    /// Whether it is asked in the region: the Charter may have an extension off.
    pub in_use: bool,
}

/// A reading of an agency's files that names what is gone: the next file of that layout needs another answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GoneReading {
    /// Whose files.
    pub agency: AgencyCode,
    /// Who said how they are read.
    pub by: String,
    /// The forms and codes that are gone.
    pub names: Vec<String>,
}

impl CatalogueChange {
    /// The forms that are new, in use, and delivered by nobody yet; none where the version does not hold in the region.
    #[must_use]
    pub fn unassigned(&self) -> Vec<&FormCode> {
        let is_free = |concern: &&FormConcern| concern.in_use && concern.agencies.is_empty() && self.since.is_some();
        let free = self.added.iter().filter(is_free);
        free.map(|concern| &concern.form).collect()
    }
    /// The same, as it concerns one agency: forms assigned to it, and its own files.
    #[must_use]
    pub fn for_agency(mut self, agency: &AgencyCode) -> Self {
        for forms in [&mut self.added, &mut self.changed, &mut self.retired] {
            forms.retain(|concern| concern.agencies.contains(agency));
            forms.iter_mut().for_each(|concern| concern.agencies.retain(|one| one == agency));
        }
        self.gone.retain(|reading| reading.agency == *agency);
        self
    }
    /// Whether it brings nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.retired.is_empty() && self.gone.is_empty()
    }
}

impl Node {
    /// The last change of the questionnaire in the region: the version before, and the one that holds now or will. `None` where
    /// one version has held for all years.
    #[must_use]
    pub fn last_change(&self) -> Option<(&'static Catalogue, &'static Catalogue)> {
        let catalogues = self.catalogues();
        let before = catalogues.latest_since()?.saturating_sub(1);
        Some((catalogues.of_year(before), catalogues.latest()))
    }

    /// What a newer version brings this node.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn catalogue_change(&self, old: &Catalogue, new: &Catalogue) -> Result<CatalogueChange> {
        let difference = Difference::between(old, new);
        let entries = self.agency_entries().await?;
        let view = self.view().await?;
        let charter = view.region().charter().map(|(_, charter)| charter);
        let concern = |form: FormCode, changed: Vec<Changed>| FormConcern {
            agencies: entries
                .iter()
                .filter(|entry| entry.forms.contains(&form))
                .map(|entry| entry.agency.code.clone())
                .collect(),
            in_use: new
                .form(&form)
                .or_else(|| old.form(&form))
                .is_some_and(|form| charter.map_or(!form.extension, |charter| charter.uses(form))),
            form,
            changed,
        };
        let mut tx = self.0.database.read("list how files are read").await?;
        let mut gone = Vec::new();
        for (agency, said) in store::remembered::layouts(&mut tx).await? {
            let names = gone_from(&said.answers, old, new);
            if !names.is_empty() {
                gone.push(GoneReading { agency, by: said.by, names });
            }
        }
        let years = self.catalogues().years(new);
        Ok(CatalogueChange {
            old: old.version.clone(),
            new: new.version.clone(),
            since: years.first().and_then(|(first, _)| *first),
            added: difference.new.into_iter().map(|form| concern(form, Vec::new())).collect(),
            changed: difference.changed.into_iter().map(|change| concern(change.form, change.changed)).collect(),
            retired: difference.retired.into_iter().map(|form| concern(form, Vec::new())).collect(),
            gone,
        })
    }

    /// Gives an agency one form more to deliver.
    ///
    /// # Errors
    /// When there is no such agency, or no such form.
    pub async fn assign_form(&self, code: &AgencyCode, form: &FormCode) -> Result<AgencyEntry> {
        self.form(form)?;
        let mut tx = self.0.database.begin("assign one form more").await?;
        find(&mut tx, code).await?;
        let before = store::agencies::forms(&mut tx, code).await?;
        let mut forms = before.clone();
        if forms.insert(form.clone()) {
            store::agencies::assign(&mut tx, code, &forms).await?;
            let list = |forms: &BTreeSet<FormCode>| forms.iter().map(FormCode::as_str).collect::<Vec<_>>().join(" ");
            let act = Act::new("forms-assigned", format!("agency {code}"));
            acts::record(&mut tx, act.before("forms", list(&before)).after("forms", list(&forms)), self.now().0)
                .await?;
        }
        tx.commit().await?;
        self.agency_entry(code).await
    }
}

/// A version by its label, among those this program carries.
///
/// # Errors
/// With the versions there are.
pub fn version(label: &str) -> Result<&'static Catalogue> {
    Catalogue::by_version(label).ok_or_else(|| {
        let known: Vec<&str> = Catalogue::known().iter().map(|one| one.version.as_str()).collect();
        NodeError::Missing(format!("catalogue {label}; this program carries {}", known.join(", ")))
    })
}

/// Forms and codes that answers name, that the older version has and the newer one does not.
fn gone_from(answers: &Answers, old: &Catalogue, new: &Catalogue) -> Vec<String> {
    let forms = answers.forms.iter().filter(|form| old.form(form).is_some() && new.form(form).is_none());
    let mut names: Vec<String> = forms.map(ToString::to_string).collect();
    let dimensions: Vec<&Dimension> = old.forms().iter().flat_map(|form| &form.dimensions).collect();
    for (name, labels) in &answers.labels {
        let Some(dimension) = dimensions.iter().find(|dimension| dimension.code == *name) else { continue };
        let codes: BTreeSet<Code> = labels.values().filter_map(|code| Code::parse(code).ok()).collect();
        let gone = codes.iter().filter(|code| old.accepts(dimension, code) && !new.accepts(dimension, code));
        names.extend(gone.map(|code| format!("{name} {code}")));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_names_a_form_that_is_gone_is_found() {
        let [old, new] = Catalogue::known() else { panic!("two versions") };
        let form = |code: &str| FormCode::parse(code).unwrap();
        let mut answers = Answers { forms: [form("IX_TOT"), form("IX_XPT")].into(), ..Answers::default() };
        let labels = [("Dover".to_owned(), "GBDVR".to_owned()), ("rest".to_owned(), "-".to_owned())];
        answers.labels.insert("exit_point".into(), labels.into());
        assert_eq!(gone_from(&answers, old, new), ["IX_XPT"]);
        assert!(gone_from(&answers, old, old).is_empty());
        // The other way round, a code that was added is one that is gone.
        let [mut answers, codes] = [Answers::default(), Answers::default()];
        answers.forms = [form("SM_UAC")].into();
        assert_eq!(gone_from(&answers, new, old), ["SM_UAC"]);
        assert!(gone_from(&codes, new, old).is_empty());
    }
}
