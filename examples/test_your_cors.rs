//! Tests of your own CORS policy: which pages can use this app, and for what.
//!
//! `cargo test --example test_your_cors`
#![expect(clippy::print_stdout, reason = "it prints a command to try")]

use std::{env, io};

use actix_cors_policy::{Cors, CorsPolicy, PolicyErrors};
use actix_web::{App, HttpResponse, HttpServer, web};

fn cors() -> Result<Cors, PolicyErrors> {
    let policy = CorsPolicy::builder()
        .allow_origin("https://app.example.com")
        .allow_methods(["PUT"])
        .allow_headers(["content-type"])
        .expose_headers(["x-request-id"])
        .allow_credentials()
        .build()?;
    Ok(Cors::new(policy))
}

fn routes(config: &mut web::ServiceConfig) {
    let save = || async {
        HttpResponse::Ok()
            .insert_header(("x-request-id", "7"))
            .body("saved")
    };
    config.route("/items/{id}", web::put().to(save));
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let cors = cors()?;
    let port = env::var("PORT").unwrap_or_else(|_| "8086".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || App::new().configure(routes).wrap(cors.clone()))
        .bind(&address)
        .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!(
            "Try: curl -i -X PUT http://{address}/items/7 -H 'Origin: https://app.example.com'"
        );
    }
    server.run().await
}

#[cfg(test)]
mod tests {
    use actix_web::test;
    use cors_test_browser::{Blocked, Browser, CorsCheckError, Credentials, Fetch};

    use super::*;

    fn save() -> Fetch {
        Fetch::put("https://api.example.com/items/7")
            .header("content-type", "application/json")
            .credentials(Credentials::Include)
            .body("{}")
    }

    #[actix_web::test]
    async fn our_page_can_save_items() {
        let app = App::new().configure(routes).wrap(cors().unwrap());
        let app = test::init_service(app).await;
        let mut browser = Browser::at("https://app.example.com");
        let response = browser.fetch(&app, save()).await;
        assert_eq!(response.blocked_by(), None);
        assert_eq!(
            (response.status(), response.text().as_str()),
            (200, "saved")
        );
        assert_eq!(response.header("x-request-id"), Some("7"));
        assert_eq!(response.preflights(), 1);
    }

    #[actix_web::test]
    async fn other_pages_cannot_save_items() {
        let app = App::new().configure(routes).wrap(cors().unwrap());
        let app = test::init_service(app).await;
        for other in [
            "https://evil.example",
            "http://app.example.com",
            "http://localhost:5173",
        ] {
            let response = Browser::at(other).fetch(&app, save()).await;
            let denied = Blocked::PreflightCorsCheck(CorsCheckError::Missing);
            assert_eq!(response.blocked_by(), Some(denied), "{other}");
        }
    }
}
