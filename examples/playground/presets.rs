//! Policies to start from, with the ports of this run.

use serde::Serialize;

use crate::addresses::Addresses;

#[derive(Serialize)]
pub(crate) struct Preset {
    name: &'static str,
    text: String,
}

/// The text of the policy that is in force at first.
pub(crate) fn first(addresses: Addresses) -> String {
    one_page(addresses)
}

pub(crate) fn all(addresses: Addresses) -> [Preset; 7] {
    let playground = addresses.playground();
    let app = addresses.page_at("app.localhost");
    let previews = addresses.page_at("*.preview.localhost");
    let regex = addresses.page_at(r"(app|pr-[0-9]+\.preview)\.localhost");
    [
        Preset {
            name: "One page of an app",
            text: one_page(addresses),
        },
        Preset {
            name: "Preview deployments",
            text: format!(
                "# The app, and all of its previews.\n\
                 CORS_ALLOWED_ORIGINS={app}, {previews}\n\
                 CORS_ALLOWED_METHODS=PUT, DELETE\n\
                 CORS_ALLOWED_HEADERS=content-type, authorization\n"
            ),
        },
        Preset {
            name: "Public API",
            text: "# Any page may read, without credentials.\n\
                   CORS_ALLOWED_ORIGINS=*\n\
                   CORS_ALLOWED_HEADERS=content-type\n\
                   CORS_EXPOSED_HEADERS=*\n"
                .to_owned(),
        },
        Preset {
            name: "With credentials",
            text: format!(
                "# Pages that may act for the user.\n\
                 CORS_ALLOWED_ORIGINS={playground}\n\
                 CORS_ALLOWED_ORIGIN_REGEXES={regex}\n\
                 CORS_ALLOW_CREDENTIALS=true\n\
                 CORS_ALLOWED_METHODS=PUT, DELETE\n\
                 CORS_ALLOWED_HEADERS=content-type, authorization, x-tenant\n\
                 CORS_EXPOSED_HEADERS=x-request-id\n"
            ),
        },
        Preset {
            name: "Reject denied origins",
            text: format!(
                "# Denied origins get 403, before the handler.\n\
                 CORS_ALLOWED_ORIGINS={app}\n\
                 CORS_REJECT_DENIED_ORIGINS=true\n"
            ),
        },
        Preset {
            name: "Deny all",
            text: "# No other origin may read.\n\
                   CORS_ALLOWED_ORIGINS=none\n"
                .to_owned(),
        },
        Preset {
            name: "With mistakes",
            text: format!(
                "# Each mistake is named, with its remedy.\n\
                 CORS_ALLOWED_ORIGINS={app}/, https://*.com\n\
                 CORS_ALLOWED_ORIGIN_REGEXES=https://.*example\\.com\n\
                 CORS_ALLOWED_METHOD=PUT\n\
                 CORS_MAX_AGE=1d\n\
                 CORS_ALLOW_CREDENTIALS\n"
            ),
        },
    ]
}

fn one_page(addresses: Addresses) -> String {
    format!(
        "# One page may call this API.\n\
         CORS_ALLOWED_ORIGINS={}\n\
         CORS_ALLOWED_METHODS=PUT\n\
         CORS_ALLOWED_HEADERS=content-type, x-tenant\n\
         CORS_EXPOSED_HEADERS=x-request-id\n",
        addresses.page_at("app.localhost")
    )
}
