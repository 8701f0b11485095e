//! The model: what the design wants every request to be answered, as naive as possible. `fuzz/` reads it too.

use actix_cors_policy::Origin;

/// What a policy is made of, in the words of the variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) entries: Vec<String>,
    pub(crate) regexes: Vec<String>,
    pub(crate) methods: Vec<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) exposed: Vec<String>,
    pub(crate) credentials: bool,
    /// Entries whose origins alone may send them.
    pub(crate) credentials_for: Vec<String>,
    pub(crate) max_age: Option<u32>,
    /// `None` for the default one.
    pub(crate) preflight_status: Option<u16>,
    pub(crate) omit_vary_for_any_origin: bool,
    pub(crate) reject_denied_origins: bool,
    pub(crate) own_origins: Vec<String>,
}

impl Asked {
    pub(crate) fn any_origin(&self) -> bool {
        self.entries == ["*"]
    }
}

/// A request that says of itself nothing else. Bytes of header values are characters, as in Latin-1.
#[derive(Clone, Debug)]
pub(crate) struct Asks {
    pub(crate) method: String,
    /// That of a request over HTTP/2; `None` over HTTP/1.1.
    pub(crate) authority: Option<String>,
    pub(crate) hosts: Vec<String>,
    pub(crate) origins: Vec<String>,
    pub(crate) acrm: Vec<String>,
    pub(crate) acrh: Vec<String>,
    /// `Sec-Fetch-Site`, `Sec-Fetch-Mode` and `Cookie`.
    pub(crate) sites: Vec<String>,
    pub(crate) modes: Vec<String>,
    pub(crate) cookies: Vec<String>,
}

/// Whether an entry admits a well-formed origin, spelled out.
pub(crate) fn entry_admits(entry: &str, origin: &Origin<'_>) -> bool {
    if !entry.contains('*') {
        return entry == origin.as_str();
    }
    let (scheme, rest) = entry.split_once("://").expect("a scheme");
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let host_fits = match host.strip_prefix("*.") {
        Some(base) => origin.host().ends_with(&format!(".{base}")),
        None => origin.host() == host,
    };
    let port_fits = match port {
        Some("*") => true,
        Some(port) => origin.port() == port.parse().ok(),
        None => origin.port().is_none(),
    };
    scheme == origin.scheme() && host_fits && port_fits
}

/// Whether a policy allows the origin of a request that came with these lines of `Origin`.
pub(crate) fn allows_origin(asked: &Asked, origins: &[String]) -> bool {
    let [origin] = origins else {
        return asked.any_origin();
    };
    if asked.any_origin() || may_alone_send_credentials(asked, origins) {
        return true;
    }
    if origin == "null" {
        return asked.entries.iter().any(|entry| entry == "null");
    }
    Origin::parse(origin).is_some_and(|origin| {
        asked
            .entries
            .iter()
            .any(|entry| entry_admits(entry, &origin))
            || asked.regexes.iter().any(|text| {
                let mut whole = regex::bytes::RegexBuilder::new(&format!("^(?:{text})$"));
                let whole = whole.unicode(false).build().expect("a regex");
                whole.is_match(origin.as_str().as_bytes())
            })
    })
}

/// Whether the origin of a request is one of those that may send credentials where others may not.
pub(crate) fn may_alone_send_credentials(asked: &Asked, origins: &[String]) -> bool {
    let [origin] = origins else {
        return false;
    };
    let admits = |origin: &Origin<'_>| {
        let mut entries = asked.credentials_for.iter();
        entries.any(|entry| entry_admits(entry, origin))
    };
    Origin::parse(origin).is_some_and(|origin| admits(&origin))
}

/// Whether an origin is where a request was sent to, over a connection without TLS.
fn is_sent_to(origin: &str, asks: &Asks) -> bool {
    let host = match (&asks.authority, asks.hosts.as_slice()) {
        (Some(authority), _) => authority,
        (None, [host]) => host,
        (None, _) => return false,
    };
    // Native clients send the scheme of their handshake.
    let origin = match origin.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ws") => &format!("http://{rest}"),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("wss") => &format!("https://{rest}"),
        _ => origin,
    };
    [("http", 80), ("https", 443)]
        .iter()
        .any(|(scheme, default)| {
            let host = match host.rsplit_once(':') {
                Some((host, port)) if port.parse::<u16>() == Ok(*default) => host,
                _ => host,
            };
            let sent_to = format!("{scheme}://{}", host.to_ascii_lowercase());
            let (of_origin, rest) = origin.split_at(origin.find("://").unwrap_or_default());
            host.is_ascii() && format!("{of_origin}{}", rest.to_ascii_lowercase()) == sent_to
        })
}

/// Whether a request was sent to one of these origins, by its host.
fn is_sent_to_one_of(own: &[String], asks: &Asks) -> bool {
    own.iter().any(|own| is_sent_to(own, asks))
}

/// Whether a browser or the request itself shows that the page is the service's own.
fn is_same_origin(asked: &Asked, asks: &Asks) -> bool {
    let site = match asks.sites.as_slice() {
        [site] => site.as_str(),
        _ => "",
    };
    let origin = match asks.origins.as_slice() {
        [origin] => origin.as_str(),
        _ => "",
    };
    if !asked.own_origins.is_empty() {
        return asked.own_origins.iter().any(|own| own == origin)
            || site == "same-origin" && is_sent_to_one_of(&asked.own_origins, asks);
    }
    match site {
        "same-origin" => true,
        "same-site" | "cross-site" => false,
        _ => is_sent_to(origin, asks),
    }
}

/// Whether a request, which is no preflight, does not reach the handler.
fn is_rejected(asked: &Asked, asks: &Asks) -> bool {
    let writes = !["GET", "HEAD", "OPTIONS"].contains(&asks.method.as_str());
    if !asked.reject_denied_origins {
        return false;
    }
    if asks.origins.is_empty() {
        let is_cross = asks.sites == ["cross-site"] || asks.sites == ["same-site"];
        return writes && is_cross;
    }
    let may_have_credentials = !asks.cookies.is_empty()
        || asks
            .modes
            .iter()
            .any(|mode| ["navigate", "no-cors"].contains(&mode.as_str()));
    let may_use_them = asked.credentials || may_alone_send_credentials(asked, &asks.origins);
    let is_allowed = allows_origin(asked, &asks.origins);
    let may_act = is_allowed && (!writes || !may_have_credentials || may_use_them);
    !may_act && !is_same_origin(asked, asks)
}

/// The summary that the design wants of a request to a handler of `GET` that sets no header.
pub(crate) fn answer(asked: &Asked, asks: &Asks) -> String {
    let has = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let is_token = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    let allowed = allows_origin(asked, &asks.origins);
    let alone = may_alone_send_credentials(asked, &asks.origins);
    let credentials = asked.credentials || alone;
    let acao = if asked.any_origin() && !alone {
        "*".to_owned()
    } else {
        asks.origins.concat()
    };
    let acac = if credentials {
        "access-control-allow-credentials: true\n"
    } else {
        ""
    };

    let vary_on_origin = !(asked.any_origin() && asked.omit_vary_for_any_origin);

    if asks.method != "OPTIONS" || asks.origins.is_empty() || asks.acrm.is_empty() {
        let status = if asks.method == "GET" { 200 } else { 405 };
        let allowed = if asks.origins.is_empty() {
            asked.any_origin()
        } else {
            allowed
        };
        if is_rejected(asked, asks) {
            return if vary_on_origin {
                "403\nvary: Origin"
            } else {
                "403"
            }
            .to_owned();
        }
        if !allowed {
            return format!("{status}\nvary: Origin");
        }
        let aceh = match (has(&asked.exposed, "*"), credentials) {
            (true, false) => "access-control-expose-headers: *\n".to_owned(),
            // The handler's response has no header that would be listed; the 405 of actix has `allow`. `Vary` is ours.
            (true, true) if status == 405 => {
                "access-control-expose-headers: allow, vary\n".to_owned()
            }
            (true, true) => "access-control-expose-headers: vary\n".to_owned(),
            (false, _) if asked.exposed.is_empty() => String::new(),
            (false, _) => format!(
                "access-control-expose-headers: {}\n",
                asked.exposed.join(", ")
            ),
        };
        let vary = if vary_on_origin { "vary: Origin" } else { "" };
        let text = format!("{status}\n{acac}access-control-allow-origin: {acao}\n{aceh}{vary}");
        return text.trim_end().to_owned();
    }

    let vary = if vary_on_origin {
        "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
    } else {
        "vary: Access-Control-Request-Method, Access-Control-Request-Headers"
    };
    let method_fits = asks.acrm.len() == 1
        && asks.acrm.iter().all(|method| {
            is_token(method)
                && !["CONNECT", "TRACE", "TRACK"].contains(&method.to_uppercase().as_str())
                && (["GET", "HEAD", "POST"].contains(&method.as_str())
                    || has(&asked.methods, method)
                    || has(&asked.methods, "*"))
        });
    let elements: Vec<&str> = asks
        .acrh
        .iter()
        .flat_map(|line| line.split(','))
        .map(|element| element.trim_matches([' ', '\t']))
        .collect();
    let names: Vec<&str> = elements
        .iter()
        .copied()
        .filter(|name| !name.is_empty())
        .collect();
    let known: Vec<String> = asked
        .headers
        .iter()
        .map(|name| name.to_lowercase())
        .collect();
    let headers_fit = elements.len() - names.len() <= 32
        && names.len() <= 256
        && asks.acrh.iter().flat_map(|line| line.chars()).count() <= 8192
        && names.iter().all(|name| {
            let lower = name.to_lowercase();
            is_token(name)
                && (has(&known, &lower) || (has(&known, "*") && lower != "authorization"))
        });
    if !(allowed && method_fits && headers_fit) {
        return format!("403\n{vary}");
    }

    let mut lines = vec![asked.preflight_status.unwrap_or(204).to_string()];
    if credentials {
        lines.push("access-control-allow-credentials: true".to_owned());
    }
    let named: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .filter(|name| *name != "*")
        .collect();
    let acah = match (has(&known, "*"), credentials) {
        (true, false) if has(&known, "authorization") => "*,authorization".to_owned(),
        (true, false) => "*".to_owned(),
        (true, true) if asks.acrh.len() == 1 && elements.len() == names.len() => asks.acrh.concat(),
        (true, true) => names.join(", "),
        (false, _) => named.join(", "),
    };
    if !acah.is_empty() {
        lines.push(format!("access-control-allow-headers: {acah}"));
    }
    let acam = match (has(&asked.methods, "*"), credentials) {
        (true, false) => "*".to_owned(),
        (true, true) => asks.acrm.concat(),
        (false, _) => {
            let mut methods = vec!["GET", "HEAD", "POST"];
            methods.extend(asked.methods.iter().map(String::as_str));
            methods.join(", ")
        }
    };
    lines.push(format!("access-control-allow-methods: {acam}"));
    lines.push(format!("access-control-allow-origin: {acao}"));
    lines.extend(
        asked
            .max_age
            .map(|age| format!("access-control-max-age: {age}")),
    );
    lines.push(vary.to_owned());
    lines.join("\n")
}
