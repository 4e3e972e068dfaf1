//! `participant invite|admit|list|suspend|resume`.

use serde_json::json;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::ParticipantCode;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};

use super::arguments::Participant;
use super::life::LOCAL_ONLY;
use crate::admission::Invitation;
use crate::hub::Hub;
use crate::problem::HubError;

pub(super) async fn run(hub: &Hub, command: Participant, output: &Output) -> Result<Exit, HubError> {
    match command {
        Participant::Invite { code, name, kind, parent } => {
            let invite = hub.invite(Invitation { code: code.clone(), name, kind: kind.into(), parent }).await?;
            let value = json!({ "invite": invite.to_string(), "code": invite.code, "address": invite.address, "expires": invite.expires });
            output.answer(&value, || invite.to_string());
            if hub.settings().is_local_only() {
                output.aside(LOCAL_ONLY);
            }
            output.aside(&format!(
                "Send this word to {code} by a safe way: it holds a one-time secret, good until {}. There they run: vrs-node join INVITE\nThen compare the fingerprint by telephone and run: vrs-hub participant admit {code} --fingerprint F",
                invite.expires
            ));
        }
        Participant::Admit { code, fingerprint } => {
            let admitted = hub.admit(&code, &fingerprint).await?;
            output.answer(&admitted, || {
                format!("{} ({}) is admitted at line {}.", admitted.code, admitted.name, admitted.participant.0)
            });
        }
        Participant::List => list(hub, output).await?,
        Participant::Suspend { code } => {
            hub.suspend(&code).await?;
            output.answer(&json!({ "suspended": code }), || {
                format!("{code} is suspended: it neither releases nor reads until it is resumed.")
            });
        }
        Participant::Resume { code } => {
            hub.resume(&code).await?;
            output.answer(&json!({ "resumed": code }), || format!("{code} has its rights back."));
        }
    }
    hub.close().await?;
    Ok(Exit::Done)
}

async fn list(hub: &Hub, output: &Output) -> Result<(), HubError> {
    let all = hub.membership().await?;
    let participants: Vec<_> = all
        .participants
        .iter()
        .map(|(participant, caller)| {
            json!({
                "code": participant.code, "id": participant.id, "name": participant.name, "kind": participant.kind,
                "parent": participant.parent, "suspended": participant.suspended.is_some(), "key": participant.key().map(|key| key.kid().to_string()),
                "software": caller.as_ref().map(|caller| &caller.software),
                "last_contact": caller.as_ref().map(|caller| caller.last_at),
                "certificate_until": caller.as_ref().map(|caller| caller.certificate_until),
            })
        })
        .collect();
    let waiting: Vec<_> = all
        .waiting
        .iter()
        .map(|(code, fingerprint, at)| json!({ "code": code, "fingerprint": fingerprint, "asked_at": at }))
        .collect();
    let invited: Vec<_> = all.invited.iter().map(|(code, until)| json!({ "code": code, "until": until })).collect();
    output.answer(&json!({ "participants": participants, "waiting": waiting, "invited": invited }), || {
        let admitted = all.participants.iter().map(|(participant, caller)| {
            let state = if participant.suspended.is_some() { "suspended" } else { "admitted" };
            let contact = caller.as_ref().map_or_else(|| "never".to_owned(), |caller| caller.last_at.to_string());
            vec![
                participant.code.to_string(),
                participant.name.clone(),
                state.to_owned(),
                format!("last contact {contact}"),
            ]
        });
        let name = |code: &ParticipantCode| Catalogue::everything().participant_name(code);
        let waiting = all.waiting.iter().map(|(code, fingerprint, _)| {
            vec![code.to_string(), name(code), "waits".to_owned(), format!("fingerprint {fingerprint}")]
        });
        let invited = all
            .invited
            .iter()
            .map(|(code, until)| vec![code.to_string(), name(code), "invited".to_owned(), format!("until {until}")]);
        columns(&["code", "name", "state", ""], &admitted.chain(waiting).chain(invited).collect::<Vec<_>>())
    });
    Ok(())
}
