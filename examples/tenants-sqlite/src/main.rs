//! Tenants that each have a host and their own origins, in a table: `cargo run -p tenants-sqlite -- tenants.sqlite`.
//!
//! The table is asked by host and origin when an origin comes. An origin of a tenant is an entry as anywhere else, such
//! as `https://*.red.example`; with such a pattern, anyone can invent origins that are allowed, and fill the table of kept
//! answers with them. If one of them is wrong, that tenant is denied and no other, and the log says which.
#![expect(clippy::print_stdout, reason = "it prints commands to try")]

use std::{
    env, io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_cors_policy::{Cors, CorsPolicy, CorsRequest, OriginLookup, OriginQuery};
use actix_web::{App, HttpServer, rt::task::spawn_blocking, web};
use rusqlite::Connection;

/// A connection, one call at a time. With a database in the network, this is a pool.
type Database = Arc<Mutex<Connection>>;

#[actix_web::main]
async fn main() -> io::Result<()> {
    env_logger::init_from_env(env_logger::Env::new().default_filter_or("info"));
    let path = env::args().nth(1).unwrap_or_else(|| ":memory:".to_owned());
    let database = open(&path).map_err(io::Error::other)?;
    let cors = Cors::new(
        CorsPolicy::builder()
            // Not of a tenant, so it is never looked up.
            .allow_origin("https://admin.example.com")
            .allow_origin_lookup(tenants(&database))
            .allow_headers(["content-type", "authorization"])
            .build()?,
    );

    let port = env::var("PORT").unwrap_or_else(|_| "8086".to_owned());
    let address = format!("127.0.0.1:{port}");
    let server = HttpServer::new(move || {
        App::new()
            .route("/", web::get().to(|| async { "hello" }))
            .wrap(cors.clone())
    })
    .bind(&address)
    .map_err(|error| io::Error::other(format!("cannot listen on {address}: {error}")))?;
    for address in server.addrs() {
        println!(
            "Try: curl -i http://{address} -H 'Host: api.red.example' -H 'Origin: https://shop.red.example'"
        );
    }
    server.run().await
}

/// Creates the table and two tenants, if there is none.
fn open(path: &str) -> rusqlite::Result<Database> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS origins (host TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (host, origin));
         INSERT INTO origins
             SELECT * FROM (VALUES
                 ('api.red.example', 'https://red.example'),
                 ('api.red.example', 'https://*.red.example'),
                 ('api.blue.example', 'https://blue.example'))
             WHERE NOT EXISTS (SELECT 1 FROM origins);",
    )?;
    Ok(Arc::new(Mutex::new(connection)))
}

fn tenants(database: &Database) -> OriginLookup {
    let database = Arc::clone(database);
    OriginLookup::new(move |query: OriginQuery| {
        let database = Arc::clone(&database);
        async move {
            // SQLite blocks, and a look-up must not.
            let asked = spawn_blocking(move || is_allowed(&database, &query));
            asked.await.map_err(|error| error.to_string())?
        }
    })
    .by_host()
    // How long a change may take to be seen.
    .keep_allowed(Duration::from_secs(30), 10_000)
    .keep_denied(Duration::from_secs(5), 1_000)
}

fn is_allowed(database: &Database, query: &OriginQuery) -> Result<bool, String> {
    let Some(host) = query.host() else {
        return Ok(false);
    };
    let entries = entries(database, host).map_err(|error| error.to_string())?;
    if entries.is_empty() {
        return Ok(false);
    }
    // As an entry is understood anywhere else: what is refused there is refused here.
    let tenant = CorsPolicy::builder().allow_origins(entries).build();
    let tenant = tenant.map_err(|errors| format!("tenant {host}: {errors}"))?;
    let request = CorsRequest::actual(query.origin(), "GET");
    Ok(tenant.explain(&request).is_allowed())
}

fn entries(database: &Database, host: &str) -> rusqlite::Result<Vec<String>> {
    let connection = database.lock().unwrap_or_else(PoisonError::into_inner);
    let mut select =
        connection.prepare("SELECT origin FROM origins WHERE host = ?1 ORDER BY origin")?;
    select.query_map([host], |row| row.get(0))?.collect()
}

#[cfg(test)]
mod tests {
    use std::thread;

    use actix_web::{
        HttpResponse,
        test::{TestRequest, call_service, init_service},
    };

    use super::*;

    fn execute(database: &Database, statement: &str) {
        let connection = database.lock().expect("no test panicked");
        connection.execute_batch(statement).expect("it is SQL");
    }

    #[actix_web::test]
    async fn each_tenant_has_its_origins_and_a_bad_row_denies_that_tenant_alone() {
        let database = open(":memory:").expect("a database");
        let short = Duration::from_millis(1);
        let lookup = tenants(&database)
            .keep_allowed(short, 10)
            .keep_denied(short, 10);
        let policy = CorsPolicy::builder().allow_origin_lookup(lookup);
        let cors = Cors::new(policy.build().expect("a policy"));
        let app = App::new()
            .default_service(web::to(HttpResponse::Ok))
            .wrap(cors);
        let app = init_service(app).await;
        let is_allowed = async |host: &str, origin: &str| {
            // What was kept is over.
            thread::sleep(2 * short);
            let request = TestRequest::get()
                .insert_header(("host", host))
                .insert_header(("origin", origin));
            let response = call_service(&app, request.to_request()).await;
            response
                .headers()
                .contains_key("access-control-allow-origin")
        };
        let (red, blue) = ("api.red.example", "api.blue.example");
        assert!(is_allowed(red, "https://red.example").await);
        assert!(is_allowed("API.RED.example:8086", "https://a.b.red.example").await);
        assert!(!is_allowed(red, "https://blue.example").await);
        assert!(!is_allowed(red, "http://red.example").await);
        assert!(is_allowed(blue, "https://blue.example").await);
        assert!(!is_allowed(blue, "https://red.example").await);
        assert!(!is_allowed("api.green.example", "https://red.example").await);

        for bad in [
            "https://red.example/app",
            "*",
            "https://*.com",
            "red.example",
        ] {
            execute(
                &database,
                &format!("INSERT INTO origins VALUES ('{red}', '{bad}')"),
            );
            assert!(!is_allowed(red, "https://red.example").await, "{bad}");
            assert!(is_allowed(blue, "https://blue.example").await, "{bad}");
            execute(
                &database,
                &format!("DELETE FROM origins WHERE origin = '{bad}'"),
            );
            assert!(is_allowed(red, "https://red.example").await, "{bad}");
        }

        execute(
            &database,
            &format!("INSERT INTO origins VALUES ('{red}', 'https://red.example/app')"),
        );
        let lookup = super::is_allowed(&database, &query(red).await);
        assert_eq!(
            lookup.expect_err("the row is bad"),
            "tenant api.red.example: allow_origins, entry 3: origin must not have a path: `https://red.example/app` \
             (write `https://red.example`)"
        );
        execute(&database, "DROP TABLE origins");
        assert!(!is_allowed(blue, "https://blue.example").await, "no table");
    }

    /// What a look-up is asked about a host.
    async fn query(host: &'static str) -> OriginQuery {
        let asked = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&asked);
        let lookup = OriginLookup::new(move |query| {
            *kept.lock().expect("no panic") = Some(query);
            async { Ok::<_, String>(true) }
        });
        let policy = CorsPolicy::builder().allow_origin_lookup(lookup.by_host());
        let cors = Cors::new(policy.build().expect("a policy"));
        let app = App::new()
            .default_service(web::to(HttpResponse::Ok))
            .wrap(cors);
        let app = init_service(app).await;
        let request = TestRequest::get()
            .insert_header(("host", host))
            .insert_header(("origin", "https://red.example"));
        call_service(&app, request.to_request()).await;
        let query = asked.lock().expect("no panic").take();
        query.expect("it was asked")
    }
}
