//! What the response to a preflight allows, by [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).

use std::time::Duration;

use crate::{blocked::Blocked, check::cors_check, request::Request, server::Received};

/// What a preflight allows, for the cache.
#[derive(Debug)]
pub(crate) struct Allowed {
    pub(crate) methods: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) max_age: Duration,
}

/// Checks the response, by step 7. What is checked is the request, not the preflight: its credentials mode counts.
pub(crate) fn check(request: &Request, response: &Received) -> Result<Allowed, Blocked> {
    cors_check(request, &response.headers).map_err(Blocked::PreflightCheck)?;
    if !fetch_standard::is_ok_status(response.status) {
        return Err(Blocked::PreflightStatus(response.status));
    }

    // Steps 7.1 to 7.3.
    let tokens = |name: &str| response.headers.tokens(name);
    let methods = tokens("access-control-allow-methods")
        .map_err(|_| Blocked::PreflightList("Access-Control-Allow-Methods"))?;
    let names = tokens("access-control-allow-headers")
        .map_err(|_| Blocked::PreflightList("Access-Control-Allow-Headers"))?
        .unwrap_or_default();

    // Step 7.4: so that it is remembered.
    let methods = match methods {
        None if request.use_cors_preflight => vec![request.method.clone()],
        methods => methods.unwrap_or_default(),
    };

    // Step 7.5: methods are compared with case.
    let is_wildcard =
        |list: &[String]| !request.includes_credentials() && list.iter().any(|item| item == "*");
    if !methods.contains(&request.method)
        && !fetch_standard::is_safelisted_method(request.method.as_bytes())
        && !is_wildcard(&methods)
    {
        return Err(Blocked::PreflightMethod(request.method.clone()));
    }

    // Step 7.6: names are compared without.
    let is_named = |name: &str| names.iter().any(|item| item.eq_ignore_ascii_case(name));
    let non_wildcard = fetch_standard::NON_WILDCARD_REQUEST_HEADER;
    if request.headers.contains(non_wildcard) && !is_named(non_wildcard) {
        return Err(Blocked::PreflightHeader(non_wildcard.to_owned()));
    }

    // Step 7.7.
    if let Some(name) = request
        .unsafe_header_names()
        .into_iter()
        .find(|name| !is_named(name) && !is_wildcard(&names))
    {
        return Err(Blocked::PreflightHeader(name.to_owned()));
    }

    // Steps 7.8 and 7.9.
    let max_age = match response.headers.seconds("access-control-max-age") {
        Ok(Some(seconds)) => seconds,
        Ok(None) | Err(_) => fetch_standard::DEFAULT_MAX_AGE.into(),
    };
    Ok(Allowed {
        methods,
        names,
        max_age: Duration::from_secs(max_age),
    })
}
