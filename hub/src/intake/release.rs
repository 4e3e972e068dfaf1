//! One release by itself: statement, manifest, body, and that they belong together.

use vrs_protocol::catalogue::Catalogues;
use vrs_protocol::check;
use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::ledger::LineKind;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Region, YearOfTopic};
use vrs_protocol::release::{Manifest, ManifestError, decode_body};
use vrs_protocol::table::{Core, Table};
use vrs_protocol::wire::Submission;

use super::{Author, checked};
use crate::ledger::Signed;
use crate::store::bodies::StoredBody;

/// What a release is judged against: taken out of the region once, so that judging needs no lock.
pub(super) struct Ground {
    author: Author,
    code: ParticipantCode,
    exchange: Hash,
    catalogues: Catalogues,
    fewer_below: u16,
    extensions: std::collections::BTreeSet<vrs_protocol::id::FormCode>,
}

impl Ground {
    pub(super) fn now(region: &Region, author: Author) -> Result<Self, Reason> {
        let code = region.active(author.participant)?.code.clone();
        let (_, charter) = region.charter().ok_or_else(|| Reason::NotFound("Charter in force yet".into()))?;
        Ok(Self {
            author,
            code,
            exchange: region.exchange(),
            catalogues: region.catalogues().clone(),
            fewer_below: charter.fewer_below,
            extensions: charter.extensions.clone(),
        })
    }
}

/// A release that is sound by itself.
pub(super) struct Prepared {
    pub(super) signed: Signed,
    pub(super) manifest: Manifest,
    pub(super) table: Table,
    pub(super) year: YearOfTopic,
}

/// Judges a release by itself. The order is from cheap to dear: nothing is unpacked that nobody signed.
pub(super) fn judge(ground: &Ground, submission: Submission) -> Result<Prepared, Reason> {
    let Submission { statement, nonce, body } = submission;
    let (parsed, verified) = checked(&statement, LineKind::Release, ground.exchange, ground.author)?;
    let manifest = read_manifest(parsed.payload())?;
    if manifest.participant != ground.author.participant || parsed.header().issuer != ground.code.as_str() {
        return Err(Reason::WrongAuthor { said: parsed.header().issuer.clone(), bound: ground.code.to_string() });
    }
    let catalogue = ground.catalogues.of(manifest.period);
    let form = catalogue
        .form(&manifest.form)
        .filter(|form| !form.extension || ground.extensions.contains(&form.code))
        .ok_or_else(|| Reason::FormNotInUse(manifest.form.clone()))?;
    if !manifest.names(&nonce, &body) {
        return Err(Reason::WrongBody);
    }
    let table = decode_body(&body).map_err(|error| Reason::Body(error.to_string()))?;
    if table.form != manifest.form || table.period != manifest.period {
        let cause = format!(
            "it holds {} for {}, the manifest says {} for {}",
            table.form, table.period, manifest.form, manifest.period
        );
        return Err(Reason::Body(cause));
    }
    if table.cells.is_empty() {
        return Err(Reason::Body("it holds no cell".into()));
    }
    check::fits(&table, form, catalogue, ground.fewer_below).map_err(|misfit| Reason::Figures {
        form: manifest.form.clone(),
        period: manifest.period,
        key: misfit.key,
        cause: misfit.cause,
    })?;
    if (table.core(form) != Core::Missing) != manifest.core_answered {
        return Err(Reason::CoreMisstated { said: if manifest.core_answered { "answered" } else { "not answered" } });
    }
    let year = (form.topic.clone(), manifest.period.year());
    let signed = Signed { kind: LineKind::Release, verified, statement, body: Some(StoredBody { nonce, body }) };
    Ok(Prepared { signed, manifest, table, year })
}

fn read_manifest(payload: &[u8]) -> Result<Manifest, Reason> {
    let manifest: Manifest = codec::decode_strict(payload).map_err(|error| match version_of(payload) {
        Some(version) if version != 1 => Reason::UnknownVersion(version),
        _ => Reason::Malformed(format!("manifest: {error}")),
    })?;
    manifest.check().map_err(|error| match error {
        ManifestError::Version(version) => Reason::UnknownVersion(version.into()),
        other => Reason::Manifest(other.to_string()),
    })?;
    Ok(manifest)
}

/// The version a payload names, also where the rest of it is of a shape that this program does not know.
fn version_of(payload: &[u8]) -> Option<u32> {
    let mut decoder = minicbor::Decoder::new(payload);
    decoder.map().ok()?;
    if decoder.u8().ok()? == 0 { decoder.u32().ok() } else { None }
}
