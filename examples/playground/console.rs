//! What the console of a browser says about a request that it blocks.

use actix_web::{App, HttpResponse, test, web};
use cors_test_browser::Browser;
use serde::Serialize;

use crate::{
    console_messages::{templates, varying_part},
    origins::Caller,
    requests::Request,
    state::State,
};

/// The sentence of each browser.
#[derive(Serialize)]
pub(crate) struct Sentences {
    chromium: String,
    firefox: String,
    safari: String,
}

/// What consoles say about this request under the current policy; `None` if it is not blocked.
///
/// No page can read its console, so the simulated browser sends the request too, to the middleware without a network.
pub(crate) async fn sentences(
    state: &State,
    caller: &Caller,
    request: &Request,
) -> Option<Sentences> {
    let app = test::init_service(
        App::new()
            .default_service(web::to(HttpResponse::Ok))
            .wrap(state.cors.clone()),
    )
    .await;
    let mut browser = if caller.is_sandboxed {
        Browser::opaque()
    } else {
        Browser::at(&caller.origin)
    };
    let fetch = request.to_fetch(&state.origins.api());
    let blocked = browser.fetch(&app, fetch).await.blocked_by()?;

    let [chromium, firefox, safari] = templates(&blocked)?;
    let fill = |template: &str| match varying_part(&blocked) {
        Some(part) => template.replacen('…', part, 1),
        None => template.to_owned(),
    };
    Some(Sentences {
        chromium: fill(chromium),
        firefox: fill(firefox),
        safari: fill(&safari.replace("Origin …", &format!("Origin {}", caller.origin))),
    })
}
