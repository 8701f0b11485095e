use actix_cors_policy::{CorsPolicy, PolicyErrors};

fn cors_policy() -> Result<CorsPolicy, PolicyErrors> {
    CorsPolicy::builder()
        .allow_any_origin()
        .allow_credentials_for(["https://app.example.com"])
        .build()
}
