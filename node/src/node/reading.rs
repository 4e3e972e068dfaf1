//! What others share with us: reading, why something can or cannot be read, and who was served what.

use serde::Serialize;
use vrs_console::domain::refusals::{reason_alone, reason_said};
use vrs_console::words::Said;
use vrs_protocol::audience::Sharing;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantCode, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::{Reason, Unlock};
use vrs_protocol::region::{Holding, Region, Standing};
use vrs_protocol::release::decode_body;
use vrs_protocol::table::Table;

use super::Node;
use crate::error::{NodeError, Result};
use crate::mirror::Flaw;
use crate::report::{self, TableReport};
use crate::say;
use crate::store;
use crate::store::bodies::ErasedBody;
use crate::store::refusals::KeptRefusal;

/// Tables of others that may be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadReport {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// The tables at hand.
    pub tables: Vec<ReadTable>,
    /// Whose tables may be read and have not arrived yet.
    pub on_their_way: Vec<ParticipantCode>,
}

/// A table of another participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadTable {
    /// Line of its release.
    pub line: LineIndex,
    /// Line of the serving.
    pub serving: LineIndex,
    /// Our own line that gives the right.
    pub by: LineIndex,
    /// Revision.
    pub revision: u32,
    /// The figures.
    pub table: TableReport,
    /// The figures, for other programs of this node.
    #[serde(skip)]
    pub figures: Table,
}

/// Why something can or cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyReport {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// How we stand for it.
    pub own: String,
    /// For each other participant.
    pub participants: Vec<Answer>,
    /// For the regional figures.
    pub regional: Answer,
}

/// One answer of the rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whose figures; `None`: those of the region.
    pub participant: Option<ParticipantCode>,
    /// Whether we may.
    pub allowed: bool,
    /// Because of which lines, or why not and what would unlock it.
    pub sentence: String,
    /// The same without the answer before it and without what would unlock it, for pages that say both by themselves.
    #[serde(skip)]
    pub alone: String,
    /// Number of the reason, where it is no.
    pub number: Option<u16>,
    /// What would unlock it.
    pub unlock: Option<Unlock>,
}

/// Who was served what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Servings {
    /// Who read ours.
    pub ours: Vec<ServedRelease>,
    /// What we were served.
    pub to_us: Vec<ServedRelease>,
    /// Bodies that were erased here.
    pub erased: Vec<ErasedBody>,
}

/// One right that was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServedRelease {
    /// Whose figures.
    pub author: ParticipantCode,
    /// Who reads.
    pub reader: ParticipantCode,
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Line of the release.
    pub line: LineIndex,
    /// Line of the serving.
    pub serving: LineIndex,
    /// The reader's own line that justifies it.
    pub by: LineIndex,
    /// Whether the release is still its author's latest word.
    pub current: bool,
    /// Line of the acknowledged erasure.
    pub erased: Option<LineIndex>,
}

impl Node {
    /// The tables of others for a form and period.
    ///
    /// # Errors
    /// [`NodeError::Rule`] with the reason and what would unlock it.
    pub async fn read(
        &self,
        code: &FormCode,
        period: Period,
        participant: Option<&ParticipantCode>,
    ) -> Result<ReadReport> {
        let form = self.form_of(code, period)?;
        let (me, view) = (self.me().await?, self.view().await?);
        let region = view.region();
        let rights = match participant {
            Some(author) => {
                let author = known(region, author)?;
                vec![region.figures(me.id, author, code, period)?]
            }
            None => {
                may_read_anybody(region, me.id, code, period)?;
                region.readable(me.id, code, period)
            }
        };
        let mut tx = self.0.database.read("read tables of others").await?;
        let mut report = ReadReport { form: code.clone(), period, tables: Vec::new(), on_their_way: Vec::new() };
        for right in rights {
            let Some(release) = region.release(right.theirs) else { continue };
            let author = region.code_of(release.manifest.participant);
            let Some(held) = store::bodies::find(&mut tx, right.theirs).await? else {
                report.on_their_way.push(author);
                continue;
            };
            let figures = decode_body(&held.body).map_err(|error| {
                NodeError::Defect(format!("the stored body of line {} is damaged: {error}", right.theirs))
            })?;
            report.tables.push(ReadTable {
                line: right.theirs,
                serving: held.serving,
                by: right.own,
                revision: release.manifest.revision,
                table: report::table(&figures, form, self.catalogue(), &author),
                figures,
            });
        }
        report.tables.sort_by(|a, b| a.table.participant.cmp(&b.table.participant));
        Ok(report)
    }

    /// Why the figures of a form and period can or cannot be read, in sentences.
    ///
    /// # Errors
    /// When the form or participant is unknown.
    pub async fn why(
        &self,
        code: &FormCode,
        period: Period,
        participant: Option<&ParticipantCode>,
    ) -> Result<WhyReport> {
        self.form(code)?;
        let (me, view) = (self.me().await?, self.view().await?);
        let region = view.region();
        let own = match region.standing(me.id, code, period) {
            Standing::Stands(release) => {
                let stands = say("why-stands").with("participant", &me.code).with("form", code).with("period", period);
                stands.with("line", release.index.to_string()).to_string()
            }
            Standing::CoreMissing(release) => {
                let missing =
                    say("why-core-missing").with("participant", &me.code).with("form", code).with("period", period);
                missing.with("line", release.index.to_string()).to_string()
            }
            Standing::Nothing => {
                say("why-nothing").with("participant", &me.code).with("form", code).with("period", period).into()
            }
        };
        let asked = participant.map(|code| known(region, code)).transpose()?;
        let others =
            region.participants().filter(|other| other.id != me.id && asked.is_none_or(|asked| asked == other.id));
        let answers = others.map(|other| match region.figures(me.id, other.id, code, period) {
            Ok(right) => allowed(
                Some(other.code.clone()),
                say("why-both-lines").with("own", right.own.to_string()).with("theirs", right.theirs.to_string()),
            ),
            Err(reason) => refused(Some(other.code.clone()), &reason),
        });
        let mut participants: Vec<Answer> = answers.collect();
        participants.sort_by(|a, b| a.participant.cmp(&b.participant));
        let regional = match region.regional(me.id, code, period) {
            Ok(right) => {
                let what = match right.sharing {
                    Some(Sharing::Open) => say("why-open-and-sums"),
                    Some(_) => say("why-sums"),
                    None => say("why-sums-observer"),
                };
                allowed(None, say("why-line").with("line", right.justified_by.to_string()).with("what", what))
            }
            Err(reason) => refused(None, &reason),
        };
        Ok(WhyReport { form: code.clone(), period, own, participants, regional })
    }

    /// Who read ours, and what we were served.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn servings(&self) -> Result<Servings> {
        let (me, view) = (self.me().await?, self.view().await?);
        let region = view.region();
        let mine = region.releases().filter(|release| release.manifest.participant == me.id);
        let ours = mine
            .flat_map(|release| region.readers_of(release.index))
            .filter_map(|(reader, holding)| served(region, reader, holding));
        let to_us = region.holdings(me.id).filter_map(|holding| served(region, me.id, holding));
        let mut tx = self.0.database.read("list erased bodies").await?;
        Ok(Servings { ours: ours.collect(), to_us: to_us.collect(), erased: store::bodies::erased(&mut tx).await? })
    }

    /// What this node found wrong, oldest first.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn flaws(&self) -> Result<Vec<Flaw>> {
        let mut tx = self.0.database.read("list flaws").await?;
        Ok(store::flaws::list(&mut tx).await?)
    }

    /// The hub's refusals, newest first.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn refusals(&self, most: u32) -> Result<Vec<KeptRefusal>> {
        let mut tx = self.0.database.read("list refusals").await?;
        Ok(store::refusals::list(&mut tx, most).await?)
    }
}

fn known(region: &Region, code: &ParticipantCode) -> Result<ParticipantId> {
    let known = region.participant_by_code(code).map(|participant| participant.id);
    known.ok_or_else(|| NodeError::Missing(format!("participant {code} in this region")))
}

/// Goes on unless our own side already rules reading out, whoever the author is.
fn may_read_anybody(region: &Region, me: ParticipantId, form: &FormCode, period: Period) -> Result<()> {
    region.active(me)?;
    let stands = matches!(region.standing(me, form, period), Standing::Stands(release) if release.manifest.audience.sharing() != Some(Sharing::Totals));
    if stands {
        return Ok(());
    }
    // The reason of one whose figures a release of ours would open says what to do; of the others it says only that they
    // have nothing to show.
    let rank = |other: ParticipantId| match region.standing(other, form, period) {
        Standing::Stands(release) if release.manifest.audience.sharing() != Some(Sharing::Totals) => 0,
        Standing::Stands(_) => 1,
        _ => 2,
    };
    let others = region.participants().filter(|other| other.id != me && other.suspended.is_none());
    let other = others.min_by_key(|other| rank(other.id));
    match other.map(|other| region.figures(me, other.id, form, period)) {
        Some(Err(reason)) => Err(reason.into()),
        _ => region.regional(me, form, period).map(drop).map_err(NodeError::from),
    }
}

fn allowed(participant: Option<ParticipantCode>, because: Said) -> Answer {
    Answer {
        participant,
        allowed: true,
        alone: because.to_string(),
        sentence: say("why-allowed").with("because", because).into(),
        number: None,
        unlock: None,
    }
}

fn refused(participant: Option<ParticipantCode>, reason: &Reason) -> Answer {
    Answer {
        participant,
        allowed: false,
        sentence: reason_said(reason).into(),
        alone: reason_alone(reason).into(),
        number: Some(reason.number()),
        unlock: reason.unlock().cloned(),
    }
}

fn served(region: &Region, reader: ParticipantId, holding: &Holding) -> Option<ServedRelease> {
    let release = region.release(holding.release)?;
    Some(ServedRelease {
        author: region.code_of(release.manifest.participant),
        reader: region.code_of(reader),
        form: release.manifest.form.clone(),
        period: release.manifest.period,
        line: release.index,
        serving: holding.served_at,
        by: holding.justified_by,
        current: release.is_current(),
        erased: holding.erased,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::testing::{TestRegion, code, form, period, table};
    use vrs_protocol::audience::Audience;

    #[test]
    fn whoever_shares_totals_is_told_what_would_unlock() {
        let mut region = TestRegion::of(&["IDN", "AUS", "THA"]);
        region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), Audience::Totals);
        region.release("THA", &table("IE_TOT", "2021", &[("", 9)]), Audience::Contributors);
        let refused = may_read_anybody(region.region(), region.id("AUS"), &form("IE_TOT"), period("2021")).unwrap_err();
        let unlock = refused.unlock().unwrap_or_else(|| panic!("{refused}"));
        assert_eq!(unlock.participants, [code("THA")], "{refused}");
    }
}
