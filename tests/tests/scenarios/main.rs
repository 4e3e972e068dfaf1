//! Stories across programs, one a file, each in a region of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod a_full_disk_loses_nothing;
mod a_hub_killed_between_steps_resumes;
mod a_node_off_for_a_month_catches_up;
mod a_restored_hub_is_caught;
mod a_revoked_node_is_out_at_once;
mod a_stolen_certificate_cannot_speak;
mod a_suspended_participant_erases_and_says_so;
mod a_tampered_body_is_refused_and_objected;
mod a_withdrawal_erases_both_directions;
mod an_embargo_holds_at_home;
mod evidence_verifies;
mod small_numbers_stay_uncertain;
mod the_example_of_the_design;
mod the_outbox_waits_while_the_hub_is_away;
mod the_questionnaire_changes_with_the_year;
mod the_same_bytes_twice_get_one_line;
