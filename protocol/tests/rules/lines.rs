//! What every line must keep, whoever wrote it; and what a mirror does with what it cannot judge.

use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::ledger::{
    Genesis, KeyEvent, Line, LineKind, Objection, ParticipantChange, ParticipantKind, Served, ServedItem, Serving,
};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Region, key_proof_message};
use vrs_protocol::release::{Manifest, Withdrawal, WithdrawalReason};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::time::Timestamp;

use crate::support::{How, World, form, period, table};

/// A manifest of A for IE_TOT 2021, as its node would make it now.
fn manifest(world: &mut World) -> Manifest {
    let audience = world.audience("contributors");
    world.sign("AAA", &audience, &table("IE_TOT", "2021", &[("", "1")]), &How::default()).manifest().unwrap()
}
/// What is said to A's release with a changed manifest.
fn refused(change: impl FnOnce(&mut Manifest)) -> Reason {
    let mut world = World::of(&["AAA", "BBB"]);
    let mut manifest = manifest(&mut world);
    change(&mut manifest);
    let statement = world.sign_manifest("AAA", &manifest);
    world.log("AAA", LineKind::Release, &statement).unwrap_err()
}

#[test]
fn a_release_under_a_charter_that_is_not_in_force_is_refused() {
    let mut world = World::of(&["AAA"]);
    let old = world.region.charter().unwrap().0;
    let in_force = world.charter(|charter| charter.title = "Second".into());
    let audience = world.audience("contributors");
    let how = How { charter: Some(old), ..How::default() };
    let reason = world.release_table("AAA", &audience, table("IE_TOT", "2021", &[("", "1")]), &how).unwrap_err();
    assert_eq!(
        reason.to_string(),
        format!(
            "the release accepts the Charter of line {old}; the one in force stands at line {in_force}. Read it and accept it with 'charter accept'"
        )
    );
}

#[test]
fn a_release_follows_the_catalogue_and_the_forms_in_force() {
    let another = refused(|manifest| manifest.catalogue = Hash::of(b"another"));
    assert!(matches!(&another, Reason::CatalogueNotInForce { in_force, .. } if in_force == "2026.1"), "{another}");
    assert_eq!(refused(|manifest| manifest.form = form("XX_TOT")), Reason::FormNotInUse(form("XX_TOT")));
    // An extension of the catalogue that the Charter has not switched on.
    assert_eq!(refused(|manifest| manifest.form = form("SM_SXA")), Reason::FormNotInUse(form("SM_SXA")));
}

#[test]
fn a_manifest_is_sound_in_itself() {
    let flaws: [fn(&mut Manifest); 9] = [
        |manifest| manifest.version = 2,
        |manifest| manifest.stream = 1,
        |manifest| manifest.revision = 0,
        |manifest| manifest.previous = Some(Hash::of(b"x")),
        |manifest| manifest.body_bytes = 5_000,
        |manifest| manifest.sources = vec![Hash::of(b"x"), Hash::of(b"x")],
        |manifest| manifest.bundle = vec![(form("IE_CIT"), period("2021"))],
        |manifest| manifest.bundle = vec![(form("IE_TOT"), period("2021")), (form("IE_CIT"), period("2021"))],
        |manifest| manifest.audience = Audience::Named([manifest.participant].into()),
    ];
    for (number, flaw) in flaws.into_iter().enumerate() {
        assert_eq!(refused(flaw).number(), 400, "flaw {number}");
    }
}

#[test]
fn an_audience_names_members_only() {
    let reason = refused(|manifest| manifest.audience = Audience::Named([vrs_protocol::id::ParticipantId(77)].into()));
    assert!(matches!(reason, Reason::AudienceNotMember(_)), "{reason}");
}

#[test]
fn a_release_is_by_its_author_under_the_key_in_the_ledger() {
    let mut world = World::of(&["AAA", "BBB"]);
    let manifest = manifest(&mut world);
    // B's key and name on a line that says A; B's line with A's statement; A's line with A's manifest for B.
    let by_b = world.sign_manifest("BBB", &manifest);
    assert!(matches!(world.log("AAA", LineKind::Release, &by_b), Err(Reason::WrongKey(_))));
    let by_a = world.sign_manifest("AAA", &manifest);
    assert!(matches!(world.log("BBB", LineKind::Release, &by_a), Err(Reason::WrongKey(_))));
    assert!(matches!(world.log("BBB", LineKind::Release, &by_b), Err(Reason::WrongAuthor { .. })));
    let header = |issuer: &str| Header {
        content_type: LineKind::Release.content_type(),
        exchange: world.region.exchange(),
        issuer: issuer.into(),
        subject: "x".into(),
        issued_at: None,
    };
    let as_b = Statement::sign(header("BBB"), &codec::to_bytes(&manifest), world.key("AAA")).unwrap();
    assert!(matches!(world.log("AAA", LineKind::Release, &as_b), Err(Reason::WrongAuthor { .. })));
    assert!(world.log("AAA", LineKind::Release, &by_a).is_ok());
}

#[test]
fn a_statement_of_another_exchange_or_of_another_type_is_refused() {
    let mut world = World::of(&["AAA"]);
    let manifest = manifest(&mut world);
    let header = |exchange, content_type: String| Header {
        content_type,
        exchange,
        issuer: "AAA".into(),
        subject: "x".into(),
        issued_at: None,
    };
    let foreign = Statement::sign(
        header(Hash::of(b"elsewhere"), LineKind::Release.content_type()),
        &codec::to_bytes(&manifest),
        world.key("AAA"),
    )
    .unwrap();
    assert_eq!(world.log("AAA", LineKind::Release, &foreign), Err(Reason::WrongExchange));
    let other = Statement::sign(
        header(world.region.exchange(), LineKind::Withdrawal.content_type()),
        &codec::to_bytes(&manifest),
        world.key("AAA"),
    )
    .unwrap();
    assert!(matches!(world.log("AAA", LineKind::Release, &other), Err(Reason::ContentType(..))));
}

#[test]
fn a_changed_byte_anywhere_in_a_line_is_refused() {
    let mut world = World::of(&["AAA"]);
    let manifest = manifest(&mut world);
    let statement = world.sign_manifest("AAA", &manifest);
    let line = Line::new(LineKind::Release, world.time, Some(world.id("AAA")), statement.bytes().to_vec()).to_bytes();
    let before = world.region.clone();
    // The hub's time is the hub's claim, and the version and kind say who may judge: those bytes are not under the signature.
    let signed = line.windows(statement.bytes().len()).position(|window| window == statement.bytes()).unwrap();
    for place in (signed..line.len()).step_by(7) {
        let mut changed = line.clone();
        changed[place] ^= 1;
        assert!(before.clone().take(&changed).is_err(), "byte {place}");
    }
    assert!(before.clone().take(&line).is_ok());
}

#[test]
fn revisions_count_up_and_name_the_statement_before() {
    let mut world = World::of(&["AAA"]);
    let first = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    let sound = manifest(&mut world);
    assert_eq!((sound.revision, sound.previous), (2, Some(world.region.release(first).unwrap().id)));
    let mut say = |change: fn(&mut Manifest)| {
        let mut manifest = sound.clone();
        change(&mut manifest);
        let statement = world.sign_manifest("AAA", &manifest);
        world.log("AAA", LineKind::Release, &statement)
    };
    assert!(matches!(say(|manifest| manifest.revision = 3), Err(Reason::WrongRevision { said: 3, expected: 2, .. })));
    assert!(matches!(say(|manifest| manifest.previous = Some(Hash::of(b"x"))), Err(Reason::WrongPrevious { .. })));
    let statement = world.sign_manifest("AAA", &sound);
    world.log("AAA", LineKind::Release, &statement).unwrap();
    // Other bytes for the same revision are a conflict that names both.
    let other = world.sign_manifest("AAA", &Manifest { body_hash: Hash::of(b"other"), ..sound });
    let Err(Reason::RevisionConflict { existing, sent, revision: 2, .. }) = world.log("AAA", LineKind::Release, &other)
    else {
        panic!()
    };
    assert_eq!((existing, sent), (statement.id(), other.id()));
    // And the same bytes again are found to be there already.
    let Err(Reason::RevisionConflict { existing, sent, .. }) = world.log("AAA", LineKind::Release, &statement) else {
        panic!()
    };
    assert_eq!(existing, sent);
}

#[test]
fn a_release_after_a_withdrawal_names_the_withdrawal() {
    let mut world = World::of(&["AAA"]);
    let first = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    world.withdraw("AAA", "IE_TOT", "2021").unwrap();
    let mut next = manifest(&mut world);
    assert_ne!(next.previous, Some(world.region.release(first).unwrap().id));
    next.previous = Some(world.region.release(first).unwrap().id);
    let statement = world.sign_manifest("AAA", &next);
    assert!(matches!(world.log("AAA", LineKind::Release, &statement), Err(Reason::WrongPrevious { .. })));
}

#[test]
fn only_the_author_withdraws_and_only_once() {
    let mut world = World::of(&["AAA", "BBB"]);
    let line = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    let release = world.region.release(line).unwrap().id;
    for participant in ["AAA", "BBB"] {
        let withdrawal =
            Withdrawal { version: 1, participant: world.id(participant), release, reason: WithdrawalReason::Wrong };
        let statement = world.statement("BBB", LineKind::Withdrawal, &withdrawal);
        assert!(world.log("BBB", LineKind::Withdrawal, &statement).is_err(), "{participant}");
    }
    let withdrawal = Withdrawal { version: 1, participant: world.id("AAA"), release, reason: WithdrawalReason::Wrong };
    let statement = world.statement("AAA", LineKind::Withdrawal, &withdrawal);
    world.log("AAA", LineKind::Withdrawal, &statement).unwrap();
    assert!(world.log("AAA", LineKind::Withdrawal, &statement).is_err());
    world.time = world.time.plus_secs(9);
    let again = world.statement("AAA", LineKind::Withdrawal, &withdrawal);
    assert_eq!(
        world.log("AAA", LineKind::Withdrawal, &again),
        Err(Reason::NotCurrent("the release is withdrawn already".into()))
    );
}

#[test]
fn nothing_stands_between_the_lines_of_a_bundle() {
    let mut world = World::of(&["AAA", "BBB"]);
    let bundle = [("IE_TOT", "2021"), ("IE_CIT", "2021")];
    let how = How { bundle: &bundle, ..How::default() };
    let audience = world.audience("contributors");
    let first = world.release_table("AAA", &audience, table("IE_TOT", "2021", &[("", "1")]), &how).unwrap();
    assert_eq!(world.release("BBB", "IE_TOT", "2021", "totals", &[("", "1")]), Err(Reason::BundleInterrupted(first)));
    assert_eq!(world.hub_line(LineKind::Bulletin, &"hello"), Err(Reason::BundleInterrupted(first)));
    assert_eq!(
        world.release("AAA", "IE_LEX", "2021", "contributors", &[("_T", "1")]),
        Err(Reason::BundleInterrupted(first))
    );
    // The rest of it names the same bundle.
    let other = How { bundle: &[("IE_CIT", "2021"), ("IE_LEX", "2021")], ..How::default() };
    assert!(world.release_table("AAA", &audience, table("IE_CIT", "2021", &[("_T", "1")]), &other).is_err());
    world.release_table("AAA", &audience, table("IE_CIT", "2021", &[("_T", "1")]), &how).unwrap();
    assert!(world.release("BBB", "IE_TOT", "2021", "totals", &[("", "1")]).is_ok());
}

#[test]
fn a_mirror_goes_on_behind_a_flawed_line_and_behind_a_broken_bundle() {
    let mut world = World::of(&["AAA", "BBB"]);
    let how = How { bundle: &[("IE_TOT", "2021"), ("IE_CIT", "2021")], ..How::default() };
    let audience = world.audience("contributors");
    world.release_table("AAA", &audience, table("IE_TOT", "2021", &[("", "1")]), &how).unwrap();
    let size = world.region.size();
    assert!(world.hub_line(LineKind::Bulletin, &"between").is_err());
    world.region.skip();
    assert_eq!((world.region.size(), world.region.unjudged()), (size + 1, &[size][..]));
    assert!(world.release("BBB", "IE_TOT", "2021", "contributors", &[("", "1")]).is_ok());
}

#[test]
fn the_hubs_time_never_goes_back() {
    let mut world = World::of(&["AAA"]);
    let before = world.region.time();
    world.time = Timestamp(before.0 - 1);
    assert!(matches!(
        world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]),
        Err(Reason::TimeWentBack { .. })
    ));
    world.time = before;
    assert!(world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).is_ok());
}

#[test]
fn the_genesis_line_is_the_first_and_only_the_first() {
    let mut world = World::new();
    let genesis = world.region.genesis().unwrap().clone();
    assert!(world.hub_line(LineKind::Genesis, &genesis).is_err());
    let mut empty = Region::empty(Catalogue::bundled());
    assert!(empty.take(&world.lines[1]).is_err());
    // Not even an unknown kind comes before it.
    let mut unknown = Line::from_bytes(&world.lines[0]).unwrap();
    unknown.kind = 99;
    assert!(empty.take(&unknown.to_bytes()).is_err());
    assert!(empty.take(&world.lines[0]).is_ok());
}

#[test]
fn lines_of_the_hub_are_by_the_hub() {
    let mut world = World::of(&["AAA"]);
    let genesis = Genesis { region: "Other".into(), hub_key: world.key("AAA").public(), authority: Hash::ZERO };
    let change = ParticipantChange::Suspend { participant: world.id("AAA"), votes: vec![] };
    for (kind, statement) in [
        (LineKind::Genesis, world.statement("AAA", LineKind::Genesis, &genesis)),
        (LineKind::Participant, world.statement("AAA", LineKind::Participant, &change)),
        (LineKind::Bulletin, world.statement("AAA", LineKind::Bulletin, &"hello")),
    ] {
        assert!(world.log("AAA", kind, &statement).is_err());
        // Nor does a participant's key sign for it.
        let line = Line::new(kind, world.time, None, statement.bytes().to_vec());
        assert!(world.append(&line).is_err());
    }
}

#[test]
fn an_admission_needs_a_new_code_a_new_key_and_a_parent_without_a_parent() {
    let mut world = World::of(&["PAR"]);
    world.admit_child("CHI", Some("PAR"));
    let sound = || ParticipantChange::Admit {
        code: vrs_protocol::id::ParticipantCode::parse("NEW").unwrap(),
        kind: ParticipantKind::State,
        parent: None,
        name: "New".into(),
        key: SigningKey::from_seed(&[9; 32]).public(),
        votes: vec![],
    };
    let changes: [fn(&World, &mut ParticipantChange); 6] = [
        |_, change| {
            if let ParticipantChange::Admit { code, .. } = change {
                *code = vrs_protocol::id::ParticipantCode::parse("PAR").unwrap()
            }
        },
        |world, change| {
            if let ParticipantChange::Admit { key, .. } = change {
                *key = world.key("CHI").public()
            }
        },
        |world, change| {
            if let ParticipantChange::Admit { key, .. } = change {
                *key = world.region.genesis().unwrap().hub_key
            }
        },
        |world, change| {
            if let ParticipantChange::Admit { parent, .. } = change {
                *parent = Some(world.id("CHI"))
            }
        },
        |_, change| {
            if let ParticipantChange::Admit { parent, .. } = change {
                *parent = Some(vrs_protocol::id::ParticipantId(99))
            }
        },
        |_, change| {
            if let ParticipantChange::Admit { name, .. } = change {
                name.clear()
            }
        },
    ];
    for (number, flaw) in changes.into_iter().enumerate() {
        let mut change = sound();
        flaw(&world, &mut change);
        assert!(world.hub_line(LineKind::Participant, &change).is_err(), "flaw {number}");
    }
    let change = sound();
    assert!(world.hub_line(LineKind::Participant, &change).is_ok());
}

#[test]
fn a_key_event_is_signed_by_the_old_key_with_a_proof_by_the_new_one() {
    let mut world = World::of(&["AAA"]);
    let new = SigningKey::from_seed(&[7; 32]);
    let replaces = world.key("AAA").kid();
    let proof = new.sign(&key_proof_message(world.region.exchange(), replaces.0));
    let event = KeyEvent { participant: world.id("AAA"), key: new.public(), replaces, proof };
    let without_proof = KeyEvent { proof: [0; 64], ..event.clone() };
    let statement = world.statement("AAA", LineKind::Key, &without_proof);
    assert_eq!(world.log("AAA", LineKind::Key, &statement), Err(Reason::BadSignature));
    let statement = world.statement("AAA", LineKind::Key, &event);
    world.log("AAA", LineKind::Key, &statement).unwrap();
    // The old key says nothing from here on.
    assert!(matches!(world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]), Err(Reason::WrongKey(_))));
    let id = world.id("AAA");
    let participant = world.region.participant(id).unwrap();
    assert_eq!(participant.key_at(id.0 + 1).unwrap().kid(), replaces);
    assert_eq!(participant.key().unwrap().kid(), new.kid());
}

#[test]
fn the_suspended_say_nothing_but_that_they_have_erased() {
    let mut world = World::of(&["AAA", "BBB"]);
    world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    let line = world.current("AAA", "IE_TOT", "2021");
    world.suspend("AAA");
    assert!(matches!(world.release("AAA", "IE_TOT", "2020", "contributors", &[("", "1")]), Err(Reason::Suspended(_))));
    assert!(matches!(world.withdraw("AAA", "IE_TOT", "2021"), Err(Reason::Suspended(_))));
    let objection = world.statement("AAA", LineKind::Objection, &Objection { line, number: 416, text: "body".into() });
    assert!(matches!(world.log("AAA", LineKind::Objection, &objection), Err(Reason::Suspended(_))));
}

#[test]
fn a_line_is_objected_to_once_by_each_and_in_words() {
    let mut world = World::of(&["AAA", "BBB"]);
    let mut object = |who: &str, line, text: &str| {
        let objection = world.statement(who, LineKind::Objection, &Objection { line, number: 416, text: text.into() });
        world.log(who, LineKind::Objection, &objection)
    };
    for text in ["\u{1b}]0;title\u{7}", "bell\u{7}", "back\rward", "c1\u{9b}2J"] {
        assert!(matches!(object("AAA", 0, text), Err(Reason::Line { .. })), "{text:?}");
    }
    object("AAA", 0, "the first\nand the second").unwrap();
    assert!(matches!(object("AAA", 0, "the same line"), Err(Reason::Line { .. })));
    object("AAA", 1, "another line").unwrap();
    object("BBB", 0, "another participant").unwrap();
}

#[test]
fn an_unknown_kind_or_version_is_mirrored_and_cannot_be_judged() {
    let mut world = World::of(&["AAA", "BBB"]);
    let statement = world.statement("AAA", LineKind::Release, &"of a later version");
    for (version, kind) in [(1, 13), (1, 250), (2, LineKind::Release as u8), (9, 77)] {
        let line = Line {
            version,
            kind,
            time: world.time,
            author: Some(world.id("AAA")),
            statement: statement.bytes().to_vec(),
        };
        assert!(matches!(world.region.judge(line.clone()), Err(Reason::UnknownAudience)));
        let index = world.append(&line).unwrap();
        assert_eq!(world.region.unjudged().last(), Some(&index));
    }
    assert_eq!(world.region.unjudged().len(), 4);
    // Of a later kind it is known at least who said it.
    let forged = |author: &str| Line {
        version: 1,
        kind: 250,
        time: world.time,
        author: Some(world.id(author)),
        statement: world.statement("BBB", LineKind::Release, &"in the name of another").bytes().to_vec(),
    };
    assert!(matches!(world.append(&forged("AAA")), Err(Reason::WrongKey(_))));
    assert!(world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).is_ok());
}

#[test]
fn what_was_verified_before_stands_for_that_statement_and_no_other() {
    let mut world = World::of(&["AAA", "BBB"]);
    let manifest = manifest(&mut world);
    let statement = world.sign_manifest("AAA", &manifest);
    let verified = statement.verify(&world.key("AAA").public()).unwrap();
    let line = |bytes: Vec<u8>| Line::new(LineKind::Release, world.time, Some(world.id("AAA")), bytes);
    assert!(world.region.judge_verified(line(statement.bytes().to_vec()), &verified).is_ok());
    // The last byte of the signature.
    let mut altered = statement.bytes().to_vec();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(world.region.judge_verified(line(altered), &verified).unwrap_err(), Reason::BadSignature);
}

#[test]
fn an_unknown_audience_is_not_accepted_and_where_it_stands_admits_nobody() {
    let mut world = World::of(&["AAA", "BBB"]);
    world.release("BBB", "IE_TOT", "2021", "contributors", &[("", "2")]).unwrap();
    let known = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    let mut later = manifest(&mut world);
    later.audience = Audience::Unknown(vec![0x82, 0x09, 0x63, b'n', b'e', b'w']);
    let statement = world.sign_manifest("AAA", &later);
    let line = Line::new(LineKind::Release, world.time, Some(world.id("AAA")), statement.bytes().to_vec());
    // A hub of this version refuses it.
    assert!(matches!(world.region.judge(line.clone()), Err(Reason::UnknownAudience)));
    // A mirror takes it in: it replaces the release before, admits nobody, and counts as not judged.
    let index = world.append(&line).unwrap();
    assert_eq!(world.region.unjudged(), [index]);
    assert!(!world.region.release(known).unwrap().is_current());
    assert_eq!((world.reads("BBB", "IE_TOT", "2021"), world.reads("AAA", "IE_TOT", "2021")), (vec![], vec![]));
    assert_eq!(world.region.may_be_served(world.id("BBB"), index), Err(Reason::UnknownAudience));
    // Who may read it is not known here either, so a serving of it is no flaw.
    let own = world.current("BBB", "IE_TOT", "2021");
    let serving = Serving {
        reader: world.id("BBB"),
        items: vec![Served { item: ServedItem::Release(index), justified_by: own }],
    };
    let exchange = world.region.exchange();
    let line = Line::sign(LineKind::Serving, world.time, exchange, "Test", "line", &serving, world.hub_key()).unwrap();
    assert!(matches!(world.region.judge(line.clone()), Err(Reason::UnknownAudience)));
    let serving = world.append(&line).unwrap();
    assert_eq!(world.region.unjudged(), [index, serving]);
    // The author's next release is the next revision.
    let next = world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "3")]).unwrap();
    assert_eq!(world.region.release(next).unwrap().manifest.revision, 3);
}

#[test]
fn a_history_told_again_gives_the_same_region() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    for who in ["AAA", "BBB", "CCC"] {
        world.release(who, "IE_TOT", "2021", "totals", &[("", "1")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    world.serve_all();
    world.withdraw("AAA", "IE_TOT", "2021").unwrap();
    let again = world.audit().unwrap();
    assert_eq!(format!("{again:?}"), format!("{:?}", world.region));
}
