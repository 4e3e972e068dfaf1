//! The commands: each opens what it needs, lets the library decide, and says what has happened.

use std::io::{self, BufRead, Read, Write};
use std::path::Path;

use vrs_certs::files::{self, Access, FileError};
use vrs_certs::{Authority, Bundle, Holder, NodeKeys, same_fingerprint};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::time::Timestamp;

use crate::arguments::{Arguments, Command};
use crate::facts::{Outcome, Problem};
use crate::show::show;

/// Longest fingerprint anybody types, with all its blanks.
const TYPED_BYTES_MAX: u64 = 512;

/// Does what was asked.
pub(crate) fn run(arguments: &Arguments, now: Timestamp) -> Result<Outcome, Problem> {
    let dir = &arguments.dir;
    match &arguments.command {
        Command::Init { region } => init(dir, region, now),
        Command::Request { participant } => request(dir, participant),
        Command::Sign { bundle, fingerprint } => sign(dir, bundle, fingerprint.as_deref(), now),
        Command::Revoke { holder } => revoke(dir, holder, now),
        Command::Show { file } => show(dir, file, now),
    }
}

fn init(dir: &Path, region: &str, now: Timestamp) -> Result<Outcome, Problem> {
    let authority = Authority::init(dir, region, now)?;
    // Written once now, so that a hub that starts later finds lists even if it may not write.
    authority.revocation_lists(now)?;
    let standing = authority.standing(now)?;
    let root_key = authority.folder().join("root.key");
    let mut outcome = Outcome::default()
        .fact("region", standing.region)
        .fact("folder", authority.folder().display().to_string())
        .fact("root_certificate", authority.folder().join("root.crt").display().to_string())
        .fact("root_fingerprint", standing.root_fingerprint.to_string())
        .fact("root_ends", standing.root_ends.to_string())
        .fact("issuing_certificate", standing.generation)
        .fact("issuing_ends", standing.issuing_ends.to_string())
        .fact("root_key_here", standing.root_key_here);
    if standing.root_key_here {
        outcome = outcome.advise(format!(
            "Move {} to a medium that you lock away; it is needed again once a year, to run this command.",
            root_key.display()
        ));
    }
    Ok(match standing.to_do {
        Some(to_do) => outcome.advise(to_do),
        None => outcome,
    })
}

fn request(dir: &Path, participant: &ParticipantCode) -> Result<Outcome, Problem> {
    let keys = NodeKeys::open_or_create(dir)?;
    let path = dir.join(format!("{participant}.bundle"));
    let bundle = match kept_bundle(&path, participant, &keys)? {
        Some(bundle) => bundle,
        None => {
            let bundle = keys.bundle(participant)?;
            files::write_whole(&path, bundle.to_text().as_bytes(), Access::Everybody)?;
            bundle
        }
    };
    Ok(Outcome::default()
        .fact("participant", participant.to_string())
        .fact("bundle", path.display().to_string())
        .fact("fingerprint", bundle.fingerprint())
        .fact("identity", bundle.identity.to_string())
        .advise("Send the bundle to the region's operator, and read the fingerprint to the operator by telephone."))
}

/// The bundle that was made before from the same keys: a new one would have another fingerprint, and the operator may
/// hold the old one.
fn kept_bundle(path: &Path, participant: &ParticipantCode, keys: &NodeKeys) -> Result<Option<Bundle>, Problem> {
    let text = match files::read_text(path) {
        Err(FileError::Missing(_)) => return Ok(None),
        text => text?,
    };
    let same = |bundle: &Bundle| {
        let request = vrs_certs::request::check(&bundle.request);
        let same_key = request.is_ok_and(|request| request.is_of(&keys.tls));
        bundle.participant == *participant && bundle.identity == keys.identity_public() && same_key
    };
    // One that is damaged or of other keys helps nobody and is replaced.
    Ok(Bundle::parse(&text).ok().filter(same))
}

fn sign(dir: &Path, path: &Path, given: Option<&str>, now: Timestamp) -> Result<Outcome, Problem> {
    let authority = Authority::open(dir)?;
    let bundle = Bundle::parse(&files::read_text(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let (code, fingerprint) = (&bundle.participant, bundle.fingerprint());
    let told = match given {
        Some(given) => given.to_owned(),
        None => ask(code)?,
    };
    if !same_fingerprint(&told, &fingerprint) {
        let problem = format!(
            "the fingerprint is not that of {}, which is {fingerprint}; nothing was signed. Ask {code} to read it again, \
             and to send the bundle again if it stays different",
            path.display()
        );
        return Err(problem.into());
    }
    let issued = authority.sign_node(&bundle.request, code, now)?;
    let chain = dir.join(format!("{code}.crt"));
    files::write_whole(&chain, issued.to_pem().as_bytes(), Access::Everybody)?;
    let root = authority.folder().join("root.crt");
    Ok(Outcome::default()
        .fact("participant", code.to_string())
        .fact("region", authority.region())
        .fact("identity", bundle.identity.to_string())
        .fact("serial", issued.serial.to_string())
        .fact("not_after", issued.not_after.to_string())
        .fact("renew_at", issued.renew_at.to_string())
        .fact("chain", chain.display().to_string())
        .fact("root_certificate", root.display().to_string())
        .fact("root_fingerprint", authority.root_fingerprint().to_string())
        .advise(format!(
            "Send {} and {} to {code}: they become keys/tls.crt and keys/authority.crt.",
            chain.display(),
            root.display()
        )))
}

/// Asks what the participant reads by telephone. The fingerprint of the file is not shown first: who has seen it says
/// yes to anything.
fn ask(code: &ParticipantCode) -> Result<String, Problem> {
    write!(io::stderr(), "Fingerprint as {code} reads it by telephone: ")?;
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().lock().take(TYPED_BYTES_MAX).read_line(&mut typed)?;
    if typed.trim().is_empty() {
        return Err("no fingerprint was given and nothing was signed; type it, or give it with --fingerprint".into());
    }
    Ok(typed)
}

fn revoke(dir: &Path, holder: &Holder, now: Timestamp) -> Result<Outcome, Problem> {
    let authority = Authority::open(dir)?;
    let mut known: Vec<Holder> = authority.entries()?.into_iter().map(|(_, entry)| entry.holder).collect();
    known.sort();
    known.dedup();
    if !known.contains(holder) {
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        let whom = if known.is_empty() { "nobody".to_owned() } else { known.join(", ") };
        return Err(format!("{holder} never had a certificate of this authority; issued were some to: {whom}").into());
    }
    let serials = authority.revoke(holder, now)?;
    authority.revocation_lists(now)?;
    let serials: Vec<String> = serials.iter().map(ToString::to_string).collect();
    let good = if serials.is_empty() {
        format!("{holder} had no certificate that is still good.")
    } else {
        "A hub that runs on this folder refuses them from its next look at the list.".to_owned()
    };
    let next = match holder {
        Holder::Hub => "The hub makes itself a new key and certificate.".to_owned(),
        Holder::Participant(code) => {
            format!("{code} gets no new one by itself; to let it in again, sign by hand: vrs-certs sign BUNDLE")
        }
    };
    Ok(Outcome::default().fact("holder", holder.to_string()).fact("revoked", serials).advise(good).advise(next))
}
