//! Why the rules refuse something, as a page says it: by the stable number of the reason, with what it is about.
//!
//! The rule it keeps: the reason itself stays English, because it crosses the wire and is signed. English here is word for
//! word the same; a cause that a reason quotes from below stays as it was given.

use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::{Reason, Unlock};

use crate::words::{Said, say};

/// A reason in the language of the page.
#[must_use]
pub fn reason_said(reason: &Reason) -> Said {
    match reason.number() / 100 {
        1..=3 => message_or_ledger(reason),
        4 => release(reason),
        6 => reading(reason),
        _ => sharing(reason),
    }
}

/// What the rules say, without what would unlock it: where the page says that by itself.
#[must_use]
pub fn reason_alone(reason: &Reason) -> Said {
    match reason {
        Reason::NothingReleased { reader, form, period, .. } => {
            about(say("refusal-600"), form, *period).with("reader", reader).with("unlock", "")
        }
        Reason::CoreNotAnswered { reader, form, period, .. } => {
            about(say("refusal-601"), form, *period).with("reader", reader).with("unlock", "")
        }
        Reason::OnlyTotals { reader, form, period, .. } => {
            about(say("refusal-602"), form, *period).with("reader", reader).with("unlock", "")
        }
        Reason::OnlyNamed { reader, form, period, .. } => {
            about(say("refusal-603"), form, *period).with("reader", reader).with("unlock", "")
        }
        other => reason_said(other),
    }
}

fn about(said: Said, form: &FormCode, period: Period) -> Said {
    said.with("form", form).with("period", period)
}

fn message_or_ledger(reason: &Reason) -> Said {
    match reason {
        Reason::Malformed(cause) => say("refusal-100").with("cause", cause),
        Reason::TooLarge { bytes, max } => {
            say("refusal-101").with("bytes", bytes.to_string()).with("max", max.to_string())
        }
        Reason::UnknownVersion(version) => say("refusal-102").with("version", version.to_string()),
        Reason::NotBound => say("refusal-103"),
        Reason::Busy(seconds) => say("refusal-104").with("seconds", seconds.to_string()),
        Reason::Unavailable(cause) => say("refusal-105").with("cause", cause),
        Reason::NotFound(what) => say("refusal-106").with("what", what),
        Reason::UnknownParticipant(who) => say("refusal-200").with("participant", who),
        Reason::Suspended(who) => say("refusal-201").with("participant", who),
        Reason::WrongAuthor { said, bound } => say("refusal-202").with("said", said).with("bound", bound),
        Reason::WrongKey(who) => say("refusal-203").with("participant", who),
        Reason::BadSignature => say("refusal-204"),
        Reason::WrongExchange => say("refusal-205"),
        Reason::HubOnly(kind) => say("refusal-206").with("kind", *kind),
        Reason::ContentType(said, expected) => say("refusal-207").with("said", said).with("expected", expected),
        Reason::Line { index, cause } => say("refusal-300").with("line", index.to_string()).with("cause", cause),
        Reason::TimeWentBack { from, to } => {
            say("refusal-301").with("from", from.to_string()).with("to", to.to_string())
        }
        Reason::BundleInterrupted(line) => say("refusal-302").with("line", line.to_string()),
        Reason::CatalogueUnknown { line, version, hash } => {
            say("refusal-303").with("line", line.to_string()).with("version", version).with("hash", hash.to_string())
        }
        Reason::CatalogueReported { year, stands, said } => {
            say("refusal-304").with("year", year.to_string()).with("stands", stands).with("said", said)
        }
        other => other.to_string().into(),
    }
}

fn release(reason: &Reason) -> Said {
    match reason {
        Reason::Manifest(cause) => say("refusal-400").with("cause", cause),
        Reason::FormNotInUse(form) => say("refusal-401").with("form", form),
        Reason::CatalogueNotInForce { period, in_force } => {
            say("refusal-402").with("period", *period).with("in_force", in_force)
        }
        Reason::CharterNotAccepted { said, in_force } => {
            say("refusal-403").with("said", said.to_string()).with("in_force", in_force.to_string())
        }
        Reason::PeriodNotEnded(period) => say("refusal-404").with("period", *period),
        Reason::NotInRhythm { participant, period, accepted } => {
            say("refusal-405").with("participant", participant).with("period", *period).with("accepted", accepted)
        }
        Reason::WrongRevision { form, period, said, expected } => about(say("refusal-406"), form, *period)
            .with("said", said.to_string())
            .with("expected", expected.to_string()),
        Reason::RevisionConflict { form, period, revision, existing, sent } => about(say("refusal-407"), form, *period)
            .with("revision", revision.to_string())
            .with("existing", existing.to_string())
            .with("sent", sent.to_string()),
        Reason::WrongPrevious { form, period } => about(say("refusal-408"), form, *period),
        Reason::UnknownAudience => say("refusal-409"),
        Reason::AudienceNotMember(who) => say("refusal-410").with("participant", who),
        Reason::WrongSource(period) => say("refusal-411").with("period", *period),
        Reason::DoesNotAdd(form) => say("refusal-412").with("form", form),
        Reason::WiderThanPart { form, period } => about(say("refusal-413"), form, *period),
        Reason::RevisionAlone(releases) => say("refusal-414").with("releases", list(releases)),
        Reason::NotCurrent(what) => say("refusal-415").with("what", what),
        Reason::WrongBody => say("refusal-416"),
        Reason::Body(cause) => say("refusal-417").with("cause", cause),
        Reason::CoreMisstated { said } => say("refusal-418").with("said", *said),
        Reason::Figures { form, period, key, cause } => {
            about(say("refusal-419"), form, *period).with("key", key).with("cause", cause)
        }
        other => other.to_string().into(),
    }
}

fn sharing(reason: &Reason) -> Said {
    let of = |said: Said, topic: &str, year: u16| said.with("topic", topic).with("year", year.to_string());
    match reason {
        Reason::KindFixed { participant, topic, year, from, to } => {
            of(say("refusal-500"), topic, *year).with("participant", participant).with("from", *from).with("to", *to)
        }
        Reason::KindNotAtOnce { topic, year, releases } => {
            of(say("refusal-501"), topic, *year).with("releases", list(releases))
        }
        Reason::OpenBlockRead { participant, topic, year } => {
            of(say("refusal-502"), topic, *year).with("participant", participant)
        }
        Reason::BlockWouldOpen { participant, topic, year, remaining, block_min } => {
            of(say("refusal-503"), topic, *year)
                .with("participant", participant)
                .with("remaining", remaining.to_string())
                .with("block_min", block_min.to_string())
        }
        Reason::FamilyKind(participant) => say("refusal-504").with("participant", participant),
        Reason::Block { block, topic, year, cause } => {
            of(say("refusal-700"), topic, *year).with("block", block.to_string()).with("cause", cause)
        }
        other => other.to_string().into(),
    }
}

fn reading(reason: &Reason) -> Said {
    match reason {
        Reason::NothingReleased { reader, form, period, unlock } => {
            about(say("refusal-600"), form, *period).with("reader", reader).with("unlock", unlocks(unlock))
        }
        Reason::CoreNotAnswered { reader, form, period, unlock } => {
            about(say("refusal-601"), form, *period).with("reader", reader).with("unlock", unlocks(unlock))
        }
        Reason::OnlyTotals { reader, form, period, unlock } => {
            about(say("refusal-602"), form, *period).with("reader", reader).with("unlock", unlocks(unlock))
        }
        Reason::OnlyNamed { reader, form, period, unlock } => {
            about(say("refusal-603"), form, *period).with("reader", reader).with("unlock", unlocks(unlock))
        }
        Reason::AuthorNotStanding { author, form, period } => {
            about(say("refusal-604"), form, *period).with("author", author)
        }
        Reason::AuthorOnlyTotals { author, form, period } => {
            about(say("refusal-605"), form, *period).with("author", author)
        }
        Reason::NotAdmittedByAuthor { author, reader, form, period } => {
            about(say("refusal-606"), form, *period).with("author", author).with("reader", reader)
        }
        Reason::NotAdmittedByReader { author, reader, form, period } => {
            about(say("refusal-607"), form, *period).with("author", author).with("reader", reader)
        }
        Reason::AdmittedLater { author, reader, form, period } => {
            about(say("refusal-608"), form, *period).with("author", author).with("reader", reader)
        }
        Reason::ErasureOwed { reader, topic, count } => {
            say("refusal-609").with("reader", reader).with("topic", topic).with("count", count.to_string())
        }
        Reason::BlockNotForReader { reader, form, period, cause } => {
            about(say("refusal-610"), form, *period).with("reader", reader).with("cause", *cause)
        }
        Reason::WrongJustification { said, due } => {
            say("refusal-611").with("said", said.to_string()).with("due", due.to_string())
        }
        Reason::ServedBefore(line) => say("refusal-612").with("line", line.to_string()),
        Reason::NotHeld(what) => say("refusal-613").with("what", what),
        other => other.to_string().into(),
    }
}

fn list(releases: &[(FormCode, Period)]) -> String {
    releases.iter().map(|(form, period)| format!("{form} {period}")).collect::<Vec<_>>().join(", ")
}

fn unlocks(unlock: &Unlock) -> Said {
    let codes: Vec<&str> = unlock.participants.iter().map(ParticipantCode::as_str).collect();
    let said = if codes.is_empty() {
        say("refusal-unlock-later")
    } else {
        say("refusal-unlock").with("participants", codes.join(", "))
    };
    about(said, &unlock.form, unlock.period)
}
