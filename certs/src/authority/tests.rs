//! What rustls, the verifier on the link, says of the certificates and lists made here, and what the folder survives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::sync::Arc;

use rustls::CertificateError as Bad;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{Error, RootCertStore};
use vrs_protocol::id::hub_server_name;

use super::*;
use crate::certificate::{half_life, node_uri_of, participant_of, serial_of};
use crate::keys::TlsKey;
use crate::profile::{DAY_SECS, ISSUING_RENEW_SECS, ISSUING_SECS, RENEWALS_PER_DAY, ROOT_SECS};
use crate::request::RequestError;

const NOW: Timestamp = Timestamp(1_790_000_000);

struct Region {
    dir: tempfile::TempDir,
    authority: Authority,
}

fn region() -> Region {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::init(dir.path(), "Demo Region", NOW).unwrap();
    Region { dir, authority }
}

fn code(text: &str) -> ParticipantCode {
    ParticipantCode::parse(text).unwrap()
}

fn request() -> Vec<u8> {
    TlsKey::generate().unwrap().request("anything").unwrap()
}

fn after(secs: u64) -> Timestamp {
    NOW.plus_secs(secs)
}

fn unix(at: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(at.0))
}

fn trust(authority: &Authority) -> Arc<RootCertStore> {
    let mut store = RootCertStore::empty();
    store.add(authority.root_der().to_vec().into()).unwrap();
    Arc::new(store)
}

fn der(chain: &[Vec<u8>]) -> (CertificateDer<'_>, Vec<CertificateDer<'_>>) {
    (chain[0].as_slice().into(), chain[1..].iter().map(|der| der.as_slice().into()).collect())
}

/// As the hub verifies a caller: whole chain, unknown status and overdue lists refused.
fn calls(authority: &Authority, lists: Vec<Vec<u8>>, chain: &[Vec<u8>], at: Timestamp) -> Result<(), Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(trust(authority), provider)
        .with_crls(lists.into_iter().map(Into::into))
        .enforce_revocation_expiration()
        .build()
        .unwrap();
    let (leaf, rest) = der(chain);
    verifier.verify_client_cert(&leaf, &rest, unix(at)).map(|_| ())
}

/// As a node verifies the hub.
fn answers(authority: &Authority, name: &str, chain: &[Vec<u8>], at: Timestamp) -> Result<(), Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(trust(authority), provider).build().unwrap();
    let (leaf, rest) = der(chain);
    let name = ServerName::try_from(name.to_owned()).unwrap();
    verifier.verify_server_cert(&leaf, &rest, &name, &[], unix(at)).map(|_| ())
}

#[test]
fn a_node_may_call_and_not_answer_and_the_hub_may_answer_and_not_call() {
    let Region { dir: _dir, authority } = region();
    let lists = authority.revocation_lists(NOW).unwrap();
    let (node, hub) =
        (authority.sign_node(&request(), &code("AUS"), NOW).unwrap(), authority.sign_hub(&request(), NOW).unwrap());
    assert_eq!(calls(&authority, lists.clone(), &node.chain, NOW), Ok(()));
    assert_eq!(answers(&authority, &hub_server_name("Demo Region"), &hub.chain, NOW), Ok(()));
    assert!(calls(&authority, lists, &hub.chain, NOW).is_err());
    assert!(answers(&authority, &hub_server_name("Demo Region"), &node.chain, NOW).is_err());
    assert!(answers(&authority, &hub_server_name("Other"), &hub.chain, NOW).is_err());
    let mut shown_whole = hub.chain.clone();
    shown_whole.push(authority.root_der().to_vec());
    assert_eq!(
        answers(&authority, &hub_server_name("Demo Region"), &shown_whole, NOW),
        Ok(()),
        "as one who joins sees it"
    );
}

#[test]
fn a_certificate_says_whose_it_is_and_nothing_the_request_asked_for() {
    let Region { dir: _dir, authority } = region();
    let key = rcgen::KeyPair::generate().unwrap();
    let mut asked = rcgen::CertificateParams::new(vec!["hub.demo-region.vrs".to_owned()]).unwrap();
    asked.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    asked.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let request = asked.serialize_request(&key).unwrap();
    let issued = authority.sign_node(request.der(), &code("AUS"), NOW).unwrap();
    let facts = CertificateFacts::read(&issued.chain[0]).unwrap();
    assert_eq!(facts.uris, ["spiffe://demo-region.vrs/participant/AUS/node/1"]);
    assert_eq!((facts.host_names.len(), facts.authority, facts.client, facts.server), (0, false, true, false));
    assert_eq!(facts.organisation.as_deref(), Some("Demo Region"));
    assert_eq!(facts.serial, issued.serial);
    assert_eq!((facts.not_before, facts.not_after), (Timestamp(NOW.0 - SKEW_SECS), after(LEAF_SECS)));
    assert_eq!(half_life(&issued.chain[0]).unwrap(), issued.renew_at);
    assert_eq!(serial_of(&issued.chain[0]).unwrap(), issued.serial);
    assert_eq!(node_uri_of(&issued.chain[0]).unwrap(), facts.uris.first().cloned());
    assert_eq!(participant_of(&issued.chain[0], "Demo Region").unwrap(), Some(code("AUS")));
    assert_eq!(participant_of(&issued.chain[0], "Other").unwrap(), None);
    assert_eq!(participant_of(&issued.chain[1], "Demo Region").unwrap(), None);
}

#[test]
fn a_certificate_is_good_from_five_minutes_before_to_its_end() {
    let Region { dir: _dir, authority } = region();
    let node = authority.sign_node(&request(), &code("AUS"), NOW).unwrap();
    let at = |at| calls(&authority, authority.revocation_lists(after(LEAF_SECS)).unwrap(), &node.chain, at);
    assert_eq!(at(Timestamp(NOW.0 - SKEW_SECS)), Ok(()));
    assert_eq!(at(after(LEAF_SECS)), Ok(()));
    assert!(matches!(
        at(after(LEAF_SECS + 1)),
        Err(Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }))
    ));
    assert!(at(Timestamp(NOW.0 - SKEW_SECS - 1)).is_err());
}

#[test]
fn a_revoked_participant_is_out_and_the_others_are_not() {
    let Region { dir: _dir, authority } = region();
    let sign = |who| authority.sign_node(&request(), &code(who), NOW).unwrap();
    let (first, second, other) = (sign("AUS"), sign("AUS"), sign("IDN"));
    let gone = authority.revoke(&code("AUS").into(), after(60)).unwrap();
    assert_eq!(gone.len(), 2);
    let lists = || authority.revocation_lists(after(60)).unwrap();
    for node in [&first, &second] {
        assert_eq!(calls(&authority, lists(), &node.chain, after(60)), Err(Error::InvalidCertificate(Bad::Revoked)),);
        assert!(authority.is_revoked(&node.serial).unwrap());
    }
    assert_eq!(calls(&authority, lists(), &other.chain, after(60)), Ok(()));
    assert!(!authority.is_revoked(&other.serial).unwrap());
    assert!(authority.is_revoked(&Serial::from_bytes(&[1, 2, 3])).unwrap(), "never issued here");
    assert_eq!(authority.revoke(&code("AUS").into(), after(61)).unwrap(), [], "once is enough");
    let again = authority.sign_node(&request(), &code("AUS"), after(62)).unwrap();
    assert_eq!(calls(&authority, lists(), &again.chain, after(62)), Ok(()), "the authority does not judge who may");
}

#[test]
fn who_is_revoked_renews_nothing_until_a_certificate_is_signed_by_hand() {
    let Region { dir, authority } = region();
    let (aus, idn) = (code("AUS"), code("IDN"));
    let mut last = authority.sign_node(&request(), &aus, NOW).unwrap();
    let other = authority.sign_node(&request(), &idn, NOW).unwrap();
    last = authority.renew_node(&request(), &aus, Some(&last.serial), after(1)).unwrap();
    // As another process does it, between two looks of a running hub.
    Authority::open(dir.path()).unwrap().revoke(&aus.clone().into(), after(2)).unwrap();
    for shown in [Some(&last.serial), None] {
        let refused = authority.renew_node(&request(), &aus, shown, after(3)).unwrap_err();
        assert!(matches!(refused, AuthorityError::Barred(_)), "{refused}");
    }
    authority.renew_node(&request(), &idn, Some(&other.serial), after(3)).unwrap();
    let by_hand = authority.sign_node(&request(), &aus, after(4)).unwrap();
    // An open connection may still show the old one, or one of somebody else.
    for shown in [&last.serial, &other.serial, &Serial::from_bytes(&[1, 2, 3])] {
        let refused = authority.renew_node(&request(), &aus, Some(shown), after(5)).unwrap_err();
        assert!(matches!(refused, AuthorityError::ShownRevoked(_)), "{refused}");
    }
    authority.renew_node(&request(), &aus, Some(&by_hand.serial), after(5)).unwrap();
}

#[test]
fn who_is_revoked_after_its_certificates_have_ended_is_out_too() {
    let Region { dir: _dir, authority } = region();
    authority.sign_node(&request(), &code("AUS"), NOW).unwrap();
    let late = after(LEAF_SECS + SKEW_SECS + 1);
    assert_eq!(authority.revoke(&code("AUS").into(), late).unwrap(), []);
    let refused = authority.renew_node(&request(), &code("AUS"), None, late).unwrap_err();
    assert!(matches!(refused, AuthorityError::Barred(_)), "{refused}");
    authority.revoke(&code("AUS").into(), late).unwrap();
    let register = fs::read_to_string(authority.folder().join("register.jsonl")).unwrap();
    assert_eq!(register.lines().count(), 2, "once is enough: {register}");
}

#[test]
fn nobody_fills_the_register_by_renewing_again_and_again() {
    let Region { dir: _dir, authority } = region();
    let aus = code("AUS");
    let mut last = authority.sign_node(&request(), &aus, NOW).unwrap();
    for minute in 1..4 {
        last = authority.renew_node(&request(), &aus, Some(&last.serial), after(60 * minute)).unwrap();
    }
    for shown in [Some(&last.serial), None] {
        let refused = authority.renew_node(&request(), &aus, shown, after(300)).unwrap_err();
        assert!(matches!(refused, AuthorityError::TooMany { from, .. } if from == after(DAY_SECS)), "{refused}");
    }
    authority.renew_node(&request(), &code("IDN"), None, after(300)).unwrap();
    authority.sign_node(&request(), &aus, after(300)).unwrap();
    // A week of asking twice an hour brings four a day and no more.
    let before = authority.entries().unwrap().len();
    let request = request();
    for ask in 0..7 * 24 * 2 {
        let _ = authority.renew_node(&request, &aus, None, after(DAY_SECS + 1_800 * ask));
    }
    assert!(authority.entries().unwrap().len() - before <= 7 * RENEWALS_PER_DAY);
}

#[test]
fn another_authority_of_the_same_name_is_not_believed() {
    let (ours, theirs) = (region(), region());
    let node = theirs.authority.sign_node(&request(), &code("AUS"), NOW).unwrap();
    let lists = ours.authority.revocation_lists(NOW).unwrap();
    assert!(calls(&ours.authority, lists, &node.chain, NOW).is_err());
    let lists = theirs.authority.revocation_lists(NOW).unwrap();
    let node = ours.authority.sign_node(&request(), &code("AUS"), NOW).unwrap();
    assert!(calls(&ours.authority, lists, &node.chain, NOW).is_err(), "a foreign list proves nothing");
    let foreign_root = [node.chain[0].clone(), theirs.authority.root_der().to_vec()];
    assert!(calls(&ours.authority, ours.authority.revocation_lists(NOW).unwrap(), &foreign_root, NOW).is_err());
}

#[test]
fn a_tampered_request_is_refused_and_leaves_no_trace() {
    let Region { dir: _dir, authority } = region();
    let mut tampered = request();
    tampered[30] ^= 1;
    assert!(matches!(authority.sign_node(&tampered, &code("AUS"), NOW), Err(AuthorityError::Request(_))));
    assert!(matches!(authority.sign_hub(b"hello", NOW), Err(AuthorityError::Request(RequestError::Malformed))));
    assert_eq!(authority.entries().unwrap(), []);
}

#[test]
fn a_list_changes_only_when_it_has_to_and_overdue_lists_let_nobody_in() {
    let Region { dir: _dir, authority } = region();
    let node = authority.sign_node(&request(), &code("AUS"), NOW).unwrap();
    let first = authority.revocation_list(NOW).unwrap();
    assert_eq!(authority.revocation_list(after(DAY_SECS - 1)).unwrap(), first);
    let second = authority.revocation_list(after(DAY_SECS)).unwrap();
    assert_ne!(second, first);
    authority.revoke(&code("AUS").into(), after(DAY_SECS)).unwrap();
    let third = authority.revocation_list(after(DAY_SECS)).unwrap();
    assert_ne!(third, second);
    assert_eq!(authority.revocation_lists(after(DAY_SECS)).unwrap()[0], third);
    let numbers = [&first, &second, &third].map(|der| {
        let (_, list) =
            <x509_parser::prelude::CertificateRevocationList<'_> as x509_parser::prelude::FromDer<_>>::from_der(der)
                .unwrap();
        list.crl_number().unwrap().clone()
    });
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");

    let other = authority.sign_node(&request(), &code("IDN"), after(DAY_SECS)).unwrap();
    let late = after(8 * DAY_SECS);
    let root_list = authority.revocation_lists(after(DAY_SECS)).unwrap().pop().unwrap();
    let overdue = calls(&authority, vec![third, root_list], &other.chain, late);
    assert!(overdue.is_err(), "nobody is let in with a list from last week");
    let gone = authority.revocation_list(after(20 * DAY_SECS)).unwrap();
    assert!(gone.len() < second.len() + 10, "what has ended is taken off: {} {}", gone.len(), second.len());
    assert!(!gone.windows(16).any(|window| window == node.serial.as_bytes()));
}

#[test]
fn a_lost_list_is_made_again() {
    let Region { dir, authority } = region();
    let node = authority.sign_node(&request(), &code("AUS"), NOW).unwrap();
    authority.revoke(&code("AUS").into(), NOW).unwrap();
    authority.revocation_lists(NOW).unwrap();
    fs::remove_file(dir.path().join("authority/issuing-1.crl")).unwrap();
    let lists = authority.revocation_lists(NOW).unwrap();
    assert!(calls(&authority, lists, &node.chain, NOW).is_err());
    fs::write(dir.path().join("authority/issuing-1.crl"), "rubbish").unwrap();
    assert_eq!(authority.revocation_lists(NOW).unwrap().len(), 2);
    fs::remove_file(dir.path().join("authority/root.crl")).unwrap();
    assert!(authority.revocation_lists(NOW).is_err());
    Authority::init(dir.path(), "Demo Region", NOW).unwrap();
    assert_eq!(authority.revocation_lists(NOW).unwrap().len(), 2);
}

#[test]
fn the_root_renews_the_issuing_certificate_and_both_are_good_meanwhile() {
    let Region { dir, authority } = region();
    let turn = after(ISSUING_SECS - ISSUING_RENEW_SECS + 1);
    let before = authority.sign_node(&request(), &code("AUS"), Timestamp(turn.0 - 2)).unwrap();
    assert_eq!(authority.standing(NOW).unwrap().generation, 1);
    let behind = authority.sign_node(&request(), &code("AUS"), turn).unwrap();
    assert_eq!(authority.standing(turn).unwrap().generation, 2);
    assert_ne!(before.chain[1], behind.chain[1]);
    let lists = authority.revocation_lists(turn).unwrap();
    assert_eq!(lists.len(), 3);
    assert_eq!(calls(&authority, lists.clone(), &before.chain, turn), Ok(()));
    assert_eq!(calls(&authority, lists, &behind.chain, turn), Ok(()));
    authority.revoke(&code("AUS").into(), turn).unwrap();
    let lists = authority.revocation_lists(turn).unwrap();
    assert!(calls(&authority, lists.clone(), &before.chain, turn).is_err());
    assert!(calls(&authority, lists, &behind.chain, turn).is_err());

    let old_key = dir.path().join("authority/issuing-1.key");
    assert!(old_key.exists());
    let later = turn.plus_secs(LEAF_SECS + 2 * SKEW_SECS);
    assert_eq!(authority.revocation_lists(later).unwrap().len(), 2);
    assert!(!old_key.exists(), "a key that serves nothing is deleted");
    let reopened = Authority::open(dir.path()).unwrap();
    assert_eq!(reopened.revocation_lists(later).unwrap(), authority.revocation_lists(later).unwrap());
}

#[test]
fn without_the_root_key_it_works_until_the_issuing_certificate_ends() {
    let Region { dir, authority } = region();
    let (key, away) = (dir.path().join("authority/root.key"), dir.path().join("safe"));
    fs::rename(&key, &away).unwrap();
    assert_eq!(authority.standing(NOW).unwrap().to_do, None);
    let late = after(ISSUING_SECS - 3 * DAY_SECS);
    let issued = authority.sign_node(&request(), &code("AUS"), late).unwrap();
    assert_eq!(issued.not_after, after(ISSUING_SECS), "nothing outlives its issuer");
    let to_do = authority.standing(late).unwrap().to_do.unwrap();
    assert!(to_do.contains("root.key") && to_do.contains("vrs-certs init"), "{to_do}");
    let over = after(ISSUING_SECS + 1);
    let refused = authority.sign_node(&request(), &code("AUS"), over).unwrap_err();
    assert!(matches!(refused, AuthorityError::IssuingEnded { .. }), "{refused}");
    fs::rename(&away, &key).unwrap();
    Authority::init(dir.path(), "Demo Region", over).unwrap();
    let issued = authority.sign_node(&request(), &code("AUS"), over).unwrap();
    assert_eq!(calls(&authority, authority.revocation_lists(over).unwrap(), &issued.chain, over), Ok(()));
}

#[test]
fn a_stolen_issuing_key_is_replaced_and_what_it_signed_is_refused() {
    let Region { dir, authority } = region();
    let node = authority.sign_node(&request(), &code("AUS"), NOW).unwrap();
    fs::remove_file(dir.path().join("authority/issuing-1.key")).unwrap();
    let opened = Authority::open(dir.path()).unwrap();
    let refused = opened.sign_node(&request(), &code("AUS"), NOW).unwrap_err();
    assert!(matches!(refused, AuthorityError::IssuingKeyMissing(_)), "{refused}");
    assert!(opened.standing(NOW).unwrap().to_do.unwrap().contains("issuing-1.key"));

    let (root_key, away) = (dir.path().join("authority/root.key"), dir.path().join("safe"));
    fs::rename(&root_key, &away).unwrap();
    let refused = Authority::init(dir.path(), "Demo Region", after(30)).unwrap_err();
    assert!(matches!(refused, AuthorityError::RootKeyAway(_)), "{refused}");
    assert!(!opened.is_revoked(&node.serial).unwrap(), "nothing is done by half");
    fs::rename(&away, &root_key).unwrap();

    let mended = Authority::init(dir.path(), "Demo Region", after(60)).unwrap();
    for running in [&authority, &opened, &mended] {
        assert!(running.is_revoked(&node.serial).unwrap(), "the hub renews its own by this");
        assert_eq!(running.entry(&node.serial).unwrap().unwrap().revoked_at, None, "nobody was put out");
    }
    authority.sign_node(&request(), &code("IDN"), after(60)).unwrap();
    let fresh = mended.sign_node(&request(), &code("AUS"), after(60)).unwrap();
    let lists = mended.revocation_lists(after(60)).unwrap();
    assert_eq!(calls(&mended, lists.clone(), &fresh.chain, after(60)), Ok(()));
    assert!(calls(&mended, lists, &node.chain, after(60)).is_err());
    // Also the next renewal, and a list that has to be made again, remember what was revoked.
    let listed = || lists::read(&lists::root_path(mended.folder())).unwrap().revoked.len();
    fs::write(lists::root_path(mended.folder()), "rubbish").unwrap();
    Authority::init(dir.path(), "Demo Region", after(61)).unwrap();
    assert_eq!(listed(), 1);
    Authority::init(dir.path(), "Demo Region", after(ISSUING_SECS)).unwrap();
    assert_eq!((listed(), mended.standing(after(ISSUING_SECS)).unwrap().generation), (1, 3));
}

#[test]
fn the_root_ends_after_ten_years_and_says_so_before() {
    let Region { dir: _dir, authority } = region();
    let late = after(ROOT_SECS - 30 * DAY_SECS);
    let issued = authority.sign_node(&request(), &code("AUS"), late).unwrap();
    assert_eq!(calls(&authority, authority.revocation_lists(late).unwrap(), &issued.chain, late), Ok(()));
    assert!(authority.standing(late).unwrap().to_do.unwrap().contains("new authority"));
    let generation = authority.standing(late).unwrap().generation;
    authority.sign_node(&request(), &code("AUS"), late.plus_secs(60)).unwrap();
    assert_eq!(authority.standing(late).unwrap().generation, generation, "renewing would gain nothing");
    let over = authority.sign_node(&request(), &code("AUS"), after(ROOT_SECS + 1));
    assert!(matches!(over, Err(AuthorityError::RootEnded(_))), "{over:?}");
}

#[test]
fn a_clock_before_the_authority_was_made_signs_nothing() {
    let Region { dir: _dir, authority } = region();
    let refused = authority.sign_node(&request(), &code("AUS"), Timestamp(86_400)).unwrap_err();
    assert!(matches!(refused, AuthorityError::ClockBehind { .. }), "{refused}");
}

#[test]
fn making_it_again_changes_nothing_and_another_region_is_refused() {
    let Region { dir, authority } = region();
    let again = Authority::init(dir.path(), "Demo Region", after(5)).unwrap();
    assert_eq!(again.root_der(), authority.root_der());
    assert_eq!(again.issuing_der().unwrap(), authority.issuing_der().unwrap());
    let refused = Authority::init(dir.path(), "Other", NOW).unwrap_err();
    assert!(matches!(refused, AuthorityError::OtherRegion { .. }), "{refused}");
    assert!(matches!(Authority::init(dir.path(), "Ω", NOW), Err(AuthorityError::Region(_))));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Authority::open(empty.path()), Err(AuthorityError::NotHere(_))));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the folder");
}

#[test]
fn signers_at_the_same_time_lose_no_line() {
    let Region { dir, authority } = region();
    let requests: Vec<Vec<u8>> = (0..40).map(|_| request()).collect();
    let (shared, separate) = requests.split_at(20);
    std::thread::scope(|scope| {
        for batch in separate.chunks(5) {
            let dir = dir.path();
            scope.spawn(move || {
                let own = Authority::open(dir).unwrap();
                for request in batch {
                    own.sign_node(request, &code("IDN"), NOW).unwrap();
                }
            });
        }
        for batch in shared.chunks(5) {
            let authority = &authority;
            scope.spawn(move || {
                for request in batch {
                    authority.sign_node(request, &code("AUS"), NOW).unwrap();
                    authority.revocation_lists(NOW).unwrap();
                }
            });
        }
    });
    assert_eq!(authority.entries().unwrap().len(), 40);
    let text = fs::read_to_string(dir.path().join("authority/register.jsonl")).unwrap();
    assert_eq!(text.lines().count(), 40);
    assert_eq!(authority.revoke(&code("IDN").into(), NOW).unwrap().len(), 20);
}

#[test]
fn two_that_make_it_at_the_same_time_make_one() {
    let dir = tempfile::tempdir().unwrap();
    let roots: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let make = || Authority::init(dir.path(), "Demo", NOW).unwrap().root_der().to_vec();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(roots.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(Authority::open(dir.path()).unwrap().standing(NOW).unwrap().generation, 1);
}

#[test]
fn damaged_files_are_named_with_the_way_out() {
    let Region { dir, authority: _ } = region();
    let folder = dir.path().join(FOLDER);
    for (file, text, said) in [
        ("root.crt", "", "no PEM block"),
        ("root.crt", &pem::encode(pem::CERTIFICATE, b"junk"), "not an X.509 certificate"),
        ("issuing-1.crt", &pem::encode(pem::PRIVATE_KEY, b"junk"), "holds a PRIVATE KEY"),
        ("issuing-1.key", &TlsKey::generate().unwrap().to_pem(), "does not belong"),
        ("register.jsonl", "{}\n", "line 1"),
    ] {
        let path = folder.join(file);
        let kept = fs::read(&path).unwrap();
        fs::write(&path, text).unwrap();
        let refused = Authority::open(dir.path()).unwrap_err().to_string();
        assert!(refused.contains(file) && refused.contains(said) && refused.contains("restore"), "{file}: {refused}");
        fs::write(&path, kept).unwrap();
    }
    let authority = Authority::open(dir.path()).unwrap();
    let late = after(ISSUING_SECS);
    authority.sign_node(&request(), &code("AUS"), late).unwrap();
    assert_eq!(authority.standing(late).unwrap().generation, 2);
    fs::rename(folder.join("issuing-2.crt"), folder.join("away")).unwrap();
    for refused in [Authority::open(dir.path()), Authority::init(dir.path(), "Demo Region", late)] {
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("issuing-2.crt") && refused.contains("restore"), "{refused}");
    }
    fs::remove_file(folder.join("root.crt")).unwrap();
    let refused = Authority::init(dir.path(), "Demo Region", NOW).unwrap_err().to_string();
    assert!(refused.contains("root.crt") && refused.contains("restore"), "{refused}");
}
