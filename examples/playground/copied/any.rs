use actix_cors_policy::{CorsPolicy, PolicyErrors};

fn cors_policy() -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder()
        .allow_any_origin()
        .allow_any_method()
        .allow_any_header()
        .allow_headers(["authorization"])
        .expose_any_header()
        .danger_omit_vary_for_any_origin()
        .build()
}
