//! The release desk: what is shown before anything leaves, and who may do what.

use axum::http::StatusCode;
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::cell::Cell;
use vrs_protocol::release::{Operator, WithdrawalReason, decode_body};

use super::browser::Browser;
use super::sample::{PASSWORD, Sample, import, person, prepare};
use crate::release::{Ended, State};
use crate::store;
use crate::testing::{form, period};

/// The release that waits in the sample, and the two that are final: one that nobody has read, and one that four have.
const WAITING: i64 = 3;
const FINAL: i64 = 1;
const READ: i64 = 2;

fn password() -> String {
    format!("password={}", PASSWORD.replace(' ', "+"))
}

async fn state(sample: &Sample, id: i64) -> State {
    let desk = sample.node.desk().await.unwrap();
    desk.releases.iter().find(|entry| entry.release.id == id).unwrap().release.state
}

#[tokio::test]
async fn exactly_what_leaves_is_shown_before_it_leaves() {
    let sample = Sample::filled().await;
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    let page = ben.page(&format!("/releases/{WAITING}")).await;
    for words in [
        "This release shows 1 cell and hides none.",
        "Policy 1 applies to RE: counts from 1 to less than 5 are small and hidden",
        "there is no earlier release to check against",
        "What was read may be remembered",
        "regional sum is zero",
        "put their figures together",
        "All participants see who released which form",
        "After this, 2 participants can read this table, and 7 more as soon as they share back.",
        "Exactly this leaves",
        "18\u{202f}760",
        "RE_TOT,2019,GBR,18760,A,F",
        "the tables of POL, USA, and the regional figures",
        "Approve and sign",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let before = page.find("This release shows 1 cell").unwrap();
    assert!(before < page.find("18\u{202f}760").unwrap(), "said above the figures");
}

#[tokio::test]
async fn an_import_that_a_release_stands_on_is_not_taken_back() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let of = |name: &str, page: &str| {
        let before =
            page.split(name).next().and_then(|before| before.rsplit("/imports/taken/").next().map(str::to_owned));
        format!("/imports/taken/{}", before.and_then(|rest| rest.split('"').next().map(str::to_owned)).unwrap())
    };
    let imports = ana.page("/imports").await;
    let (released, free) = (of("refused-2019.csv", &imports), of("police-2018.csv", &imports));
    let refused = ana.post(&released, "reason=wrong").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("elease 3 is about RE_TOT for 2019"), "{}", refused.text);
    assert!(ana.page("/tables/2019/RE_TOT").await.contains("18\u{202f}760"));
    assert_eq!(ana.post(&free, "reason=wrong").await.status, StatusCode::SEE_OTHER);
    assert!(ana.page("/imports").await.contains("taken back"));
    assert_eq!(ana.get("/imports/taken/no-number").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn figures_that_changed_since_they_were_prepared_are_not_approved() {
    let sample = Sample::filled().await;
    import(&sample.node, "BF", "corrected.csv", "RE_TOT", "2019", &[("", "18761")]).await;
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    let refused = ben.post(&format!("/releases/{WAITING}/approve"), &password()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("have changed since release 3 was prepared"), "{}", refused.text);
    assert_eq!(state(&sample, WAITING).await, State::Prepared);
}

#[tokio::test]
async fn what_is_withheld_is_approved_and_a_corrected_route_is_not() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let ben = person(&sample.node, "ben").await;
    let complete = async |ana: &mut Browser, path: &str, typed: &str| {
        let done = ana.post(path, &format!("agency=BF&version=0&{typed}&act=complete")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    };
    let list = "c0.0=_T&v0.0=900&c1.0=AFG&v1.0=Q&c2.0=IRQ&v2.0=400";
    complete(&mut ana, "/tables/2018/FD_CIT/sheet", list).await;
    let withheld = prepare(&sample.node, &[("FD_CIT", "2018")], AudienceChoice::Contributors).await;
    sample.node.approve(withheld, &ben).await.unwrap();
    let route = "k0=AFG&v0.0=AFG&v0.1=ORIGIN&v1.0=GRC&v1.1=DESTINATION";
    complete(&mut ana, "/tables/2019/RT_CTY/sheet", route).await;
    let release = prepare(&sample.node, &[("RT_CTY", "2019")], AudienceChoice::Contributors).await;
    complete(&mut ana, "/tables/2019/RT_CTY/sheet", &route.replace("GRC", "HUN")).await;
    let refused = sample.node.approve(release, &ben).await.unwrap_err().to_string();
    assert!(refused.contains("have changed since"), "{refused}");
}

#[tokio::test]
async fn a_block_is_pasted_in_place_of_a_file() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let block = "form\tperiod\tparticipant\tvalue\tstatus\tconf\nIE_TOT\t2020\tGBR\t12\tA\tF\n";
    let taken = ana.post_files("/imports", &[("agency", "", "BF"), ("file", "", ""), ("pasted", "", block)]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    assert!(ana.page(&taken.location).await.contains("pasted block"));
    let foreign = "Country\tDetections\nAfghanistan\t10\nIraq\t4\n";
    let asked = ana.post_files("/imports", &[("agency", "", "BF"), ("pasted", "", foreign)]).await;
    assert!(asked.location.starts_with("/imports/"), "{}", asked.text);
    assert!(ana.page(&asked.location).await.contains("Detections"));
    let wrong = "form,period,participant,value,status,conf\nIE_TOT,2020,GBR,twelve,A,F\n";
    let refused = ana.post_files("/imports", &[("agency", "", "BF"), ("pasted", "", wrong)]).await;
    assert!(refused.text.contains("GBR,twelve,A,F"), "what was pasted is not lost: {}", refused.text);
    let both = [("agency", "", "BF"), ("file", "a.csv", block), ("pasted", "", block)];
    assert_eq!(ana.post_files("/imports", &both).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nothing = ana.post_files("/imports", &[("agency", "", "BF"), ("pasted", "", "  \n")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn hidden_cells_are_told_apart_on_the_page_and_in_nothing_that_leaves() {
    let sample = Sample::filled().await;
    let rows = [("_T", "100"), ("IND", "60"), ("PAK", "37"), ("ALB", "3")];
    import(&sample.node, "BF", "stay-2017.csv", "IR_CIT", "2017", &rows).await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    assert!(ana.page("/releases/new").await.contains("Small counts are hidden now"));
    let prepared = ana.post("/releases/new", "table=IR_CIT:2017&audience=contributors").await;
    assert_eq!(prepared.status, StatusCode::SEE_OTHER, "{}", prepared.text);
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    for browser in [&mut ana, &mut ben] {
        let page = browser.page(&prepared.location).await;
        for words in [
            "This release shows 2 cells and hides 2 (1 small, 1 to protect them). 40.0 % of what the rows count",
            "1 cell is proved uncertain by 4 or more",
            "<span class=\"shown state hidden-small\">hidden: small</span>",
            "<span class=\"shown state hidden-to-protect\">hidden to protect</span>",
            "at least from ",
            "IR_CIT,2017,GBR,ALB,,Q,C\n",
            "IR_CIT,2017,GBR,PAK,,Q,C\n",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
    let id = prepared.location.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = sample.node.database().begin("look").await.unwrap();
    let packed = store::releases::packed(&mut tx, id).await.unwrap().unwrap();
    let table = decode_body(&packed.body).unwrap();
    assert_eq!(packed.manifest.policy, 1);
    let hidden = table.cells.values().filter(|cell| **cell == Cell::Suppressed).count();
    assert_eq!(hidden, 2, "one state for both");
}

#[tokio::test]
async fn what_was_prepared_without_disclosure_control_is_not_approved() {
    let sample = Sample::filled().await;
    let mut tx = sample.node.database().begin("forget").await.unwrap();
    store::protection::forget_national(&mut tx, WAITING).await.unwrap();
    tx.commit().await.unwrap();
    let refused = sample.node.approve(WAITING, &person(&sample.node, "ben").await).await.unwrap_err().to_string();
    assert!(refused.contains("without disclosure control") && refused.contains("prepare it again"), "{refused}");
    assert_eq!(state(&sample, WAITING).await, State::Prepared);
}

#[tokio::test]
async fn a_cell_is_withheld_by_hand_with_a_reason() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let rows = [("_T", "300"), ("IND", "60"), ("PAK", "140"), ("ALB", "100")];
    import(&sample.node, "BF", "stay-2017.csv", "IR_CIT", "2017", &rows).await;
    let form = "table=IR_CIT:2017&audience=contributors&withhold=IR_CIT:2017:IND";
    let refused = ana.post("/releases/new", form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("with a reason") && refused.text.contains(">IR_CIT:2017:IND<"), "{}", refused.text);
    let prepared = ana.post("/releases/new", &format!("{form}&reason=A+case+before+a+court")).await;
    assert_eq!(prepared.status, StatusCode::SEE_OTHER, "{}", prepared.text);
    let page = ana.page(&prepared.location).await;
    for words in ["1 cell is withheld by hand.", "Withheld by hand: A case before a court", "IR_CIT,2017,GBR,IND,,Q,C"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn nobody_approves_what_they_prepared() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let page = ana.page(&format!("/releases/{WAITING}")).await;
    assert!(page.contains("You prepared this release") && !page.contains("Approve and sign"), "{page}");
    let refused = ana.post(&format!("/releases/{WAITING}/approve"), &password()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "an account without the role");

    let mut cleo = Browser::signed_in(&sample.router, "cleo").await;
    let who = person(&sample.node, "cleo").await;
    sample.node.accept_findings(&form("IR_CIT"), period("2018"), None, "so it is published", &who).await.unwrap();
    let prepared = cleo.post("/releases/new", "table=IR_CIT:2018&audience=contributors").await;
    assert_eq!(prepared.status, StatusCode::SEE_OTHER, "{}", prepared.text);
    let page = cleo.page(&prepared.location).await;
    assert!(page.contains("You prepared this release") && !page.contains("Approve and sign"), "{page}");
    let refused = cleo.post(&format!("{}/approve", prepared.location), &password()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "an approver who prepared it");
    assert!(refused.text.contains("Nobody approves what they prepared"), "{}", refused.text);
    let id = prepared.location.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(state(&sample, id).await, State::Prepared);
}

#[tokio::test]
async fn an_approver_signs_with_the_password_only() {
    let sample = Sample::filled().await;
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    let path = format!("/releases/{WAITING}");
    ben.post(&format!("{path}/approve"), "password=a+wrong+sentence").await;
    assert_eq!(state(&sample, WAITING).await, State::Prepared);
    assert!(ben.page(&path).await.contains("do not belong together"));
    let approved = ben.post(&format!("{path}/approve"), &password()).await;
    assert_eq!(
        (approved.status, approved.location.as_str()),
        (StatusCode::SEE_OTHER, path.as_str()),
        "{}",
        approved.text
    );
    assert_eq!(state(&sample, WAITING).await, State::Signed);
    let page = ben.page(&path).await;
    assert!(page.contains("Approved and signed: 1 release.") && page.contains("Approved by ben"), "{page}");
    assert!(ben.page("/").await.contains("1 waits in the outbox"));
    assert!(ben.page("/link").await.contains("Release 3"));
}

#[tokio::test]
async fn what_has_not_left_can_be_returned_and_prepared_again() {
    let sample = Sample::filled().await;
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    assert_eq!(ben.post(&format!("/releases/{FINAL}/discard"), "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let returned = ben.post(&format!("/releases/{WAITING}/discard"), "").await;
    assert_eq!(returned.location, "/releases", "{}", returned.text);
    assert_eq!(state(&sample, WAITING).await, State::Withdrawn);
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    assert!(ana.page("/releases/new?table=RE_TOT:2019").await.contains("value=\"RE_TOT:2019\" checked"));
}

#[tokio::test]
async fn an_approved_release_whose_bytes_are_lost_does_not_end_the_link() {
    let sample = Sample::filled().await;
    let mut tx = sample.node.database().begin("approve, and lose the bytes").await.unwrap();
    store::releases::set_approved(&mut tx, WAITING, &Operator("ben".into()), 1).await.unwrap();
    store::releases::lose_bytes(&mut tx, WAITING).await.unwrap();
    tx.commit().await.unwrap();
    sample.node.sign_what_is_approved().await.unwrap();
    assert_eq!(state(&sample, WAITING).await, State::Approved);
}

#[tokio::test]
async fn a_preparer_takes_back_the_own_draft_and_nothing_else() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let refused = ana.post(&format!("/releases/{FINAL}/discard"), "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ana.page(&format!("/releases/{WAITING}")).await.contains("Take it back"));
    let taken = ana.post(&format!("/releases/{WAITING}/discard"), "").await;
    assert_eq!((taken.status, state(&sample, WAITING).await), (StatusCode::SEE_OTHER, State::Withdrawn));
    let again = prepare(&sample.node, &[("RE_TOT", "2019")], AudienceChoice::Contributors).await;
    sample.node.approve(again, &person(&sample.node, "ben").await).await.unwrap();
    let refused = ana.post(&format!("/releases/{again}/discard"), "").await;
    assert_eq!((refused.status, state(&sample, again).await), (StatusCode::FORBIDDEN, State::Signed));
}

#[tokio::test]
async fn the_second_of_two_approvers_is_told_who_was_faster() {
    let sample = Sample::filled().await;
    let (ben, cleo) = (person(&sample.node, "ben").await, person(&sample.node, "cleo").await);
    let both = tokio::join!(sample.node.approve(WAITING, &ben), sample.node.approve(WAITING, &cleo));
    let (won, lost) = if both.0.is_ok() { (both.0, both.1) } else { (both.1, both.0) };
    let by = won.unwrap()[0].approved_by.clone().unwrap().0;
    let said = lost.unwrap_err().to_string();
    assert!(said.contains(&format!(", approved by {by}, and does not wait for approval")), "{said}");
}

#[tokio::test]
async fn what_was_let_go_after_its_approval_is_not_put_into_the_outbox() {
    let sample = Sample::filled().await;
    let ben = person(&sample.node, "ben").await;
    let mut tx = sample.node.database().begin("approve").await.unwrap();
    store::releases::set_approved(&mut tx, WAITING, &Operator("ben".into()), 1).await.unwrap();
    tx.commit().await.unwrap();
    // Between the approval and the signature another person lets it go.
    sample.node.withdraw(WAITING, WithdrawalReason::Unstated, &ben).await.unwrap();
    assert_eq!(sample.node.sign_bundle(WAITING).await.unwrap()[0].state, State::Withdrawn);
    let mut tx = sample.node.database().read("look").await.unwrap();
    assert_eq!(store::outbox::waiting(&mut tx).await.unwrap(), []);
}

#[tokio::test]
async fn what_cannot_be_packed_is_set_aside_and_holds_nothing_up() {
    let sample = Sample::filled().await;
    let (ben, node) = (person(&sample.node, "ben").await, &sample.node);
    node.approve(WAITING, &ben).await.unwrap();
    let mut tx = node.database().read("look").await.unwrap();
    let lost = store::outbox::waiting(&mut tx).await.unwrap().remove(0);
    drop(tx);
    let mut tx = node.database().begin("lose the bytes of a release").await.unwrap();
    store::releases::lose_bytes(&mut tx, WAITING).await.unwrap();
    tx.commit().await.unwrap();
    assert!(node.pack(&lost).await.unwrap().is_none());
    assert!(node.pack(&lost).await.unwrap().is_none(), "it is not tried again");
    let mut browser = Browser::signed_in(&sample.router, "ben").await;
    assert!(browser.page("/link").await.contains("the bytes of release 3 are lost"));
    assert!(browser.page("/releases").await.contains("set aside because it cannot be sent"));
    assert_eq!(node.set_aside().await.unwrap(), 1);
    node.withdraw(WAITING, WithdrawalReason::Unstated, &ben).await.unwrap();
    assert_eq!((state(&sample, WAITING).await, node.set_aside().await.unwrap()), (State::Withdrawn, 0));
}

#[tokio::test]
async fn a_withdrawal_says_who_has_read_it() {
    let sample = Sample::filled().await;
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    let path = format!("/releases/{READ}");
    let page = ben.page(&path).await;
    assert!(page.contains("Now 4 participants can read one or more of these 2 tables, and 5 more"), "{page}");
    assert!(page.contains("It was read already by GRC, HUN, ITA, USA"), "{page}");
    let form = format!("{}&reason=soon", password());
    assert_eq!(ben.post(&format!("{path}/withdraw"), &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("{}&reason=wrong", password());
    let withdrawn = ben.post(&format!("{path}/withdraw"), &form).await;
    assert_eq!(withdrawn.location, path, "{}", withdrawn.text);
    assert!(
        ben.page(&path).await.contains("on its way. GRC, HUN, ITA, USA had read the table and are asked to erase it.")
    );
}

#[tokio::test]
async fn what_has_ended_is_spoken_of_in_the_past() {
    let sample = Sample::filled().await;
    let ben = person(&sample.node, "ben").await;
    sample.node.withdraw(WAITING, WithdrawalReason::Unstated, &ben).await.unwrap();
    let mut tx = sample.node.database().begin("withdraw").await.unwrap();
    let ended = Ended { state: State::Withdrawn, by: Some(40), note: None };
    store::releases::set_ended(&mut tx, READ, &ended, 9).await.unwrap();
    store::releases::set_ended(&mut tx, FINAL, &ended, 9).await.unwrap();
    tx.commit().await.unwrap();
    let mut browser = Browser::signed_in(&sample.router, "ben").await;
    let (let_go, withdrawn) =
        (browser.page(&format!("/releases/{WAITING}")).await, browser.page(&format!("/releases/{READ}")).await);
    for page in [&let_go, &withdrawn] {
        for words in ["After this", "What to know", "Exactly this leaves", "at once", "share back", "can read"] {
            assert!(!page.contains(words), "{words}: {page}");
        }
        assert!(page.contains("Whom it was for"), "{page}");
    }
    assert!(let_go.contains("This would have left"), "{let_go}");
    assert!(withdrawn.contains("were decided and sent together"), "{withdrawn}");
    assert!(withdrawn.contains("It was read by GRC, HUN, ITA, USA."), "{withdrawn}");
    let preview = sample.node.show_release(READ).await.unwrap();
    assert!(preview.sentences.is_empty() && preview.releases.iter().all(|one| one.readers_now.is_empty()));
}

#[tokio::test]
async fn what_the_rules_do_not_allow_is_said_with_its_number() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let refused = ana.post("/releases/new", "table=IE_CIT:2021&audience=totals&because=Late+reports").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("a kind changes only from totals to contributors") && refused.text.contains("Reason 500"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("value=\"IE_CIT:2021\" checked"), "what was chosen stays chosen");
    let board = ana.page("/releases").await;
    assert!(
        board.contains("Waiting for approval · 1") && board.contains("In the ledger · 2") && board.contains("Refused"),
        "{board}"
    );
    let refusal = ana.page("/releases/4").await;
    assert!(refusal.contains("It was refused here, and nothing was sent"), "{refusal}");
}

#[tokio::test]
async fn a_table_is_kept_at_home_by_decision() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let kept = ana.post("/releases/new", "table=IR_CIT:2018&audience=keep").await;
    assert_eq!(kept.location, "/releases", "{}", kept.text);
    assert!(ana.page("/releases").await.contains("Kept at home by decision"));
    assert!(ana.page("/tables").await.contains("kept at home by decision"));
    // A release that stands is not taken back by it.
    let kept = ana.post("/releases/new", "table=IE_CIT:2021&audience=keep").await;
    assert_eq!(kept.location, "/releases", "{}", kept.text);
    assert!(ana.page("/releases").await.contains("has not ended by that: withdraw it to end reading."));
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    assert_eq!(ben.get("/releases/new").await.status, StatusCode::FORBIDDEN);
    assert!(person(&sample.node, "ben").await.has_role("approver"));
}

#[tokio::test]
async fn a_number_of_the_desk_is_told_apart_from_a_line() {
    let sample = Sample::filled().await;
    let out = tempfile::tempdir().unwrap();
    let desk = sample.node.desk().await.unwrap();
    let line = desk.releases.iter().find(|entry| entry.release.id == FINAL).unwrap().release.line.unwrap();
    let refused = sample.node.evidence(&FINAL.to_string(), out.path(), false).await.unwrap_err().to_string();
    assert!(refused.contains(&format!("Release {FINAL} of the desk stands at line {line}")), "{refused}");
}

#[tokio::test]
async fn last_time_s_choices_are_proposed_for_the_period_with_what_is_different() {
    let sample = Sample::filled().await;
    // IE_CIT and IE_TOT of 2021 went to contributors.
    import(&sample.node, "BF", "detections-2022.csv", "IE_CIT", "2022", &[("_T", "41000"), ("IRN", "9000")]).await;
    import(&sample.node, "BF", "refused-2022.csv", "RE_TOT", "2022", &[("", "700")]).await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let page = ana.page("/releases/new?period=2022").await;
    assert!(
        page.contains("value=\"IE_CIT:2022\" checked") && !page.contains("value=\"RE_TOT:2022\" checked"),
        "{page}"
    );
    assert!(page.contains("value=\"contributors\" checked"), "{page}");
    for words in ["(IE_TOT) was released then and has no figures", "(RE_TOT) has figures now and was not released then"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    // The latest period is shown when none is named, and another one's tables stand below.
    assert!(ana.page("/releases/new").await.contains("Prepare a release for 2022"));
    assert!(page.contains("Tables of other periods") && page.contains("value=\"IR_CIT:2018\""), "{page}");
    // A table that is named is chosen alone.
    let one = ana.page("/releases/new?table=IR_CIT:2018").await;
    assert!(one.contains("value=\"IR_CIT:2018\" checked") && !one.contains("2022\" checked"), "{one}");

    // All of a section with one button, and none of it with another; what was said besides stays.
    let form = "period=2022&audience=totals&until=2030-01-31&because=x&table=IR_CIT:2018";
    let all = ana.post("/releases/new", &format!("{form}&select=1")).await.text;
    for kept in
        ["IE_CIT:2022\" checked", "RE_TOT:2022\" checked", "IR_CIT:2018\" checked", "totals\" checked", "2030-01-31"]
    {
        assert!(all.contains(kept), "{kept}: {all}");
    }
    let none = ana.post("/releases/new", &format!("{form}&table=RE_TOT:2022&select=-1")).await.text;
    assert!(!none.contains("2022\" checked") && none.contains("IR_CIT:2018\" checked"), "{none}");
}

#[tokio::test]
async fn an_embargo_and_the_reason_of_a_revision_stand_on_the_desk() {
    let sample = Sample::filled().await;
    import(&sample.node, "BF", "more.csv", "IE_TOT", "2021", &[("", "29300")]).await;
    import(&sample.node, "BF", "more-2.csv", "IE_CIT", "2021", &[("_T", "29300"), ("IRN", "7874")]).await;
    let who = person(&sample.node, "ana").await;
    sample.node.accept_findings(&form("IE_CIT"), period("2021"), None, "the list is a short one", &who).await.unwrap();
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let form = "period=2021&table=IE_TOT:2021&table=IE_CIT:2021&audience=contributors";
    let refused = ana.post("/releases/new", form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("say why"), "{}", refused.text);
    let refused = ana.post("/releases/new", &format!("{form}&because=Late+reports&until=2020-01-01")).await;
    assert!(refused.text.contains("a day to come"), "{}", refused.text);
    let refused = ana.post("/releases/new", &format!("{form}&because=Late+reports&until=soon")).await;
    assert!(refused.text.contains("is no day"), "{}", refused.text);

    let (year, ..) = crate::testing::NOW.date();
    let until = format!("{}-01-01", year + 1);
    let prepared = ana.post("/releases/new", &format!("{form}&because=Late+reports&until={until}")).await;
    assert_eq!(prepared.status, StatusCode::SEE_OTHER, "{}", prepared.text);
    let id: i64 = prepared.location.rsplit('/').next().unwrap().parse().unwrap();
    sample.node.approve(id, &person(&sample.node, "ben").await).await.unwrap();
    let page = ana.page(&prepared.location).await;
    for words in ["held in this node until 1 January", "Late reports", "Held here under embargo until"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(ana.page("/releases").await.contains("under embargo until"));
    assert!(ana.page("/link").await.contains("under embargo until"));
    // It waits for nobody's hub: the lamp does not count it.
    assert!(page.contains("nothing waits in the outbox") || page.contains("Nothing waits in the outbox"), "{page}");
    let mut tx = sample.node.database().read("look").await.unwrap();
    let held = store::terms::held(&mut tx, sample.node.now().0).await.unwrap();
    assert_eq!(held, [id].into());
    assert!(store::terms::held(&mut tx, sample.node.now().0 + 400 * 86_400).await.unwrap().is_empty());
    drop(tx);
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let acts = dana.page("/acts?what=release-prepared").await;
    assert!(acts.contains("because: Late reports") && acts.contains("embargo_until: "), "{acts}");
    // Until its day it can be taken back like anything that has not left.
    let ben = person(&sample.node, "ben").await;
    sample.node.withdraw(id, WithdrawalReason::Unstated, &ben).await.unwrap();
    assert_eq!(state(&sample, id).await, State::Withdrawn);
}

#[tokio::test]
async fn what_can_be_worked_out_leaves_on_a_second_person_s_word_only() {
    let sample = Sample::filled().await;
    for (when, count) in [("2019-Q1", "40"), ("2019-S1", "70"), ("2019-Q2", "30")] {
        import(&sample.node, "BF", &format!("{when}.csv"), "IE_TOT", when, &[("", count)]).await;
    }
    for when in ["2019-Q1", "2019-S1"] {
        let id = prepare(&sample.node, &[("IE_TOT", when)], AudienceChoice::Contributors).await;
        sample.node.approve(id, &person(&sample.node, "ben").await).await.unwrap();
    }
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let form = "period=2019-Q2&table=IE_TOT:2019-Q2&audience=contributors&withhold=IE_TOT:2019-Q2&reason=an+operation";
    let refused = ana.post("/releases/new", form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("Release it although cells can be worked out"), "{}", refused.text);
    let prepared = ana.post("/releases/new", &format!("{form}&despite=The+council+asks")).await;
    assert_eq!(prepared.status, StatusCode::SEE_OTHER, "{}", prepared.text);
    let id: i64 = prepared.location.rsplit('/').next().unwrap().parse().unwrap();
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    let page = ben.page(&prepared.location).await;
    for words in ["Cells can be worked out", "The council asks", "Why it shall leave all the same"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // Nobody approves it as if nothing were the matter, on the command line either.
    let silent = sample.node.approve(id, &person(&sample.node, "ben").await).await.unwrap_err().to_string();
    assert!(silent.contains("says why") && silent.contains("Nothing was approved"), "{silent}");
    assert_eq!(state(&sample, id).await, State::Prepared);
    let form = format!("{}&despite=It+is+public", password());
    ben.post(&format!("{}/approve", prepared.location), &form).await;
    assert_eq!(state(&sample, id).await, State::Signed);
    assert!(ben.page(&prepared.location).await.contains("It is public"));
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let acts = dana.page("/acts?what=release-unprotected").await;
    for words in ["although cells can be worked out", "asked_because: The council asks", "because: It is public"] {
        assert!(acts.contains(words), "{words}: {acts}");
    }
    // It says of itself that it went through no policy.
    let mut tx = sample.node.database().read("look").await.unwrap();
    let packed = store::releases::packed(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(packed.manifest.policy, 0);
}
