//! Classes of response statuses.

/// [Redirect statuses](https://fetch.spec.whatwg.org/#redirect-status).
const REDIRECT_STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// [Null body statuses](https://fetch.spec.whatwg.org/#null-body-status).
const NULL_BODY_STATUSES: [u16; 5] = [101, 103, 204, 205, 304];

/// Whether `status` is an [ok status](https://fetch.spec.whatwg.org/#ok-status): 200 to 299.
#[must_use]
pub fn is_ok_status(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Whether `status` is a [redirect status](https://fetch.spec.whatwg.org/#redirect-status): 301, 302, 303, 307 or 308.
#[must_use]
pub fn is_redirect_status(status: u16) -> bool {
    REDIRECT_STATUSES.contains(&status)
}

/// Whether `status` is a [null body status](https://fetch.spec.whatwg.org/#null-body-status): 101, 103, 204, 205 or 304.
/// A response with one of these has no body.
#[must_use]
pub fn is_null_body_status(status: u16) -> bool {
    NULL_BODY_STATUSES.contains(&status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_match_the_standard() {
        assert_eq!(REDIRECT_STATUSES, [301, 302, 303, 307, 308]);
        assert_eq!(NULL_BODY_STATUSES, [101, 103, 204, 205, 304]);
    }
}
