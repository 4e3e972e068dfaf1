//! Nothing to report: many forms of an agency answered at once with the reason why they have no figure.

use std::collections::BTreeMap;

use vrs_console::accounts::Operator;
use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use super::{ImportRequest, Node};
use crate::error::{NodeError, Result};
use crate::intake::{Flaw, Problem};
use crate::national::AgencyCode;
use crate::roles::Role;
use crate::sheet::nil::{self, Nil, NilAnswer};
use crate::store;

/// The name under which such answers stand among the files.
const FILE_NAME: &str = "nothing to report";

/// The forms of a section and period for which an agency has no figure.
#[derive(Debug, Clone)]
pub struct NilForms {
    /// Those that can be answered.
    pub open: Vec<&'static Form>,
    /// Those for which somebody types figures just now, with the account.
    pub typed: Vec<(&'static Form, String)>,
}

impl Node {
    /// The forms of a section and period for which an agency has no figure and the person may bring one. `section`: `None` for
    /// the whole questionnaire.
    ///
    /// # Errors
    /// When the person may not deliver figures of the agency, there is none, or the period has not begun.
    pub async fn nil_forms(
        &self,
        agency: &AgencyCode,
        period: Period,
        section: Option<u8>,
        who: &Operator,
    ) -> Result<NilForms> {
        self.may_deliver(Some(who), agency).await?;
        if !period.begun_by(self.now().date()) {
            let flaw = Flaw::UnknownPeriod("it has not begun".into());
            return Err(NodeError::File(
                Problem::at(0, "", &period.to_string(), flaw, "a period that has begun").into(),
            ));
        }
        let view = self.view().await?;
        let charter = view.region().charter().map(|(_, charter)| charter);
        let mut tx = self.0.database.read("find forms without a figure").await?;
        let delivered = store::figures::metadata(&mut tx, agency).await?;
        let assigned = store::agencies::forms(&mut tx, agency).await?;
        let sheets = store::sheets::list(&mut tx).await?;
        drop(tx);
        let typed: BTreeMap<&FormCode, &str> = sheets
            .iter()
            .filter(|(of, _)| of.agency == *agency && of.period == period)
            .map(|(of, saved)| (&of.form, saved.by.as_str()))
            .collect();
        // Whoever compiles brings any form of any agency; a contributor those assigned to the own one.
        let any = who.has_role(Role::FocalPoint.code()) && assigned.is_empty();
        let mut found = NilForms { open: Vec::new(), typed: Vec::new() };
        for form in self.catalogue_of(period).forms() {
            let is_asked = section.is_none_or(|section| form.section == section)
                && charter.is_none_or(|charter| charter.uses(form))
                && (any || assigned.contains(&form.code));
            if !is_asked || delivered.contains_key(&(form.code.clone(), period)) {
                continue;
            }
            match typed.get(&form.code) {
                Some(by) => found.typed.push((form, (*by).to_owned())),
                None => found.open.push(form),
            }
        }
        Ok(found)
    }

    /// Takes the answers in, each as a table of the agency by the one intake. Nothing is written where one of them cannot be.
    ///
    /// # Errors
    /// As [`Node::nil_forms`], and when a form has a figure already, is being typed, or cannot be answered so.
    pub async fn report_nil(
        &self,
        agency: &AgencyCode,
        period: Period,
        answers: &[NilAnswer],
        who: &Operator,
    ) -> Result<usize> {
        let free = self.nil_forms(agency, period, None, who).await?.open;
        let mut requests = Vec::new();
        for answer in answers {
            let form = self.form_asked(&answer.form, period)?;
            if !free.iter().any(|free| free.code == form.code) {
                return Err(NodeError::Refused(format!(
                    "{} for {period} has a figure of {agency} already, is being typed, or is not its form; nothing was written",
                    form.code
                )));
            }
            check(answer, form)?;
            requests.push(ImportRequest {
                agency: agency.clone(),
                name: FILE_NAME.into(),
                bytes: nil::csv(form, answer.nil, period, self.participant(), self.catalogue_of(period)).into_bytes(),
                mapping: None,
                beside: Vec::new(),
                only: Some((form.code.clone(), period)),
                metadata: Some(Metadata {
                    comment: Some(answer.comment.trim().to_owned()).filter(|comment| !comment.is_empty()),
                    ..Metadata::default()
                }),
                by: Some(who.clone()),
            });
        }
        if requests.is_empty() {
            return Err(NodeError::Usage("no form was answered; choose a reason for at least one".into()));
        }
        let count = requests.len();
        // Each table has its own columns, so it is a file of its own; all are tried before one is written.
        for request in &requests {
            self.import_as(request.clone(), super::imports::Earnest::No).await?;
        }
        for request in requests {
            self.import(request).await?;
        }
        Ok(count)
    }
}

/// Goes on if a form can be answered so, and what must be said is said.
fn check(answer: &NilAnswer, form: &Form) -> Result<()> {
    let code = &form.code;
    if !answer.nil.fits(form) {
        return Err(NodeError::Usage(format!("{code} counts nothing, so it has no zero; choose a reason")));
    }
    if answer.comment.len() > TEXT_BYTES_MAX {
        return Err(NodeError::Usage(format!("the comment on {code} has more than {TEXT_BYTES_MAX} bytes")));
    }
    if answer.nil == Nil::CountedElsewhere && answer.comment.trim().is_empty() {
        return Err(NodeError::Usage(format!("{code} is counted elsewhere: say in the comment where")));
    }
    Ok(())
}
