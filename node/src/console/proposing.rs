//! What is proposed for a period on the release desk: the forms that were released last time, to the same readers, and what is
//! different now. Plain functions; a person decides.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::id::{FormCode, ParticipantCode};

/// What one does not see by looking at last time's choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Difference {
    /// It was released last time, and there are no figures to release now.
    Lacks(FormCode),
    /// There are figures now, and it was not released last time.
    New(FormCode),
    /// It went to other readers last time than those proposed.
    OtherAudience(FormCode, AudienceChoice),
    /// It was named last time and takes no part now.
    Gone(ParticipantCode),
    /// It was admitted since.
    Joined(ParticipantCode),
}

/// What is proposed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Proposal {
    /// The readers of most forms last time.
    pub(super) audience: Option<AudienceChoice>,
    /// The forms that went to them and have figures now.
    pub(super) forms: BTreeSet<FormCode>,
    /// What is different now.
    pub(super) differences: Vec<Difference>,
}

/// The proposal from what was released `last` time, what is `free` to be released now, what was `decided` for this period
/// already, the participants that take part, and those admitted since. Without a last time nothing is proposed.
pub(super) fn propose(
    last: &BTreeMap<FormCode, AudienceChoice>,
    free: &BTreeSet<FormCode>,
    decided: &BTreeSet<FormCode>,
    taking_part: &BTreeSet<ParticipantCode>,
    joined: &[ParticipantCode],
) -> Proposal {
    let Some(audience) = usual(last) else { return Proposal::default() };
    let mut proposal = Proposal::default();
    for (form, of) in last {
        if *of != audience {
            proposal.differences.push(Difference::OtherAudience(form.clone(), of.clone()));
        } else if free.contains(form) {
            proposal.forms.insert(form.clone());
        } else if !decided.contains(form) {
            proposal.differences.push(Difference::Lacks(form.clone()));
        }
    }
    let new = free.iter().filter(|form| !last.contains_key(*form));
    proposal.differences.extend(new.cloned().map(Difference::New));
    proposal.audience = Some(match &audience {
        AudienceChoice::Named(named) => {
            let gone = named.difference(taking_part);
            proposal.differences.extend(gone.cloned().map(Difference::Gone));
            AudienceChoice::Named(named.intersection(taking_part).cloned().collect())
        }
        other => other.clone(),
    });
    proposal.differences.extend(joined.iter().cloned().map(Difference::Joined));
    proposal
}

/// The readers of most forms; of two equally many, those of the form that comes first.
fn usual(last: &BTreeMap<FormCode, AudienceChoice>) -> Option<AudienceChoice> {
    let count = |wanted: &AudienceChoice| last.values().filter(|of| *of == wanted).count();
    let mut usual: Option<(usize, &AudienceChoice)> = None;
    for audience in last.values() {
        let count = count(audience);
        if usual.is_none_or(|(most, _)| count > most) {
            usual = Some((count, audience));
        }
    }
    usual.map(|(_, audience)| audience.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(code: &str) -> FormCode {
        FormCode::parse(code).unwrap()
    }
    fn code(text: &str) -> ParticipantCode {
        ParticipantCode::parse(text).unwrap()
    }
    fn forms(codes: &[&str]) -> BTreeSet<FormCode> {
        codes.iter().map(|code| form(code)).collect()
    }

    #[test]
    fn last_time_s_forms_and_readers_are_proposed_and_what_is_different_is_said() {
        let named = |codes: &[&str]| AudienceChoice::Named(codes.iter().map(|text| code(text)).collect());
        let last = BTreeMap::from([
            (form("IE_CIT"), named(&["ITA", "FRA"])),
            (form("IE_TOT"), named(&["ITA", "FRA"])),
            (form("IR_TOT"), named(&["ITA", "FRA"])),
            (form("RE_TOT"), AudienceChoice::Totals),
            (form("SM_TOT"), named(&["ITA", "FRA"])),
        ]);
        let free = forms(&["IE_CIT", "IE_TOT", "RE_TOT", "RE_CIT"]);
        let taking_part = [code("ITA"), code("GRC")].into();
        let proposal = propose(&last, &free, &forms(&["SM_TOT"]), &taking_part, &[code("GRC")]);
        assert_eq!(proposal.forms, forms(&["IE_CIT", "IE_TOT"]));
        assert_eq!(proposal.audience, Some(named(&["ITA"])));
        assert_eq!(
            proposal.differences,
            [
                Difference::Lacks(form("IR_TOT")),
                Difference::OtherAudience(form("RE_TOT"), AudienceChoice::Totals),
                Difference::New(form("RE_CIT")),
                Difference::Gone(code("FRA")),
                Difference::Joined(code("GRC")),
            ]
        );
    }

    #[test]
    fn without_a_last_time_nothing_is_proposed() {
        let proposal = propose(&BTreeMap::new(), &forms(&["IE_CIT"]), &forms(&[]), &[code("ITA")].into(), &[]);
        assert_eq!(proposal, Proposal::default());
    }
}
