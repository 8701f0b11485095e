//! Policies to start from, with the ports of this run.

use serde::Serialize;

use crate::places::Places;

#[derive(Serialize)]
pub(crate) struct Preset {
    name: &'static str,
    text: String,
}

/// The text of the policy that is in force at first.
pub(crate) fn first(places: Places) -> String {
    one_page(places)
}

pub(crate) fn all(places: Places) -> [Preset; 7] {
    let Places { pages, .. } = places;
    let playground = places.playground();
    [
        Preset {
            name: "One page of an app",
            text: one_page(places),
        },
        Preset {
            name: "Preview deployments",
            text: format!(
                "# The app, and every preview of it: one label or more before the host.\n\
                 CORS_ALLOWED_ORIGINS=http://app.localhost:{pages}, http://*.preview.localhost:{pages}\n\
                 CORS_ALLOWED_METHODS=PUT, DELETE\n\
                 CORS_ALLOWED_HEADERS=content-type, authorization\n"
            ),
        },
        Preset {
            name: "Public API",
            text: "# Any page may read, and none is known by its cookies.\n\
                   CORS_ALLOWED_ORIGINS=*\n\
                   CORS_ALLOWED_HEADERS=content-type\n\
                   CORS_EXPOSED_HEADERS=*\n"
                .to_owned(),
        },
        Preset {
            name: "With credentials",
            text: format!(
                "# Pages that are trusted with what a user may do.\n\
                 CORS_ALLOWED_ORIGINS={playground}\n\
                 CORS_ALLOWED_ORIGIN_REGEXES=http://(app|pr-[0-9]+\\.preview)\\.localhost:{pages}\n\
                 CORS_ALLOW_CREDENTIALS=true\n\
                 CORS_ALLOWED_METHODS=PUT, DELETE\n\
                 CORS_ALLOWED_HEADERS=content-type, authorization, x-tenant\n\
                 CORS_EXPOSED_HEADERS=x-request-id\n"
            ),
        },
        Preset {
            name: "Rejecting",
            text: format!(
                "# Requests of denied origins do not reach the handlers.\n\
                 CORS_ALLOWED_ORIGINS=http://app.localhost:{pages}\n\
                 CORS_REJECT_DENIED_ORIGINS=true\n"
            ),
        },
        Preset {
            name: "Deny all",
            text: "# No page of another origin has any business here.\n\
                   CORS_ALLOWED_ORIGINS=none\n"
                .to_owned(),
        },
        Preset {
            name: "With mistakes",
            text: format!(
                "# Nothing of this comes into force: each mistake is named, with its remedy.\n\
                 CORS_ALLOWED_ORIGINS=http://app.localhost:{pages}/, https://*.com\n\
                 CORS_ALLOWED_ORIGIN_REGEXES=https://.*example\\.com\n\
                 CORS_ALLOWED_METHOD=PUT\n\
                 CORS_MAX_AGE=1d\n\
                 CORS_ALLOW_CREDENTIALS\n"
            ),
        },
    ]
}

fn one_page(places: Places) -> String {
    format!(
        "# One page may call this API.\n\
         CORS_ALLOWED_ORIGINS=http://app.localhost:{}\n\
         CORS_ALLOWED_METHODS=PUT\n\
         CORS_ALLOWED_HEADERS=content-type, x-tenant\n\
         CORS_EXPOSED_HEADERS=x-request-id\n",
        places.pages
    )
}
