//! The check of the response to a preflight: the second half of
//! [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).

use std::time::Duration;

use crate::{
    blocked::Blocked, request::Request, response_checks::cors_check, server::ReceivedResponse,
};

/// What the response to a preflight allows, for the preflight cache.
#[derive(Debug)]
pub(crate) struct Permissions {
    pub(crate) methods: Vec<String>,
    pub(crate) header_names: Vec<String>,
    pub(crate) max_age: Duration,
}

/// CORS-preflight fetch, step 7.
///
/// The CORS check and the wildcards depend on the credentials mode of the actual request, `request`. The preflight itself
/// never has credentials.
pub(crate) fn check_response(
    request: &Request,
    response: &ReceivedResponse,
) -> Result<Permissions, Blocked> {
    cors_check(request, &response.headers).map_err(Blocked::PreflightCorsCheck)?;
    if !fetch_standard::is_ok_status(response.status) {
        return Err(Blocked::PreflightStatus(response.status));
    }

    // Steps 7.1 to 7.3.
    let tokens = |name: &str| response.headers.tokens(name);
    let methods = tokens("access-control-allow-methods")
        .map_err(|_| Blocked::PreflightList("Access-Control-Allow-Methods"))?;
    let header_names = tokens("access-control-allow-headers")
        .map_err(|_| Blocked::PreflightList("Access-Control-Allow-Headers"))?
        .unwrap_or_default();

    // Step 7.4: the flag forced this preflight, so the method is stored in the cache even if the server lists no methods.
    let methods = match methods {
        None if request.use_cors_preflight => vec![request.method.clone()],
        methods => methods.unwrap_or_default(),
    };

    // Step 7.5: methods are case-sensitive.
    let is_wildcard =
        |list: &[String]| !request.includes_credentials() && list.iter().any(|item| item == "*");
    if !methods.contains(&request.method)
        && !fetch_standard::is_safelisted_method(request.method.as_bytes())
        && !is_wildcard(&methods)
    {
        return Err(Blocked::PreflightMethod(request.method.clone()));
    }

    // Step 7.6: header names are case-insensitive. A wildcard does not cover `Authorization`.
    let is_named = |name: &str| {
        header_names
            .iter()
            .any(|item| item.eq_ignore_ascii_case(name))
    };
    let non_wildcard = fetch_standard::NON_WILDCARD_REQUEST_HEADER;
    if request.headers.contains(non_wildcard) && !is_named(non_wildcard) {
        return Err(Blocked::PreflightHeader(non_wildcard.to_owned()));
    }

    // Step 7.7.
    if let Some(name) = request
        .unsafe_header_names()
        .into_iter()
        .find(|name| !is_named(name) && !is_wildcard(&header_names))
    {
        return Err(Blocked::PreflightHeader(name.to_owned()));
    }

    // Steps 7.8 and 7.9.
    let max_age = match response.headers.delta_seconds("access-control-max-age") {
        Ok(Some(seconds)) => seconds,
        Ok(None) | Err(_) => fetch_standard::DEFAULT_MAX_AGE.into(),
    };
    Ok(Permissions {
        methods,
        header_names,
        max_age: Duration::from_secs(max_age),
    })
}
