//! actix-cors, in front of the same API.

use actix_web::web;

use crate::{
    api,
    row::Row,
    systems::{
        actix_cors_rows,
        actix_cors_setups::SETUPS,
        facts_of_frameworks,
        system::{Running, System},
    },
};
pub const ACTIX_CORS: System = System {
    name: "actix-cors",
    title: "actix-cors 0.7.2",
    defaults: None,
    common: Vec::new,
    rows: actix_cors_rows::rows,
    options: || Ok(SETUPS.map(|(name, ..)| name.to_owned()).into()),
    facts: facts_of_frameworks::actix_cors,
    start,
};

fn start(_: u16, rows: &[Row]) -> Result<Running, String> {
    let port = api::serve(|config| {
        for (name, _, cors) in SETUPS {
            let scope = web::scope(&format!("/{name}")).configure(api::routes);
            config.service(scope.wrap(cors()));
        }
    })?;
    Ok(Running::below(port, rows))
}
