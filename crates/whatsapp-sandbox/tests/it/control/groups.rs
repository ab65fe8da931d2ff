use whatsapp_sandbox::client::types;

use super::{ANA, BRUNO, CARLA, SUPPORT, refusal, start, text};

fn person(id: &str) -> types::PersonId {
    types::PersonId(id.to_owned())
}

fn unchanged() -> types::UpdateGroup {
    types::UpdateGroup::default()
}

#[tokio::test]
async fn a_group_is_made_changed_joined_and_left() {
    let sandbox = start().await;
    let control = sandbox.control();
    let body = types::CreateGroup {
        name: "Walks".to_owned(),
        description: Some("On Sundays".to_owned()),
        participants: Some(vec![person(BRUNO)]),
    };
    let group = control.groups_create(ANA, &body).await.unwrap().into_inner().data;
    assert_eq!(group.participants.len(), 2);
    assert_eq!(group.participants[0].rank, types::ParticipantRank::Superadmin);
    assert_eq!(group.description, "On Sundays");
    let code = group.invite_code.clone().unwrap();
    let seen = control.groups_get(BRUNO, &group.id).await.unwrap().into_inner().data;
    assert_eq!(seen.invite_code, None, "only admins see the code");
    let loud =
        types::UpdateGroup { announce: Some(true), name: Some("Quiet walks".to_owned()), ..unchanged() };
    assert_eq!(refusal(control.groups_update(BRUNO, &group.id, &loud).await).0, 403);
    let quiet = control.groups_update(ANA, &group.id, &loud).await.unwrap().into_inner().data;
    assert!(quiet.announce && quiet.locked && quiet.name == "Quiet walks");
    assert_eq!(refusal(control.messages_send(BRUNO, &group.id, &text("Hello")).await).0, 403);

    let carla = sandbox.account(CARLA);
    assert_eq!(carla.joins(&code).await.unwrap().participants.len(), 3);
    let again = types::JoinGroup { code: code.clone() };
    assert_eq!(refusal(control.groups_join(CARLA, &again).await).0, 409);
    carla.leaves(&group.id).await.unwrap();
    let revoked = control.groups_revoke_invite(ANA, &group.id).await.unwrap().into_inner().data;
    assert_ne!(revoked.invite_code.as_deref(), Some(code.as_str()));
    assert_eq!(refusal(control.groups_join(CARLA, &again).await).0, 404);
    assert_eq!(refusal(control.groups_leave(CARLA, &group.id).await).0, 404);
    let listed = control.groups_list(BRUNO).await.unwrap().into_inner().data;
    assert!(listed.iter().any(|it| it.id == group.id));
}

#[tokio::test]
async fn what_fails_for_one_participant_does_not_hold_up_the_others() {
    let sandbox = start().await;
    let control = sandbox.control();
    let body = types::CreateGroup { name: "Walks".to_owned(), description: None, participants: None };
    let group = control.groups_create(BRUNO, &body).await.unwrap().into_inner().data;
    let change = async |action, people: &[&str]| {
        let participants = people.iter().map(|it| person(it)).collect();
        let body = types::ChangeParticipants { action, participants };
        control.groups_change_participants(BRUNO, &group.id, &body).await.unwrap().into_inner().data
    };
    let added = change(types::ChangeParticipantsAction::Add, &[ANA, CARLA, "+4915100000000"]).await;
    assert_eq!(added.iter().map(|it| it.status).collect::<Vec<_>>(), [200, 403, 404]);
    let code = added[1].invite_code.clone().unwrap();
    sandbox.account(CARLA).joins(&code).await.unwrap();
    let promoted = change(types::ChangeParticipantsAction::Promote, &[ANA]).await;
    assert_eq!(promoted[0].status, 200);
    let demoted = change(types::ChangeParticipantsAction::Demote, &[ANA, BRUNO]).await;
    assert_eq!(demoted.iter().map(|it| it.status).collect::<Vec<_>>(), [200, 406]);
    let removed = change(types::ChangeParticipantsAction::Remove, &[ANA]).await;
    assert_eq!(removed[0].status, 200);
}

#[tokio::test]
async fn a_channel_is_made_followed_and_posted_in() {
    let sandbox = start().await;
    let control = sandbox.control();
    let body = types::CreateChannel { name: "Neighbourhood".to_owned(), description: None };
    let channel = control.channels_create(ANA, &body).await.unwrap().into_inner().data;
    assert_eq!((channel.role, channel.followers), (types::ChannelRole::Owner, 0));
    let follow = types::FollowChannel { muted: Some(true) };
    let followed = control.channels_follow(BRUNO, &channel.id, &follow).await.unwrap().into_inner().data;
    assert_eq!((followed.role, followed.muted, followed.followers), (types::ChannelRole::Follower, true, 1));
    let post = control.messages_send(ANA, &channel.id, &text("News")).await.unwrap().into_inner().data;
    sandbox.account(BRUNO).receives(&post.id, &channel.id).await.unwrap();
    assert_eq!(refusal(control.messages_send(BRUNO, &channel.id, &text("Mine")).await).0, 403);
    let listed = control.channels_list(BRUNO).await.unwrap().into_inner().data;
    assert_eq!(listed.last().unwrap().id, channel.id);
    control.channels_unfollow(BRUNO, &channel.id).await.unwrap();
    assert_eq!(refusal(control.channels_unfollow(BRUNO, &channel.id).await).0, 409);
    assert_eq!(refusal(control.channels_follow(SUPPORT, "1@newsletter", &follow).await).0, 404);
}
