//! What is a serialized origin, and what is not one.

use actix_cors_policy::Origin;

use crate::rows::{optional, table};

#[test]
fn well_formed_origins_are_parsed_and_other_text_is_not() {
    let rows = table(include_str!("data/origins.tsv"));
    assert!(rows.len() >= 126);
    for [scheme, host, port, text] in &rows {
        let origin = Origin::parse(text);
        let Some(scheme) = optional(scheme) else {
            assert_eq!(origin, None, "{text:?}");
            continue;
        };
        let origin = origin.unwrap_or_else(|| panic!("{text} is well formed"));
        let port = optional(port).map(|port| port.parse().expect("a port"));
        assert_eq!(
            (origin.scheme(), origin.host(), origin.port()),
            (scheme, host.as_str(), port),
            "{text}"
        );
        assert_eq!(origin.to_string(), *text);
    }
}
