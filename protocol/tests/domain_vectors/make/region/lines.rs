//! Lines and governance: who may write, with which key, in which order.

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::codec::to_bytes;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantId;
use vrs_protocol::ledger::{Genesis, KeyEvent, Line, LineKind, Objection, ParticipantChange, Serving};
use vrs_protocol::region::key_proof_message;
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::time::Timestamp;

use super::super::{hub, key_of};
use super::story::Story;
use super::tell;
use crate::shared::Folder;

fn notice(story: &Story, text: &str) -> Vec<u8> {
    story.by_hub(LineKind::Bulletin, &text.to_owned())
}

pub(super) fn lines(folder: &mut Folder<'_>) {
    good(folder);
    form_and_order(folder);
    participants(folder);
    keys(folder);
}

fn good(folder: &mut Folder<'_>) {
    let mut story = Story::begin(&["AUS", "IDN"]);
    let (a, b) = (story.open("AUS", "SM_CIT 2021-S1"), story.open("IDN", "SM_CIT 2021-S1"));
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    story.ok(story.serving("IDN", &[(a.line, b.line)]));
    tell(folder, "ok_region_two_who_read_each_other", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    story.ok(notice(&story, "The service rests on Sunday."));
    story.ok(story.by(
        "AUS",
        LineKind::Objection,
        &Objection { line: 2, number: 416, text: "The body was another one.".into() },
    ));
    story.ok(story.by_hub(
        LineKind::Participant,
        &ParticipantChange::Rename { participant: story.id("IDN"), name: "Republic of IDN".into() },
    ));
    story.ok(story.suspension("IDN"));
    story.ok(story.resumption("IDN"));
    story.open("IDN", "SM_CIT 2021-S1");
    tell(folder, "ok_region_governance", &story);

    let mut story = Story::begin(&["AUS"]);
    let statement =
        Statement::sign(story.header(LineKind::Bulletin, Story::REGION), &to_bytes(&"x".to_owned()), &hub()).unwrap();
    let later = |version, kind| {
        to_bytes(&Line {
            version,
            kind,
            time: Timestamp(1_700_000_000),
            author: None,
            statement: statement.bytes().to_vec(),
        })
    };
    // Of a later kind it is known who said it, of a later version nothing.
    let mut forged = later(1, 200);
    *forged.last_mut().unwrap() ^= 1;
    story.refused(204, forged);
    story.only_mirrored(later(1, 200));
    story.only_mirrored(later(2, 4));
    story.pass(60_000_000);
    story.open("AUS", "SM_CIT 2021-S1");
    tell(folder, "bad_region_line_of_a_later_kind_that_is_forged", &story);

    let mut story = Story::begin(&["AUS"]);
    let key = SigningKey::from_seed(&[77; 32]);
    story.ok(story.by("AUS", LineKind::Key, &event(&story, "AUS", &key, &key_of("AUS"))));
    story.use_key("AUS", key);
    story.open("AUS", "SM_CIT 2021-S1");
    tell(folder, "ok_region_key_change", &story);
}

fn standard() -> Charter {
    Charter::standard(Catalogue::bundled())
}

fn form_and_order(folder: &mut Folder<'_>) {
    // A refusal leaves no trace: each of these stories goes on with a line that may stand there.
    let mut bad = |name: &str, number: u16, line: &dyn Fn(&mut Story) -> Vec<u8>| {
        let mut story = Story::begin(&["AUS", "IDN"]);
        let line = line(&mut story);
        story.refused(number, line);
        story.pass(100);
        story.ok(notice(&story, "Nothing happened."));
        tell(folder, &format!("bad_region_{name}"), &story);
    };
    let statement = |story: &Story, header: Header, payload: &[u8], key: &SigningKey| {
        let statement = Statement::sign(header, payload, key).unwrap();
        story.line(LineKind::Bulletin, None, &statement)
    };
    bad("time_went_back", 301, &|s| {
        s.pass(-61);
        notice(s, "Yesterday.")
    });
    bad("second_genesis", 300, &|s| {
        let header = s.header(LineKind::Genesis, Story::REGION);
        let genesis = Genesis { region: "Demo".into(), hub_key: hub().public(), authority: Hash::ZERO };
        s.line(LineKind::Genesis, None, &Statement::sign(header, &to_bytes(&genesis), &hub()).unwrap())
    });
    bad("line_with_a_byte_too_many", 100, &|s| [notice(s, "A notice."), vec![0]].concat());
    bad("statement_cut", 100, &|s| {
        let line = Line::from_bytes(&notice(s, "A notice.")).unwrap();
        to_bytes(&Line { statement: line.statement[..line.statement.len() - 1].to_vec(), ..line })
    });
    bad("payload_with_a_byte_too_many", 100, &|s| {
        let payload = [to_bytes(&"A notice.".to_owned()), vec![0]].concat();
        statement(s, s.header(LineKind::Bulletin, Story::REGION), &payload, &hub())
    });
    bad("payload_of_another_kind", 100, &|s| {
        statement(s, s.header(LineKind::Bulletin, Story::REGION), &to_bytes(&7u8), &hub())
    });
    bad("content_type_of_another_kind", 207, &|s| {
        statement(s, s.header(LineKind::Objection, Story::REGION), &to_bytes(&"A notice.".to_owned()), &hub())
    });
    bad("statement_for_another_exchange", 205, &|s| {
        let header = Header { exchange: Hash::of(b"another"), ..s.header(LineKind::Bulletin, Story::REGION) };
        statement(s, header, &to_bytes(&"A notice.".to_owned()), &hub())
    });
    bad("hub_line_signed_by_a_participant", 203, &|s| {
        statement(s, s.header(LineKind::Bulletin, "AUS"), &to_bytes(&"A notice.".to_owned()), &key_of("AUS"))
    });
    bad("hub_line_with_changed_words", 204, &|s| {
        let mut line = notice(s, "A notice.");
        let place = line.windows(7).position(|w| w == b"notice.").unwrap();
        line[place] = b'N';
        line
    });
    bad("serving_by_a_participant", 206, &|s| {
        let serving = Serving { reader: s.id("AUS"), items: Vec::new() };
        s.by("AUS", LineKind::Serving, &serving)
    });
    bad("release_by_the_hub", 206, &|s| {
        let manifest = s.manifest("AUS", "SM_CIT 2021-S1", vrs_protocol::audience::Audience::Contributors);
        s.by_hub(LineKind::Release, &manifest)
    });
    bad("objection_to_a_line_that_is_not_there", 300, &|s| {
        s.by("AUS", LineKind::Objection, &Objection { line: s.size(), number: 416, text: "Too early.".into() })
    });
    bad("objection_too_long", 300, &|s| {
        s.by("AUS", LineKind::Objection, &Objection { line: 0, number: 416, text: "x".repeat(1001) })
    });
    bad("objection_with_an_escape", 300, &|s| {
        s.by("AUS", LineKind::Objection, &Objection { line: 0, number: 416, text: "\u{1b}[2JAll is well.".into() })
    });
    bad("bulletin_too_long", 300, &|s| notice(s, &"x".repeat(4001)));
    bad("charter_with_blocks_of_two", 300, &|s| {
        s.by_hub(LineKind::Charter, &Charter { block_min: 2, ..Charter::standard(Catalogue::bundled()) })
    });
    bad("charter_of_a_catalogue_that_is_not_carried", 303, &|s| {
        let unknown = Charter { catalogue: "2099.1".into(), catalogue_hash: Hash::of(b"2099.1"), ..standard() };
        s.by_hub(LineKind::Charter, &unknown)
    });

    let mut story = Story::begin(&["AUS", "IDN"]);
    let objection = |text: &str| Objection { line: 2, number: 416, text: text.into() };
    story.ok(story.by("AUS", LineKind::Objection, &objection("The body was another one.")));
    story.refused(300, story.by("AUS", LineKind::Objection, &objection("In other words,\nthe body was another one.")));
    story.ok(story.by("IDN", LineKind::Objection, &objection("Here,\ntoo.")));
    tell(folder, "bad_region_objection_twice", &story);

    let mut story = Story::nothing();
    story.refused(300, notice(&story, "In the beginning."));
    let genesis = story.genesis();
    story.ok(genesis);
    tell(folder, "bad_region_notice_before_the_genesis", &story);
}

fn participants(folder: &mut Folder<'_>) {
    let mut bad = |name: &str, number: u16, change: &dyn Fn(&mut Story) -> ParticipantChange| {
        let mut story = Story::begin(&["AUS", "IDN"]);
        let change = change(&mut story);
        story.refused(number, story.by_hub(LineKind::Participant, &change));
        story.admit("THA", None);
        tell(folder, &format!("bad_region_{name}"), &story);
    };
    let admit = |story: &Story, change: &dyn Fn(&mut ParticipantChange)| {
        let mut admission = story.admission("MYS", None);
        change(&mut admission);
        admission
    };
    bad("admitted_twice", 300, &|s| s.admission("AUS", None));
    bad("admitted_with_the_key_of_another", 300, &|s| {
        admit(s, &|a| {
            if let ParticipantChange::Admit { key, .. } = a {
                *key = key_of("AUS").public()
            }
        })
    });
    bad("admitted_with_the_hubs_key", 300, &|s| {
        admit(s, &|a| {
            if let ParticipantChange::Admit { key, .. } = a {
                *key = hub().public()
            }
        })
    });
    bad("admitted_without_a_name", 300, &|s| {
        admit(s, &|a| {
            if let ParticipantChange::Admit { name, .. } = a {
                name.clear()
            }
        })
    });
    bad("admitted_with_a_name_of_201_bytes", 300, &|s| {
        admit(s, &|a| {
            if let ParticipantChange::Admit { name, .. } = a {
                *name = "x".repeat(201)
            }
        })
    });
    bad("admitted_with_votes", 300, &|s| {
        admit(s, &|a| {
            if let ParticipantChange::Admit { votes, .. } = a {
                votes.push(vec![1].into())
            }
        })
    });
    bad("admitted_under_a_parent_that_is_not_there", 300, &|s| {
        admit(s, &|a| {
            if let ParticipantChange::Admit { parent, .. } = a {
                *parent = Some(ParticipantId(99))
            }
        })
    });
    bad("admitted_under_a_parent_with_a_parent", 300, &|s| {
        s.admit("HKG", Some("AUS"));
        s.admission("MAC", Some("HKG"))
    });
    bad("suspended_twice", 300, &|s| {
        s.ok(s.suspension("AUS"));
        ParticipantChange::Suspend { participant: s.id("AUS"), votes: Vec::new() }
    });
    bad("resumed_though_active", 300, &|s| ParticipantChange::Resume { participant: s.id("AUS"), votes: Vec::new() });
    bad("suspended_though_unknown", 200, &|_| ParticipantChange::Suspend {
        participant: ParticipantId(99),
        votes: Vec::new(),
    });
    bad("renamed_though_unknown", 300, &|_| ParticipantChange::Rename {
        participant: ParticipantId(99),
        name: "Nobody".into(),
    });
}

fn event(story: &Story, author: &str, key: &SigningKey, old: &SigningKey) -> KeyEvent {
    let proof = key.sign(&key_proof_message(story.exchange(), old.kid().0));
    KeyEvent { participant: story.id(author), key: key.public(), replaces: old.kid(), proof }
}

fn keys(folder: &mut Folder<'_>) {
    let new = || SigningKey::from_seed(&[77; 32]);
    let mut bad = |name: &str, number: u16, line: &dyn Fn(&mut Story) -> Vec<u8>| {
        let mut story = Story::begin(&["AUS", "IDN"]);
        let line = line(&mut story);
        story.refused(number, line);
        tell(folder, &format!("bad_region_{name}"), &story);
    };
    bad("key_replaced_and_used_again", 203, &|s| {
        s.ok(s.by("AUS", LineKind::Key, &event(s, "AUS", &new(), &key_of("AUS"))));
        let manifest = s.manifest("AUS", "SM_CIT 2021-S1", vrs_protocol::audience::Audience::Contributors);
        s.signed("AUS", &manifest).0
    });
    bad("key_event_replaces_another_key", 300, &|s| {
        s.by("AUS", LineKind::Key, &event(s, "AUS", &new(), &key_of("IDN")))
    });
    bad("key_event_without_proof", 204, &|s| {
        s.by("AUS", LineKind::Key, &KeyEvent { proof: [0; 64], ..event(s, "AUS", &new(), &key_of("AUS")) })
    });
    bad("key_event_with_a_key_in_use", 300, &|s| {
        s.by("AUS", LineKind::Key, &event(s, "AUS", &key_of("IDN"), &key_of("AUS")))
    });
    bad("key_event_for_another_participant", 202, &|s| {
        s.by("AUS", LineKind::Key, &event(s, "IDN", &new(), &key_of("IDN")))
    });
    bad("line_of_an_unknown_participant", 200, &|s| {
        let statement = Statement::sign(
            s.header(LineKind::Objection, "AUS"),
            &to_bytes(&Objection { line: 0, number: 416, text: String::new() }),
            &key_of("AUS"),
        )
        .unwrap();
        Line::new(LineKind::Objection, Timestamp(1_700_000_000), Some(ParticipantId(99)), statement.into_bytes())
            .to_bytes()
    });
    bad("line_issued_in_the_name_of_another", 202, &|s| {
        let statement = Statement::sign(
            s.header(LineKind::Objection, "IDN"),
            &to_bytes(&Objection { line: 0, number: 416, text: String::new() }),
            &key_of("AUS"),
        )
        .unwrap();
        s.line(LineKind::Objection, Some("AUS"), &statement)
    });
    bad("release_by_a_suspended_participant", 201, &|s| {
        s.ok(s.suspension("AUS"));
        let manifest = s.manifest("AUS", "SM_CIT 2021-S1", vrs_protocol::audience::Audience::Contributors);
        s.signed("AUS", &manifest).0
    });
}
