//! URL schemes and ports.

/// The [special schemes](https://url.spec.whatwg.org/#special-scheme) whose URLs have an origin that is not opaque,
/// each with its default port. `file` is special too, but its origins are opaque.
pub const DEFAULT_PORTS: [(&str, u16); 5] = [
    ("https", 443),
    ("http", 80),
    ("wss", 443),
    ("ws", 80),
    ("ftp", 21),
];

/// The default port of a [special scheme](https://url.spec.whatwg.org/#special-scheme); `None` for any other scheme.
///
/// `scheme` is in lower case, as URL parsers return it.
#[must_use]
pub fn default_port(scheme: &str) -> Option<u16> {
    DEFAULT_PORTS
        .iter()
        .find(|(special, _)| *special == scheme)
        .map(|(_, port)| *port)
}

/// [Bad ports](https://fetch.spec.whatwg.org/#bad-port): browsers do not connect to these ports.
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];

/// Whether `port` is a [bad port](https://fetch.spec.whatwg.org/#bad-port), to which browsers do not connect.
#[must_use]
pub fn is_bad_port(port: u16) -> bool {
    BAD_PORTS.contains(&port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_ports_match_the_standard() {
        let ports: Vec<u16> = "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 \
             110 111 113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 \
             554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 \
             6667 6668 6669 6679 6697 10080"
            .split_whitespace()
            .map(|port| port.parse().expect("a port"))
            .collect();
        assert_eq!(BAD_PORTS.to_vec(), ports);
    }
}
