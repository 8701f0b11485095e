use std::time::Duration;

use actix_cors_policy::{CorsPolicy, PolicyErrors};

fn cors_policy() -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder()
        .allow_origins([
            "https://app.example.com",
            "https://*.preview.example.com",
            "http://localhost:*",
        ])
        .allow_origin_regex(r"https://pr-[0-9]{1,4}\.example\.dev$")
        .allow_origin_regex(r##"https://(a|'|"#|b)\.example\.dev"##)
        .allow_methods(["PUT", "DELETE", "PATCH", "PROPFIND", "REPORT", "MKCOL"])
        .allow_headers(["content-type", "Authorization"])
        .expose_headers(["x-request-id"])
        .allow_credentials()
        .reject_denied_origins()
        .own_origins(["https://api.example.com"])
        .danger_allow_insecure_origins()
        .danger_allow_public_suffix_subdomains()
        .danger_allow_lax_regexes()
        .danger_trust_forwarded_headers()
        .max_age(Duration::from_secs(600))
        .preflight_status(200)
        .diagnostics()
        .build()
}
