use actix_cors_policy::{CorsPolicy, PolicyErrors};

fn cors_policy() -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder()
        .allow_no_origin()
        .build()
}
