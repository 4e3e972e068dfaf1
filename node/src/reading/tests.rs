#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vrs_protocol::audience::Audience;
use vrs_protocol::release::{Nonce, SignedRelease};

use super::*;
use crate::testing::{TestRegion, table};

const OPEN: Audience = Audience::Contributors;

/// AUS and IDN have released; IDN's body was served to AUS.
fn served() -> (TestRegion, ServedBody) {
    let mut region = TestRegion::of(&["AUS", "IDN"]);
    let (ours, _) = region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), OPEN);
    let (theirs, SignedRelease { nonce, body, .. }) = region.release("IDN", &table("IE_TOT", "2021", &[("", 9)]), OPEN);
    let serving = region.serve("AUS", theirs, ours);
    assert!(region.view.flaws().is_empty(), "{:?}", region.view.flaws());
    (region, ServedBody { release: theirs, serving, nonce, body })
}

#[test]
fn what_the_ledger_says_is_kept() {
    let (region, body) = served();
    let me = region.id("AUS");
    assert_eq!(readable(region.region(), me), [body.release]);
    assert_eq!(accept(region.region(), me, &body).unwrap().total().unwrap().as_count(), Some(9));
}

#[test]
fn a_tampered_body_is_a_flaw() {
    let (region, body) = served();
    let me = region.id("AUS");
    let mut other = body.clone();
    other.body[20] ^= 1;
    assert_eq!(accept(region.region(), me, &other), Err(NotKept::Flawed(Reason::WrongBody)));
    let other = ServedBody { nonce: Nonce([0; 32]), ..body.clone() };
    assert_eq!(accept(region.region(), me, &other), Err(NotKept::Flawed(Reason::WrongBody)));
    // Without the serving line that says so, nothing is taken.
    let other = ServedBody { serving: body.serving - 1, ..body.clone() };
    assert!(matches!(accept(region.region(), me, &other), Err(NotKept::Flawed(Reason::NotHeld(_)))));
    let other = ServedBody { release: 999, ..body };
    assert!(matches!(accept(region.region(), me, &other), Err(NotKept::Flawed(Reason::NotFound(_)))));
}

#[test]
fn a_right_that_has_ended_is_nobody_s_fault() {
    let (mut region, body) = served();
    let id = region.region().release(body.release).unwrap().id;
    region.withdraw("IDN", id);
    let me = region.id("AUS");
    assert!(matches!(accept(region.region(), me, &body), Err(NotKept::RightEnded(_))));
    assert!(readable(region.region(), me).is_empty());
}
