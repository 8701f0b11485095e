#![no_main]
//! Compares the check of `Access-Control-Request-Headers`, in any number of lines, with the model. The first byte of the
//! input selects the policy. Each following line is a line of the header.

use actix_cors_policy_fuzz::{TestApp, Policy, Request, header_value};
use actix_web::http::{
    Method,
    header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN},
};
use libfuzzer_sys::{Corpus, fuzz_target};

const POLICIES: [&str; 6] = [
    "ALLOWED_HEADERS=x-a,X-Bb,content-type,authorization",
    "ALLOWED_HEADERS=x-a,X-Bb,content-type,authorization\nALLOW_CREDENTIALS=1",
    "ALLOWED_HEADERS=*",
    "ALLOWED_HEADERS=*\nALLOW_CREDENTIALS=1",
    "ALLOWED_HEADERS=*,authorization\nALLOW_CREDENTIALS=1",
    "MAX_AGE=1",
];

thread_local! {
    static LAYERS: Vec<(Policy, TestApp)> = POLICIES
        .iter()
        .map(|vars| {
            let vars = format!("ALLOWED_ORIGINS=https://a.example\n{vars}");
            let policy = Policy::parse(vars.as_bytes()).expect("a policy");
            let app = TestApp::new(policy.policy.clone());
            (policy, app)
        })
        .collect();
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((choice, lines)) = data.split_first() else {
        return Corpus::Reject;
    };
    let mut request = Request::new(Method::OPTIONS);
    request.headers = vec![
        (ORIGIN, HeaderValue::from_static("https://a.example")),
        (
            ACCESS_CONTROL_REQUEST_METHOD,
            HeaderValue::from_static("GET"),
        ),
    ];
    for line in lines.split(|&byte| byte == b'\n').skip(1) {
        let Some(value) = header_value(line) else {
            return Corpus::Reject;
        };
        request
            .headers
            .push((ACCESS_CONTROL_REQUEST_HEADERS, value));
    }
    LAYERS.with(|apps| {
        let (policy, app) = &apps[usize::from(*choice) % apps.len()];
        assert_eq!(app.summary(&request), policy.wanted(&request));
    });
    Corpus::Keep
});
