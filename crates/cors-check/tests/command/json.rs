//! What machines read.

use crate::run;

#[test]
fn machines_read_json() {
    let vars = [
        ("CORS_ALLOWED_ORIGINS", "https://a.example"),
        ("CORS_MAX_AGE", "60"),
    ];
    let (status, text) = run(
        &vars,
        &[
            "--format",
            "json",
            "--origin",
            "http://a.example",
            "--method",
            "PUT",
        ],
    );
    assert_eq!(status, Some(3));
    assert_eq!(
        text,
        concat!(
            r#"{"prefix":"CORS_","good":true,"policy":{"origins":["https://a.example"],"methods":["GET","HEAD","POST"],"#,
            r#""headers":[],"exposed_headers":[],"credentials":false,"max_age":60,"preflight_status":204,"#,
            r#""rejects_denied_origins":false},"warnings":[],"errors":[],"request":{"outcome":"denied","#,
            r#""allowed_by":null,"denial":"OriginNotAllowed","reason":"origin `http://a.example` is not allowed","#,
            r#""near_miss":{"sentence":"`http` where the entry has `https`","entry":"https://a.example","#,
            r#""location":"CORS_ALLOWED_ORIGINS, entry 1"},"causes":[{"denial":"OriginNotAllowed","#,
            r#""reason":"origin `http://a.example` is not allowed","fix":"serve the page over https: that origin is allowed; or, if you trust it and the network, add `http://a.example` to `CORS_ALLOWED_ORIGINS`"},"#,
            r#"{"denial":"MethodNotAllowed","reason":"method `PUT` is not allowed","#,
            r#""fix":"add `PUT` to `CORS_ALLOWED_METHODS`"}],"#,
            r#""needs_preflight":true,"preflight":{"outcome":"denied","#,
            r#""allowed_by":null,"denial":"OriginNotAllowed","reason":"origin `http://a.example` is not allowed","#,
            r#""near_miss":{"sentence":"`http` where the entry has `https`","entry":"https://a.example","#,
            r#""location":"CORS_ALLOWED_ORIGINS, entry 1"},"causes":[{"denial":"OriginNotAllowed","#,
            r#""reason":"origin `http://a.example` is not allowed","fix":"serve the page over https: that origin is allowed; or, if you trust it and the network, add `http://a.example` to `CORS_ALLOWED_ORIGINS`"},"#,
            r#"{"denial":"MethodNotAllowed","reason":"method `PUT` is not allowed","#,
            r#""fix":"add `PUT` to `CORS_ALLOWED_METHODS`"}],"#,
            r#""needs_preflight":false,"preflight":null,"status":403,"#,
            r#""headers":[{"name":"vary","value":"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}]},"#,
            r#""status":null,"headers":[{"name":"vary","value":"Origin"}]}}"#,
            "\n"
        )
    );
    let (status, text) = run(&[("CORS_ALLOWED_ORIGINS", "x")], &["--format", "json"]);
    assert_eq!(status, Some(1));
    assert_eq!(
        text,
        concat!(
            r#"{"prefix":"CORS_","good":false,"policy":null,"warnings":[],"errors":[{"kind":"Scheme","#,
            r#""location":"CORS_ALLOWED_ORIGINS, entry 1","value":"x","message":"CORS_ALLOWED_ORIGINS, entry 1: "#,
            r#"origin must have a scheme: `x` (write scheme, host and port, such as `https://app.example.com`)"}],"request":null}"#,
            "\n"
        )
    );
}
