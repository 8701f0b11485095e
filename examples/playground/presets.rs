//! Example policies, with the ports of this run.

use serde::Serialize;

use crate::origins::Origins;

#[derive(Serialize)]
pub(crate) struct Preset {
    name: &'static str,
    text: String,
}

/// The text of the first policy.
pub(crate) fn first(origins: Origins) -> String {
    one_page(origins)
}

pub(crate) fn all(origins: Origins) -> [Preset; 7] {
    let playground = origins.playground();
    let app = origins.page_at("app.localhost");
    let previews = origins.page_at("*.preview.localhost");
    let regex = origins.page_at(r"(app|pr-[0-9]+\.preview)\.localhost");
    [
        Preset {
            name: "One page of an app",
            text: one_page(origins),
        },
        Preset {
            name: "Preview deployments",
            text: format!(
                "# The app and all its preview deployments.\n\
                 CORS_ALLOWED_ORIGINS={app}, {previews}\n\
                 CORS_ALLOWED_METHODS=PUT, DELETE\n\
                 CORS_ALLOWED_HEADERS=content-type, authorization\n"
            ),
        },
        Preset {
            name: "Public API",
            text: "# Every page may read responses, without credentials.\n\
                   CORS_ALLOWED_ORIGINS=*\n\
                   CORS_ALLOWED_HEADERS=content-type\n\
                   CORS_EXPOSED_HEADERS=*\n"
                .to_owned(),
        },
        Preset {
            name: "With credentials",
            text: format!(
                "# These pages may send requests with the user's cookies.\n\
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
                "# Requests of denied origins get 403 before the handler runs.\n\
                 CORS_ALLOWED_ORIGINS={app}\n\
                 CORS_REJECT_DENIED_ORIGINS=true\n"
            ),
        },
        Preset {
            name: "Deny all",
            text: "# No page of another origin may read responses.\n\
                   CORS_ALLOWED_ORIGINS=none\n"
                .to_owned(),
        },
        Preset {
            name: "With errors",
            text: format!(
                "# Each error is shown with a suggestion.\n\
                 CORS_ALLOWED_ORIGINS={app}/, https://*.com\n\
                 CORS_ALLOWED_ORIGIN_REGEXES=https://.*example\\.com\n\
                 CORS_ALLOWED_METHOD=PUT\n\
                 CORS_MAX_AGE=1d\n\
                 CORS_ALLOW_CREDENTIALS\n"
            ),
        },
    ]
}

fn one_page(origins: Origins) -> String {
    format!(
        "# Pages of one origin may use this API.\n\
         CORS_ALLOWED_ORIGINS={}\n\
         CORS_ALLOWED_METHODS=PUT\n\
         CORS_ALLOWED_HEADERS=content-type, x-tenant\n\
         CORS_EXPOSED_HEADERS=x-request-id\n",
        origins.page_at("app.localhost")
    )
}
