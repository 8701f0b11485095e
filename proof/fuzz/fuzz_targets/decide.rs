#![no_main]
//! Compares any policy and any requests with the model. An input has the variables of a policy, and then requests, each
//! after an empty line.

use actix_cors_policy_fuzz::{TestApp, Policy, Request};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    let mut paragraphs = paragraphs(data).into_iter();
    let Some(policy) = paragraphs.next().and_then(Policy::parse) else {
        return Corpus::Reject;
    };
    let app = TestApp::new(policy.policy.clone());
    let mut any = false;
    for request in paragraphs.filter_map(Request::parse) {
        any = true;
        assert_eq!(
            app.summary(&request),
            policy.wanted(&request),
            "{request:?}"
        );
    }
    if any { Corpus::Keep } else { Corpus::Reject }
});

fn paragraphs(mut text: &[u8]) -> Vec<&[u8]> {
    let mut paragraphs = Vec::new();
    while let Some(end) = text.windows(2).position(|two| two == b"\n\n") {
        paragraphs.push(&text[..end]);
        text = &text[end + 2..];
    }
    paragraphs.push(text);
    paragraphs
}
