//! The same API behind our middleware, with the equivalent policy of each row.

use actix_cors_policy::{Cors, CorsPolicy};
use actix_web::web;

use crate::{api, row::Row};

/// Serves the policy of each row below the name of the row. Returns the port.
pub fn serve(rows: &[Row]) -> Result<u16, String> {
    let mut layers: Vec<(String, Cors)> = Vec::new();
    for row in rows {
        let path = format!("/{}", row.name);
        let policy = row.policy()?;
        let layer = match row.prefix {
            None => Cors::new(policy),
            Some(prefix) => Cors::new(CorsPolicy::deny_all())
                .at(format!("{path}{prefix}"), policy)
                .map_err(|errors| errors.to_string())?,
        };
        layers.push((path, layer));
    }
    api::serve(move |config| {
        for (path, layer) in &layers {
            let scope = web::scope(path).configure(api::routes);
            config.service(scope.wrap(layer.clone()));
        }
    })
}
