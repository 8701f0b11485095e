//! Ports that stand for origins in a list.

/// The origins of an entry in which ports stand for origins: `http://localhost:3000 and 3001`, or `3001` behind one.
pub(super) fn ports_behind(
    values: &[String],
    entry: &str,
    one: fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    /// A longer list is not shown as a whole, and each port is compared with what is before it.
    const LONGEST: usize = 256;
    if values.len() > LONGEST || entry.len() > 16 * LONGEST {
        return None;
    }
    let mut more: Vec<String> = Vec::new();
    let mut has_port = false;
    let words = entry.split_ascii_whitespace();
    for word in words.filter(|word| !["and", "or", "&"].contains(word)) {
        let origin = match more.last() {
            // `https://a.example 8443` may be one origin.
            Some(last) => with_port(last, word).filter(|_| has_own_port(last)),
            None => values.last().and_then(|last| with_port(last, word)),
        };
        match origin {
            Some(origin) => {
                has_port = true;
                let origin = one(&origin)?;
                // The default port is left out.
                if !values.contains(&origin) {
                    more.push(origin);
                }
            }
            None if word.contains("://") || word.starts_with("localhost") => more.push(one(word)?),
            None => return None,
        }
    }
    has_port.then_some(more)
}

/// An origin of the web at another port: `3001` or `:3001` behind `http://localhost:3000`.
fn with_port(origin: &str, port: &str) -> Option<String> {
    let port = port.strip_prefix(':').unwrap_or(port);
    let is_port = (2..=5).contains(&port.len()) && is_digits(port);
    let is_of_web = origin.starts_with("http") && !origin.ends_with(":*");
    let host = match has_own_port(origin) {
        true => origin.rsplit_once(':')?.0,
        false => origin,
    };
    (is_port && is_of_web).then(|| format!("{host}:{port}"))
}

fn has_own_port(origin: &str) -> bool {
    let port = origin.rsplit_once(':').map(|(_, port)| port);
    port.is_some_and(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_one_of_the_origin_before_it() {
        for (origin, port, wanted) in [
            (
                "http://localhost:3000",
                "3001",
                Some("http://localhost:3001"),
            ),
            ("https://a.example", ":8443", Some("https://a.example:8443")),
            ("http://[::1]", "3000", Some("http://[::1]:3000")),
            ("http://[::1]:3000", "3001", Some("http://[::1]:3001")),
            (
                "https://*.a.example",
                "8443",
                Some("https://*.a.example:8443"),
            ),
            ("http://localhost:*", "3000", None),
            ("tauri://localhost", "1420", None),
            ("https://a.example", "1", None),
            ("https://a.example", "b", None),
        ] {
            assert_eq!(
                with_port(origin, port).as_deref(),
                wanted,
                "{origin} {port}"
            );
        }
    }
}
