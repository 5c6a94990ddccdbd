//! Sign-ins and sign-outs that are given up or overlap, on the embedded server.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use keydesk_core::ErrorCode;
use keydesk_core::api_key::ApiKeyId;

use super::entering::Entering;
use super::{remove, sign_out};
use crate::desk::{Desk, EMAIL, password, sign_in};

/// Whether a future that is asked once waits for something.
fn waits(future: std::pin::Pin<&mut impl Future>) -> bool {
    future
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_pending()
}

#[tokio::test]
async fn a_sign_in_that_is_given_up_leaves_an_account_of_the_list_as_it_was() {
    let desk = Desk::open().await;
    let entering = Entering::begin(&desk.app, desk.app.instance(&desk.id).unwrap()).unwrap();
    let given_up = entering.session().clone();
    let signing_in = given_up.sign_in_with_password(EMAIL, password(), None, false);
    signing_in.await.unwrap();
    drop(entering);
    while Arc::strong_count(&given_up) > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(given_up.status().signed_in, Some(false));
    assert!(desk.is_signed_in().await);
}

#[tokio::test]
async fn a_sign_out_is_noted_before_the_server_is_waited_for() {
    let desk = Desk::open().await;
    let note = |id: &str| ApiKeyId(id.into());
    let noted = desk.app.update_instance(&desk.id, |instance| {
        instance.remember_password = true;
        instance.kept_keys.insert(note("kept"));
    });
    noted.unwrap();
    {
        let mut leaving = pin!(sign_out(&desk.app, &desk.id));
        assert!(waits(leaving.as_mut()), "for the server");
        // Keydesk is quit.
    }
    let instance = desk.app.instance(&desk.id).unwrap();
    assert!(instance.signed_out && !instance.remember_password);
    assert!(instance.kept_keys.is_empty());
}

#[tokio::test]
async fn who_signs_in_while_the_server_is_told_of_a_sign_out_stays_signed_in() {
    let desk = Desk::open().await;
    let mut leaving = pin!(sign_out(&desk.app, &desk.id));
    assert!(waits(leaving.as_mut()), "for the server");
    assert_eq!(sign_in(&desk.app).await, desk.id);
    assert!(leaving.await.unwrap().server_told);
    assert!(!desk.app.instance(&desk.id).unwrap().signed_out);
    assert!(desk.is_signed_in().await);
}

#[tokio::test]
async fn who_signs_in_while_the_server_is_told_of_a_removal_has_an_account() {
    let desk = Desk::open().await;
    let mut removal = pin!(remove(&desk.app, &desk.id));
    assert!(waits(removal.as_mut()), "for the server");
    let gone = desk.app.instance(&desk.id).unwrap_err();
    assert_eq!(gone.code, ErrorCode::InstanceUnknown);
    let anew = sign_in(&desk.app).await;
    removal.await.unwrap();
    assert_eq!(desk.app.instances().len(), 1);
    assert!(
        desk.app
            .session(&anew)
            .await
            .unwrap()
            .account(None)
            .await
            .is_ok()
    );
}
