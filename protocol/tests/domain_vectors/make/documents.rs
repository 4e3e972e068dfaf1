//! Manifests, Charters, lines and refusals.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::{Charter, EarlierCatalogue};
use vrs_protocol::codec::to_bytes;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, ParticipantCode, ParticipantId};
use vrs_protocol::ledger::{Line, LineKind};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::{Refusal, Unlock};
use vrs_protocol::release::Manifest;
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::time::Timestamp;

use super::{hub, key_of};
use crate::shared::Folder;
use crate::shared::cbor::{Map, bytes, entries, list, map, number, remove, set, text};

fn form(code: &str) -> FormCode {
    FormCode::parse(code).unwrap()
}
fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}
fn code(text: &str) -> ParticipantCode {
    ParticipantCode::parse(text).unwrap()
}

fn sample() -> Manifest {
    Manifest {
        version: 1,
        participant: ParticipantId(5),
        form: form("SM_CIT"),
        period: period("2013-S1"),
        stream: 0,
        revision: 1,
        previous: None,
        catalogue: Hash::of(b"catalogue"),
        charter: 1,
        policy: 1,
        audience: Audience::Contributors,
        sources: Vec::new(),
        core_answered: true,
        body_bytes: 4096,
        body_hash: Hash::of(b"nonce and body"),
        bundle: Vec::new(),
    }
}

fn hashes(count: u64) -> Vec<Hash> {
    let mut hashes: Vec<_> = (0..count).map(|n| Hash::of(&n.to_be_bytes())).collect();
    hashes.sort();
    hashes
}

/// Tables of one form, month by month, sorted.
fn months(count: u16) -> Vec<(FormCode, Period)> {
    (0..count).map(|n| (form("SM_CIT"), period(&format!("{}-{:02}", 2000 + n / 12, n % 12 + 1)))).collect()
}

pub(super) fn manifest(folder: &mut Folder<'_>) {
    let second = Manifest { revision: 2, previous: Some(Hash::of(b"first")), ..sample() };
    let named = Audience::Named([ParticipantId(6), ParticipantId(9)].into());
    let bundle = vec![(form("SM_CIT"), period("2013-Q1")), (form("SM_CIT"), period("2013-S1"))];
    for (name, manifest) in [
        ("first", sample()),
        ("revision_two", second.clone()),
        ("totals", Manifest { audience: Audience::Totals, policy: 0, ..sample() }),
        ("named", Manifest { audience: named, ..sample() }),
        ("unknown_audience", Manifest { audience: Audience::Unknown(vec![0x82, 9, 0x41, 0]), ..sample() }),
        ("derived", Manifest { sources: hashes(2), ..sample() }),
        ("bundle", Manifest { bundle: bundle.clone(), ..second.clone() }),
        ("core_not_answered", Manifest { core_answered: false, body_bytes: 4 << 20, ..sample() }),
    ] {
        folder.hex(&format!("ok_manifest_{name}"), "ok", &[], &to_bytes(&manifest));
    }
    let swapped: Vec<_> = bundle.iter().rev().cloned().collect();
    let strangers = vec![(form("SM_CIT"), period("2013-Q1")), (form("SM_CIT"), period("2013-Q2"))];
    for (name, expected, manifest) in [
        ("version_two", "Version(2)", Manifest { version: 2, ..sample() }),
        ("stream_one", "Stream(1)", Manifest { stream: 1, ..sample() }),
        ("revision_zero", "RevisionZero", Manifest { revision: 0, ..sample() }),
        ("first_with_previous", "Previous(1)", Manifest { previous: Some(Hash::ZERO), ..sample() }),
        ("second_without_previous", "Previous(2)", Manifest { previous: None, ..second.clone() }),
        (
            "names_its_author",
            "NamesItself",
            Manifest { audience: Audience::Named([ParticipantId(5)].into()), ..sample() },
        ),
        (
            "sources_unsorted",
            "List(\"sources\")",
            Manifest { sources: hashes(2).into_iter().rev().collect(), ..sample() },
        ),
        ("sources_repeated", "List(\"sources\")", Manifest { sources: vec![Hash::ZERO; 2], ..sample() }),
        ("sources_seventeen", "List(\"sources\")", Manifest { sources: hashes(17), ..sample() }),
        ("bundle_unsorted", "List(\"releases of the bundle\")", Manifest { bundle: swapped, ..sample() }),
        (
            "bundle_repeated",
            "List(\"releases of the bundle\")",
            Manifest { bundle: vec![bundle[1].clone(); 2], ..sample() },
        ),
        ("bundle_of_257", "List(\"releases of the bundle\")", Manifest { bundle: months(257), ..sample() }),
        ("bundle_without_itself", "BundleWithoutItself", Manifest { bundle: strangers, ..sample() }),
        ("body_length_5000", "BodyLength(5000)", Manifest { body_bytes: 5000, ..sample() }),
        ("body_length_zero", "BodyLength(0)", Manifest { body_bytes: 0, ..sample() }),
        ("body_length_16_mib", "BodyLength(16777216)", Manifest { body_bytes: 16 << 20, ..sample() }),
    ] {
        folder.hex(&format!("bad_manifest_{name}"), expected, &[], &to_bytes(&manifest));
    }
    // Without `previous`, which the first revision does not have, places and keys differ by one from key 7 on.
    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut Map)| {
        let mut entries = entries(&to_bytes(&sample()));
        change(&mut entries);
        folder.hex(&format!("bad_manifest_{name}"), expected, &[], &map(&entries));
    };
    flawed("empty_map", "Malformed", &|m| m.clear());
    flawed("version_missing", "Malformed", &remove(0));
    flawed("body_hash_missing", "Malformed", &remove(13));
    flawed("key_unknown", "NotDeterministic", &|m| m.push((number(16), number(0))));
    flawed("keys_not_sorted", "NotDeterministic", &|m| m.swap(3, 4));
    flawed("previous_null", "NotDeterministic", &|m| m.insert(6, (number(6), vec![0xf6])));
    flawed("participant_as_code", "Malformed", &set(1, text("AUS")));
    flawed("form_in_lower_case", "Malformed", &set(2, text("sm_cit")));
    flawed("form_of_13_characters", "Malformed", &set(2, text("SM_CITIZENSHI")));
    flawed("period_as_text", "Malformed", &set(3, text("2013-S1")));
    flawed("period_of_five_months", "Malformed", &set(3, list(&[text("2013-01-01"), number(5)])));
    flawed("revision_beyond_32_bits", "Malformed", &set(5, number(1 << 32)));
    flawed("catalogue_of_31_bytes", "Malformed", &set(6, bytes(&[0; 31])));
    flawed("audience_as_number", "Malformed", &set(9, number(2)));
    flawed("audience_unsorted", "Malformed", &set(9, vec![0x82, 3, 0x82, 9, 6]));
    flawed("core_as_number", "Malformed", &set(11, number(1)));
    flawed("body_hash_as_text", "Malformed", &set(13, text(&Hash::ZERO.to_string())));
    folder.hex("bad_manifest_trailing_byte", "TrailingBytes(1)", &[], &[to_bytes(&sample()), vec![0]].concat());
}

pub(super) fn charter(folder: &mut Folder<'_>) {
    let standard = Charter::standard(Catalogue::bundled());
    let rhythms: BTreeMap<_, _> =
        [(code("POL"), [6, 12].into()), (code("PIDC"), [12].into()), (code("AUS"), [3].into())].into();
    let full = Charter {
        title: "Second Charter".into(),
        block_min: 5,
        observers: [code("PIDC"), code("UNODC")].into(),
        extensions: [form("RE_GRD"), form("SM_SXA")].into(),
        months: [3, 6, 12].into(),
        rhythms,
        fewer_below: 0,
        ..standard.clone()
    };
    folder.hex("ok_charter_standard", "ok", &[], &to_bytes(&standard));
    folder.hex("ok_charter_full", "ok", &[], &to_bytes(&full));
    folder.hex(
        "ok_charter_largest_block_and_bound",
        "ok",
        &[],
        &to_bytes(&Charter { block_min: 60, fewer_below: 100, ..standard.clone() }),
    );
    let [first, second] = Catalogue::known() else { panic!("two versions") };
    let two = standard.with_catalogue(second, 2027);
    folder.hex("ok_charter_of_two_catalogues", "ok", &[], &to_bytes(&two));
    let back = two.with_catalogue(first, 2030);
    folder.hex("ok_charter_of_a_catalogue_that_comes_back", "ok", &[], &to_bytes(&back));
    let earlier = |change: &dyn Fn(&mut Vec<EarlierCatalogue>)| {
        let mut charter = back.clone();
        change(&mut charter.earlier.0);
        charter
    };
    let version = &standard.catalogue;
    let unknown = format!("UnknownCatalogue {{ version: {version:?}, hash: {} }}", Hash::of(b"other"));
    let rhythm: BTreeMap<_, _> = [(code("POL"), BTreeSet::from([4]))].into();
    for (name, expected, charter) in [
        ("block_min_two", "BlockMin(2)".to_owned(), Charter { block_min: 2, ..standard.clone() }),
        ("block_min_61", "BlockMin(61)".to_owned(), Charter { block_min: 61, ..standard.clone() }),
        ("months_five", "Months(\"{5}\")".to_owned(), Charter { months: [5].into(), ..standard.clone() }),
        ("months_empty", "Months(\"{}\")".to_owned(), Charter { months: [].into(), ..standard.clone() }),
        ("rhythm_four", "Months(\"{4}\")".to_owned(), Charter { rhythms: rhythm, ..standard.clone() }),
        (
            "extension_unknown",
            "Extension".to_owned(),
            Charter { extensions: [form("XX_NEW")].into(), ..standard.clone() },
        ),
        (
            "extension_of_the_card",
            "Extension".to_owned(),
            Charter { extensions: [form("IE_TOT")].into(), ..standard.clone() },
        ),
        ("fewer_below_one", "FewerBelow(1)".to_owned(), Charter { fewer_below: 1, ..standard.clone() }),
        ("fewer_below_101", "FewerBelow(101)".to_owned(), Charter { fewer_below: 101, ..standard.clone() }),
        ("quorum_one", "NotUsed(\"quorum\")".to_owned(), Charter { quorum: 1, ..standard.clone() }),
        (
            "admission_votes_one",
            "NotUsed(\"admission_votes\")".to_owned(),
            Charter { admission_votes: 1, ..standard.clone() },
        ),
        ("of_another_catalogue", unknown.clone(), Charter { catalogue_hash: Hash::of(b"other"), ..standard.clone() }),
        (
            "catalogue_misnamed",
            format!("CatalogueMisnamed {{ said: {:?}, hash: {}, version: {version:?} }}", second.version, first.hash()),
            Charter { catalogue: second.version.clone(), ..standard.clone() },
        ),
        ("earlier_catalogue_not_known", unknown, earlier(&|all| all[0].catalogue_hash = Hash::of(b"other"))),
        ("earlier_catalogues_unsorted", "Earlier".to_owned(), earlier(&|all| all[1].until = 2025)),
        ("earlier_catalogues_of_one_year", "Earlier".to_owned(), earlier(&|all| all[1].until = all[0].until)),
        ("earlier_catalogue_the_same", "Earlier".to_owned(), earlier(&|all| drop(all.pop()))),
        (
            "earlier_catalogues_33",
            "Earlier".to_owned(),
            earlier(&|all| {
                let pair = all.clone();
                *all = (0..33_u16)
                    .map(|n| EarlierCatalogue { until: 2000 + n, ..pair[usize::from(n % 2)].clone() })
                    .collect();
            }),
        ),
    ] {
        folder.hex(&format!("bad_charter_{name}"), &expected, &[], &to_bytes(&charter));
    }
    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut Map)| {
        let mut entries = entries(&to_bytes(&full));
        change(&mut entries);
        folder.hex(&format!("bad_charter_{name}"), expected, &[], &map(&entries));
    };
    let months = |months: &[i64]| list(&months.iter().copied().map(number).collect::<Vec<_>>());
    let rhythms = |codes: &[&str]| map(&codes.iter().map(|code| (text(code), months(&[12]))).collect());
    flawed("key_missing", "Malformed", &remove(8));
    flawed("key_unknown", "NotDeterministic", &|m| m.push((number(15), number(0))));
    flawed("earlier_catalogues_empty", "NotDeterministic", &|m| m.push((number(14), list(&[]))));
    flawed("observers_unsorted", "NotDeterministic", &set(4, list(&[text("UNODC"), text("PIDC")])));
    flawed("observers_repeated", "NotDeterministic", &set(4, list(&[text("PIDC"), text("PIDC")])));
    flawed("observer_in_lower_case", "Malformed", &set(4, list(&[text("pidc")])));
    flawed("months_unsorted", "NotDeterministic", &set(8, months(&[12, 6, 3])));
    flawed("rhythms_unsorted", "NotDeterministic", &set(9, rhythms(&["POL", "AUS"])));
    flawed("rhythm_twice", "NotDeterministic", &set(9, rhythms(&["POL", "POL"])));
    flawed("block_min_as_text", "Malformed", &set(3, text("three")));
}

pub(super) fn line(folder: &mut Folder<'_>) {
    let statement = |content_type: String, payload: &[u8], key: &SigningKey| {
        let header = Header {
            content_type,
            exchange: Hash::of(b"genesis"),
            issuer: "AUS".into(),
            subject: "sample".into(),
            issued_at: None,
        };
        Statement::sign(header, payload, key).unwrap().into_bytes()
    };
    let release = statement(LineKind::Release.content_type(), &to_bytes(&sample()), &key_of("AUS"));
    let notice = statement(LineKind::Bulletin.content_type(), &text("A notice."), &hub());
    let at = Timestamp(1_372_636_800);
    let by_author = Line::new(LineKind::Release, at, Some(ParticipantId(5)), release);
    let by_hub = Line::new(LineKind::Bulletin, at, None, notice);
    for (name, kind, line) in [
        ("of_a_participant", "release", by_author.clone()),
        ("of_the_hub", "bulletin", by_hub.clone()),
        ("of_the_last_second", "bulletin", Line { time: Timestamp::MAX, ..by_hub.clone() }),
        // What this version cannot judge is mirrored all the same.
        ("of_an_unknown_kind", "none", Line { kind: 200, ..by_hub.clone() }),
        ("of_version_two", "none", Line { version: 2, ..by_hub.clone() }),
    ] {
        folder.hex(&format!("ok_line_{name}"), "ok", &[("kind", kind.to_owned())], &line.to_bytes());
    }
    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut Map)| {
        let mut entries = entries(&by_author.to_bytes());
        change(&mut entries);
        folder.hex(&format!("bad_line_{name}"), expected, &[("kind", "release".to_owned())], &map(&entries));
    };
    flawed("version_missing", "Codec(Malformed", &remove(0));
    flawed("time_missing", "Codec(Malformed", &remove(2));
    flawed("statement_missing", "Codec(Malformed", &remove(4));
    flawed("author_null", "Codec(NotDeterministic", &set(3, vec![0xf6]));
    flawed("author_as_code", "Codec(Malformed", &set(3, text("AUS")));
    flawed("key_unknown", "Codec(NotDeterministic", &|m| m.push((number(5), number(0))));
    flawed("keys_not_sorted", "Codec(NotDeterministic", &|m| m.swap(0, 1));
    flawed("kind_256", "Codec(Malformed", &set(1, number(256)));
    flawed("kind_as_word", "Codec(Malformed", &set(1, text("release")));
    flawed("time_beyond_9999", "Codec(Malformed", &set(2, number(253_402_300_800)));
    flawed("time_negative", "Codec(Malformed", &set(2, number(-1)));
    flawed("time_as_text", "Codec(Malformed", &set(2, text("2013-07-01T00:00:00Z")));
    flawed("statement_empty", "Truncated", &set(4, bytes(&[])));
    flawed("statement_not_in_a_byte_string", "Codec(Malformed", &|m| m[4].1 = by_author.statement.clone());
    flawed("statement_untagged", "NotTagged", &|m| m[4].1 = bytes(&by_author.statement[1..]));
    flawed("statement_followed_by_a_byte", "TrailingBytes(1)", &|m| {
        m[4].1 = bytes(&[&by_author.statement[..], &[0]].concat())
    });
    let good = by_author.to_bytes();
    let kind = || [("kind", "release".to_owned())];
    folder.hex("bad_line_trailing_byte", "Codec(TrailingBytes(1))", &kind(), &[&good[..], &[0]].concat());
    folder.hex("bad_line_truncated", "Codec(Truncated)", &kind(), &good[..good.len() - 1]);
    folder.hex(
        "bad_line_map_indefinite",
        "Codec(NotDeterministic(0))",
        &kind(),
        &[&[0xbf][..], &good[1..], &[0xff]].concat(),
    );
    folder.hex("bad_line_empty", "Codec(Truncated)", &kind(), &[]);
    folder.hex("bad_line_too_long", "TooLong(65536)", &[("padded", "65536".to_owned()), kind()[0].clone()], &good);
}

pub(super) fn refusal(folder: &mut Folder<'_>) {
    let unlock =
        Unlock { form: form("SM_CIT"), period: period("2013-S1"), participants: vec![code("AUS"), code("IDN")] };
    let request = Hash::of(b"request");
    let sentence = "FRA has released nothing of SM_CIT for 2013-S1; release SM_CIT for 2013-S1 to contributors and you unlock AUS, IDN";
    let plain = Refusal {
        number: 600,
        sentence: sentence.into(),
        unlock: Some(unlock),
        request,
        time: Timestamp(1_372_636_800),
    };
    let busy = Refusal {
        number: 104,
        sentence: "too many requests; try again in 5 seconds".into(),
        unlock: None,
        request: Hash::ZERO,
        ..plain.clone()
    };
    folder.hex("ok_refusal_with_unlock", "ok", &[], &to_bytes(&plain));
    folder.hex("ok_refusal_of_no_request", "ok", &[], &to_bytes(&busy));
    // A later hub may have more reasons; its sentence is shown as it stands.
    folder.hex("ok_refusal_of_a_later_number", "ok", &[], &to_bytes(&Refusal { number: 999, ..busy.clone() }));
    let exchange = Hash::of(b"genesis");
    let values =
        || [("key", hub().public().to_string()), ("exchange", exchange.to_string()), ("request", request.to_string())];
    let header = Header {
        content_type: Refusal::CONTENT_TYPE.into(),
        exchange,
        issuer: "Demo".into(),
        subject: "refusal".into(),
        issued_at: Some(plain.time),
    };
    let sign =
        |header: Header, payload: &[u8], key: &SigningKey| Statement::sign(header, payload, key).unwrap().into_bytes();
    folder.hex("ok_refusal_signed", "ok", &values(), &sign(header.clone(), &to_bytes(&plain), &hub()));

    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut Map)| {
        let mut entries = entries(&to_bytes(&plain));
        change(&mut entries);
        folder.hex(&format!("bad_refusal_{name}"), expected, &[], &map(&entries));
    };
    flawed("number_beyond_16_bits", "Malformed", &set(0, number(65_536)));
    flawed("number_missing", "Malformed", &remove(0));
    flawed("sentence_missing", "Malformed", &remove(1));
    flawed("unlock_null", "NotDeterministic", &set(2, vec![0xf6]));
    flawed(
        "unlock_of_a_period_as_text",
        "Malformed",
        &set(2, map(&vec![(number(0), text("SM_CIT")), (number(1), text("2013-S1")), (number(2), list(&[]))])),
    );
    flawed("request_missing", "Malformed", &remove(3));
    flawed("request_of_31_bytes", "Malformed", &set(3, bytes(&[0; 31])));
    flawed("time_beyond_9999", "Malformed", &set(4, number(253_402_300_800)));
    flawed("key_unknown", "NotDeterministic", &|m| m.push((number(5), number(0))));
    let other = |change: fn(&mut Header)| {
        let mut header = header.clone();
        change(&mut header);
        header
    };
    let payload = to_bytes(&plain);
    let stray = sign(other(|h| h.content_type = LineKind::Bulletin.content_type()), &payload, &hub());
    folder.hex("bad_refusal_signed_as_a_bulletin", "ContentType", &values(), &stray);
    let foreign = sign(other(|h| h.exchange = Hash::of(b"another genesis")), &payload, &hub());
    folder.hex("bad_refusal_signed_for_another_exchange", "Exchange", &values(), &foreign);
    folder.hex(
        "bad_refusal_signed_by_a_participant",
        "WrongKey",
        &values(),
        &sign(header.clone(), &payload, &key_of("AUS")),
    );
    let mut changed = sign(header.clone(), &payload, &hub());
    let place = changed.windows(7).position(|w| w == b"nothing").unwrap();
    changed[place] = b'N';
    folder.hex("bad_refusal_sentence_changed", "BadSignature", &values(), &changed);
    let elsewhere = to_bytes(&Refusal { request: Hash::of(b"another request"), ..plain });
    folder.hex("bad_refusal_of_another_request", "Request", &values(), &sign(header, &elsewhere, &hub()));
}
