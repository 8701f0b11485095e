//! Several thousand values of `Origin` that somebody hoped would pass for one of another.
//!
//! Each is what stands between `origin: ` and the end of the header's last line: raw bytes, with further lines after a
//! line break in some. Most are made from shapes, because a shape is what a reader can check and what an allowlist gets
//! wrong. Many of the shapes are known from the
//! [URL validation bypass cheat sheet](https://portswigger.net/web-security/ssrf/url-validation-bypass-cheat-sheet).
//!
//! Nothing here knows the crate, and nothing here says that a policy must deny them all: `https://evil.app.example.com`
//! is a look-alike to one policy and a subdomain to another.

use std::collections::BTreeSet;

/// What the hostile ones are made to look like: each is allowed by some policy of the tests.
pub(crate) const TARGETS: [&str; 9] = [
    "https://app.example.com",
    "https://admin.example.com:8443",
    "https://pr-7.example.com",
    "https://a.b.example.com",
    "https://203.0.113.7",
    "https://[2001:db8::7]",
    "https://example.net",
    "http://localhost",
    "http://localhost:3000",
];

/// All of them, distinct and in an order that does not change.
pub(crate) fn hostile_origins() -> BTreeSet<Vec<u8>> {
    let texts = [
        look_alikes(),
        special_characters(),
        unicode(),
        schemes(),
        ports(),
        addresses(),
        no_origins(),
        injections(),
        joined(),
        long(),
    ];
    let texts = texts.into_iter().flatten().map(String::into_bytes);
    let mut all: BTreeSet<Vec<u8>> = texts.chain(raw_bytes()).chain(edits()).collect();
    for target in TARGETS {
        all.remove(target.as_bytes());
    }
    all
}

const EVIL: &str = "evil.example";

/// The words of a text. In a word, `␣` is a space, `␉` a tab and `∅` nothing.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_ascii_whitespace()
        .map(|word| word.replace('␣', " ").replace('␉', "\t").replace('∅', ""))
}

/// Each of several shapes for each host: `{a}` stands for the host, `{e}` for one of the attacker.
fn shapes(shapes: &str, hosts: &[&str]) -> Vec<String> {
    let shape_of = |shape: &String, host: &&str| shape.replace("{a}", host).replace("{e}", EVIL);
    words(shapes)
        .flat_map(|shape| hosts.iter().map(move |host| shape_of(&shape, host)))
        .collect()
}

/// What tests of a prefix, a suffix or a part let through, and URLs whose host is not where it seems to be.
fn look_alikes() -> Vec<String> {
    // Names that somebody else can register, dots, user information, paths, queries and fragments.
    let mut all = shapes(
        r"
            https://{e} https://{a}.{e} https://{a}{e} https://{e}{a} https://{e}.{a} https://evil{a}
            https://evil-{a} https://evil_{a} https://-{a} https://_{a} https://{a}- https://{a}_ https://{a}-{e}
            https://{a}_{e} https://{a}._.{e} https://{a}.-.{e} https://{a}._{e} https://{a}.local
            https://{a}.localhost https://{a}.internal https://{a}.com https://{a}.{a} https://{a}{a} https://{a}x
            https://x{a} https://www.{a} https://{a}.a.{e}:443 https://{e}:443.{a}

            https://{a}. https://{a}.. https://.{a} https://..{a} https://...{a} https://a..{a} https://{a}..{e}
            https://{a}./

            https://{a}@{e} https://{a}@@{e} https://{a}:@{e} https://{a}:443@{e} https://{a}:443:\@@{e}
            https://{a}:443\@{e} https://{a}:443#\@{e} https://{a}:anything@{e} https://{a}&anything@{e}
            https://{a}␣&@{e}#␣@{e} https://{a}\;@{e} https://{e}@{a} https://{e}@@{a} https://{e}␣@{a}
            https://{e}␣&@{a} https://{e}:\@@{a} https://{e}\@@{a} https://{e}\anything@{a} https://{e}#@{a}
            https://{e}?@{a} https://{e}%40{a} https://user@{a} https://user:password@{a} https://@{a}
            https://:@{a} https://@

            https://{a}/ https://{a}// https://{a}/. https://{a}/.. https://{a}/index.html https://{a}?
            https://{a}?q https://{a}/?q https://{a}# https://{a}#f https://{a}; https://{a};a=b https://{a}\
            https://{e}/{a} https://{e}//{a} https://{e}///{a} https://{e}/.{a} https://{e}/https://{a}
            https://{e}?{a} https://{e}?https://{a} https://{e}/?d={a} https://{e}#{a} https://{e}#https://{a}
            https://{e}\{a} https://{e}\.{a} https://{e};https://{a} https://{e}:443;https://{a}:443
            https://{e}%2f{a} https://{e}%5c{a} https://{e}%23{a} https://{e}%3f{a} https://{e}%00{a}
            https://{a}%00{e} https://{a}%2f{e} https://{a}%23{e} https://{a}%60.{e} https://{a}`.{e}
            https://{a}/{e} https://{a}/@{e} https://{a}\{e}
        ",
        &[
            "app.example.com",
            "example.com",
            "203.0.113.7",
            "[2001:db8::7]",
        ],
    );
    all.extend(shapes(
        "
            http://{a} http://{a}.{e} http://{a}{e} http://evil{a} http://evil.{a} http://{a}. http://{a}/
            http://{a}@{e} http://{e}@{a} http://{a}:3000@{e} http://{a}:3000.{e} http://{a}:.{e} http://{a}-3000
            http://{a}#{e} http://{a}_ https://{a} https://{a}:3000
        ",
        &["localhost", "localhost.localdomain", "app.localhost"],
    ));
    // A letter too few, too many, or not the right one; then homographs as they are registered, mostly Cyrillic.
    let hosts = words(
        "
            app.exarnple.com app.examp1e.com app.examplecom appexample.com appxexample.com app-example.com
            app_example.com app.examplexcom app.example-com app.example.co app.example.comm app.example.com.au
            app.example.cm app.example.com.com ap.example.co.m xexample.com notexample.com example.com example.co
            com com.example.app moc.elpmaxe.ppa app app. app.example administrator app%2eexample%2ecom
            app%252eexample.com %61pp.example.com app.example.com%2e xn--app.example.com app.xn--example.com

            xn--pp-6kc.example.com app.xn--exmple-4nf.com app.xn--xample-2of.com app.xn--eample-bsf.com
            app.xn--examle-erf.com app.xn--exampe-0kg.com app.xn--exampe-t9a.com app.xn--exmple-cua.com
            app.example.xn--cm-fmc app.example.xn--cm-jbc xn--pp-6kc.xn--xampl-ywef.com
        ",
    );
    all.extend(hosts.map(|host| format!("https://{host}")));
    all
}

/// Safari sends hosts with most of these, Chromium and Firefox with a few (Corben Leo, "Advanced CORS Exploitation
/// Techniques", 2018). The encoded ones are for those who decode before they compare.
fn special_characters() -> Vec<String> {
    let raw = (0x20..0x7f_u8).filter(|byte| !byte.is_ascii_alphanumeric());
    let raw = raw.map(|byte| char::from(byte).to_string());
    let others = words(
        "
            %00 %01 %08 %09 %0a %0b %0c %0d %1f %20 %22 %23 %25 %26 %27 %2b %2c %2d %2e %2f %3a %3b %3f %40 %5b %5c
            %5d %5f %60 %7b %7c %7f %80 %ff %252e %255f %c0%ae %e3%80%82 %u002e &#46; __ -- {} () ␉
        ",
    );
    let shapes = shapes(
        "
            https://{a}{s}.{e} https://{a}.{s}.{e} https://{a}{s}{e} https://{a}{s}@{e} https://{e}{s}{a}
            https://{e}{s}.{a} https://{s}{a} https://{s}.{a} https://{a}{s} {s}https://{a} https:{s}//{a}
            https:/{s}/{a} https://app{s}example.com https://example{s}com http://localhost{s}
            http://localhost{s}3000 http://localhost:{s}3000 http://localhost:3000{s} http://localhost{s}.{e}
            {s}null null{s}
        ",
        &["app.example.com"],
    );
    raw.chain(others)
        .flat_map(|special| {
            let put = |shape: &String| shape.replace("{s}", &special);
            shapes.iter().map(put).collect::<Vec<_>>()
        })
        .collect()
}

/// What some parser or other folds into ASCII (NFKC, IDNA, best fit), drops or treats as a blank, as UTF-8.
fn unicode() -> Vec<String> {
    let folded = "．。｡․﹒／＼﹨：﹕︓＠﹫？﹖＃﹟＊％⁇…‥℀℁℅⒈⩴①ſKıİßŉﬀﬁª²№℡㏂";
    let dropped = "\u{ad}\u{34f}\u{180b}\u{180e}\u{200b}\u{200c}\u{200d}\u{2060}\u{2064}\u{feff}\u{fe0f}\u{202e}";
    let blank = "\u{85}\u{a0}\u{1680}\u{2003}\u{2028}\u{2029}\u{3000}\u{0}\u{fffd}\u{1f600}";
    let mut all = Vec::new();
    for character in [folded, dropped, blank].concat().chars() {
        all.extend([
            format!("https://{EVIL}{character}app.example.com"),
            format!("https://app.example.com{character}{EVIL}"),
            format!("https://app{character}example.com"),
            format!("https://app.exam{character}ple.com"),
            format!("https://app.example.com{character}"),
            format!("{character}https://app.example.com"),
            format!("https{character}//app.example.com"),
            format!("http://localhost{character}3000"),
        ]);
    }
    // Letters that look like one, in full width, in a circle.
    for (letter, others) in [
        ("a", "аαａⓐ"),
        ("p", "рρｐⓟ"),
        ("e", "еｅⓔé"),
        ("x", "хχｘⓧ"),
        ("m", "мｍⓜ"),
        ("l", "ⅼｌⓛ1"),
        ("c", "сϲｃⓒ"),
        ("o", "оοｏⓞ0"),
    ] {
        for other in others.chars().map(String::from) {
            all.push(format!(
                "https://{}",
                "app.example.com".replace(letter, &other)
            ));
            all.push(format!(
                "https://{}",
                "app.example.com".replacen(letter, &other, 1)
            ));
        }
    }
    all.extend(words(
        "https://ａｐｐ．ｅｘａｍｐｌｅ．ｃｏｍ ｈｔｔｐｓ：／／app.example.com http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:3000",
    ));
    all
}

/// Other schemes, none, several, in other letters, and other ways to write `://`.
fn schemes() -> Vec<String> {
    let mut all = shapes(
        r"
            http://{a} ws://{a} wss://{a} ftp://{a} ftps://{a} file://{a} file:///{a} data:{a} data://{a} blob:{a}
            blob:https://{a} filesystem:https://{a} view-source:https://{a} feed:https://{a} jar:https://{a}
            about:{a} about://{a} javascript:{a} javascript://{a} chrome-extension://{a} moz-extension://{a}
            capacitor://{a} tauri://{a} android-app://{a} app://{a} httpss://{a} htttps://{a} ttps://{a}
            shttps://{a} xhttps://{a} https+x://{a} https.x://{a} https-x://{a} x-https://{a} 0://{a} a://{a}
            ://{a} //{a} ///{a} /{a} \\{a} @{a} #{a} {a} :{a} https:{a} https:/{a} https://{a} https:///{a}
            https:////{a} https:\\{a} https:/\{a} https:\/{a} https//{a} https/{a} https{a} https;//{a} https::/{a}
            https:://{a} https␣:␣//{a} https://␣{a} https␣://{a} https%3a//{a} https%3a%2f%2f{a}
            https&colon;//{a} https://https://{a} https://https:{a} https:https://{a} http://https://{a}
            https://http://{a} https//https://{a} null://{a} null{a} null:{a} *://{a} *{a}
        ",
        &[
            "app.example.com",
            "admin.example.com:8443",
            "localhost",
            "localhost:3000",
        ],
    );
    for target in TARGETS {
        // Serialized origins are in lower case, and are compared as they are.
        for (at, letter) in target.char_indices() {
            let upper = u8::try_from(letter.to_ascii_uppercase()).expect("ASCII");
            let upper = spliced(target, at, 1, Some(upper));
            all.push(String::from_utf8(upper).expect("ASCII"));
        }
        all.extend([
            target.to_uppercase(),
            format!("{target}://{EVIL}"),
            format!("{target}{target}"),
            target.replace("://", ":///"),
            target.chars().rev().collect(),
        ]);
    }
    all
}

/// Other ports, default ones spelled out, overflows of 16, 32 and 64 bits, and what is no port.
fn ports() -> Vec<String> {
    shapes(
        "
            {a}:443 {a}:80 {a}:0 {a}:00 {a}:1 {a}:22 {a}:3001 {a}:30000 {a}:300 {a}:03000 {a}:8080 {a}:8444 {a}:65535
            {a}:65536 {a}:65979 {a}:68536 {a}:73979 {a}:99999 {a}:0443 {a}:080 {a}:+443 {a}:+3000 {a}:-1 {a}:-3000
            {a}:␣3000 {a}:3␣000 {a}:3000␣x {a}: {a}:: {a}::3000 {a}:3000: {a}:3000:3000 {a}:3000/ {a}:3000. {a}:3000.{e}
            {a}:3000@{e} {a}:3000{e} {a}:port {a}:* {a}:3000* {a}:300? {a}:0xbb8 {a}:0o5670 {a}:3e3 {a}:3000.0
            {a}:3_000 {a}:3,000 {a}:٣٠٠٠ {a}:３０００ {a}:4294970296 {a}:18446744073709554616
            {a}:99999999999999999999999999999999 {a}.3000 {a}-3000 {a}3000 {a}%3a3000 {a};3000
        ",
        &[
            "https://app.example.com",
            "https://example.net",
            "https://203.0.113.7",
            "https://[2001:db8::7]",
            "http://localhost",
            "http://127.0.0.1",
        ],
    )
}

/// The addresses of two targets and of this machine, in every form but the one that browsers send, and near ones.
fn addresses() -> Vec<String> {
    let v4 = "
        203.0.28935 203.28935 3405803783 7700771079 0xcb007107 0xCB007107 0xcb.0x0.0x71.0x7 0xcb.0.113.7
        0313.0.0161.07 0313.0.113.7 031300070407 203.000.113.007 203.0.113.07 203.0.113.0x7 203.0.113.7.
        203.0.113.7.0 203.0.113.263 459.0.113.7 203.0.113.-249 203.0.113 203.0.113. 203.0.113.8 7.113.0.203
        203.0.113.7.evil.example 203.0.113.7evil.example 203.0.113.7-evil.example evil.203.0.113.7 1203.0.113.7
        203.0.113.70 203.0.113.7.nip.example 203.0.1137 203-0-113-7 203.0.113.* 203.0.113.7%00.evil.example
        [::203.0.113.7] [::ffff:203.0.113.7] [::ffff:cb00:7107] [203.0.113.7]
    ";
    let v6 = "
        [2001:db8:0:0:0:0:0:7] [2001:0db8::7] [2001:db8::0007] [2001:db8::07] [2001:db8::0:7] [2001:db8:0::7]
        [2001:DB8::7] [2001:db8::0.0.0.7] [2001:db8::7%25eth0] [2001:db8::7%eth0] [2001:db8::7/64] [2001:db8::7
        2001:db8::7] 2001:db8::7 [[2001:db8::7]] [2001:db8::7]] [[2001:db8::7] [2001:db8::7]evil.example
        [2001:db8::7].evil.example [2001:db8::7]@evil.example evil.example[2001:db8::7]
        evil.example.[2001:db8::7] [2001:db8::8] [2001:db8::] [2001:db8::7::] [2001:db8::7:] [␣2001:db8::7]
        [2001:db8::7␣] %5b2001:db8::7%5d [v1.2001:db8::7] 2001-db8--7.ipv6-literal.net
    ";
    let loopback = r"
        127.0.0.1 127.1 127.0.1 127.0.0.2 127.0.0.01 127.000000000000000.1 2130706433 45080379393 0x7f000001
        0x17f000001 0x7f.1 0x7F.0.0000.0001 0177.0.0.1 017700000001 00000177.00000000.00000000.00000001 0
        0.0.0.0 0000.0000.0000.0000 0x0 0x [::] [::1] [::01] [0:0:0:0:0:0:0:1] [0000::1] [::ffff:127.0.0.1]
        [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::1%25lo] [] [ ] ::1 localhost. localhost.localdomain
        localhost6 local LOCALHOST loca1host \l\o\c\a\l\h\o\s\t 127.0.0.1.nip.example localtest.example
        localhost.evil.example evil.localhost @0
    ";
    [v4, v6, loopback]
        .into_iter()
        .flat_map(words)
        .flat_map(|host| {
            [
                format!("https://{host}"),
                format!("http://{host}:3000"),
                format!("https://{host}:8443"),
            ]
        })
        .collect()
}

/// `null`, which no policy of the tests allows, what looks like it, nothing at all, and the text of policies.
fn no_origins() -> Vec<String> {
    let opaque = r#"
        null NULL Null nUll nulL nul nulll null␣null null,null null,␣https://app.example.com
        https://app.example.com␣null null/ null// /null null. null: null:443 null:// null://null "null" 'null'
        <null> (null) %6eull null%00 nil None none undefined NaN true false 0 1 [] {} [object␣Object] opaque
        about:blank about:srcdoc about:client data:text/html,x blob:null file:// file:/// https://null
        http://null null.example.com ∅ ␣ ␉ ␣␉␣␉␣ ␣␣ - . .. / // ? # @ , ,␣, ; "" "https://app.example.com"
        'https://app.example.com' <https://app.example.com> (https://app.example.com) https://"app.example.com"
        url(https://app.example.com) same-origin self 'self' https: https:/ https:// http://
    "#;
    let patterns = r"
        * ** *.* https://* https://*:* http://* https://*.com https://*.example.com https://*.example.com:*
        https://app.example.com:* https://*app.example.com https://app.*.com https://app.example.*
        https://**.example.com https://a.*.example.com https://*.*.example.com https://?.example.com
        https://[a-z].example.com http://localhost:* http://localhost* http://*:3000 *://app.example.com
        *.example.com .example.com example.com https://.example.com https://example.com
        https://example.com:8443 https://[a-z0-9-]+\.example\.com https://(app|admin)\.example\.com(:\d+)?
        https://(app|admin)\.example\.com https://(app|admin).example.com https://(app).example.com
        https://app|admin.example.com https://app|https://admin.example.com
        https://app.example.com|https://evil.example https://appadmin.example.com.evil.example
        https://appadmin.example.com:8443 https://app.example.com:d https://app.example.com(:8443)
        https://app.example.com() ^https://app.example.com$ \Ahttps://app\.example\.com\z
        https://app\.example\.com https://app.example.com$ (?i)https://APP.example.com .* .+ https://.* none any
        all $origin ${http_origin} %{HTTP_ORIGIN}e {{origin}}
    ";
    words(opaque).chain(words(patterns)).collect()
}

/// Header injection, encoded for those who decode and raw for those who do not look, and several `Origin` lines.
fn injections() -> Vec<String> {
    let encoded = words(
        r"
            %0d%0a %0D%0A %0a %0d %250d%250a %25250a %u000d%u000a %c0%8d%c0%8a %e5%98%8d%e5%98%8a %5cr%5cn \r\n \n
            \x0d\x0a \u000d\u000a &#13;&#10;
        ",
    );
    // Truncated to a byte each, the first ones are CR and LF. What follows a line break and a blank is obs-fold.
    let raw = [
        "\u{560d}\u{560a}",
        "\u{10d}\u{10a}",
        "\r\n",
        "\n",
        "\r",
        "\r\r\n",
        "\n\r",
        "\r\n ",
        "\r\n\t",
        "\n ",
        "\0",
        "\0\r\n",
        "\u{b}",
        "\u{c}",
    ];
    let mut all = Vec::new();
    for between in encoded.chain(raw.map(str::to_owned)) {
        for line in [
            "access-control-allow-origin: *",
            "Access-Control-Allow-Origin: https://evil.example",
            "access-control-allow-credentials: true",
            "access-control-expose-headers: *",
            "set-cookie: a=b",
            "x-injected: 1",
            "vary: *",
            "location: https://evil.example",
            "app.example.com",
            "origin: https://app.example.com",
            "origin: https://evil.example",
        ] {
            all.push(format!("https://{EVIL}{between}{line}"));
            all.push(format!("https://app.example.com{between}{line}"));
        }
        all.push(format!("{between}https://app.example.com"));
        all.push(format!("https://{between}app.example.com"));
        all.push(format!("https://app.example.com{between}"));
    }
    let values = [
        "https://app.example.com",
        "https://evil.example",
        "http://localhost:3000",
        "null",
        "*",
        "",
    ];
    for first in values {
        for second in values {
            all.push(format!("{first}\r\norigin: {second}"));
            all.push(format!("{first}\r\nx-between: 1\r\nORIGIN:{second}"));
            all.push(format!("{first}\r\norigin: {second}\r\nOrigin: {first}"));
        }
        // White space before the colon, which makes a line that only some read (RFC 9112, section 5.1).
        all.push(format!("{first}\r\norigin : https://app.example.com"));
    }
    all.push(["https://app.example.com"; 20].join("\r\norigin: "));
    all
}

/// Lists of origins: RFC 6454 has them, separated by a space (section 7.1); Fetch has not, and no browser sends them.
fn joined() -> Vec<String> {
    let pairs = [
        ("https://app.example.com", "https://evil.example"),
        ("https://evil.example", "https://app.example.com"),
        ("https://app.example.com", "https://app.example.com"),
        ("https://app.example.com", "https://admin.example.com:8443"),
        ("http://localhost:3000", "http://localhost"),
        ("null", "https://app.example.com"),
        ("https://app.example.com", "null"),
        ("https://app.example.com", ""),
        ("", "https://app.example.com"),
        ("https://app.example.com", "*"),
    ];
    words(r", ,␣ ␣,␣ ␣ ␣␣ ␉ ; ;␣ | || & + %20 %2c %2C%20 / \ @ # ? :")
        .flat_map(|between| pairs.map(|(first, second)| format!("{first}{between}{second}")))
        .collect()
}

/// Up to the bounds of an origin and its parts, just over them, and far beyond.
fn long() -> Vec<String> {
    let mut all = Vec::new();
    for length in [64, 242, 254, 327, 1_000, 4_096, 8_192] {
        let fill = |text: &str| text.repeat(length / text.len());
        all.extend([
            fill("a"),
            fill("-"),
            fill("\u{e9}"),
            fill("null"),
            fill("https://"),
            fill("https://app.example.com"),
            fill("https://app.example.com,"),
            format!("{}://app.example.com", fill("a")),
            format!("https{}://app.example.com", fill("s")),
            format!("https://{}", fill("a")),
            format!("https://{}.example.com", fill("a")),
            format!("https://{}.app.example.com", fill("a")),
            format!("https://{}app.example.com", fill("a.")),
            format!("https://{}app.example.com", fill("@")),
            format!("https://{}app.example.com.{EVIL}", fill("app.")),
            format!("https://app.example.com{}", fill("a")),
            format!("https://app.example.com{}", fill(".")),
            format!("https://app.example.com{}", fill("/")),
            format!("https://app.example.com{}", fill(".com")),
            format!("https://app.example.com{}", fill("%00")),
            format!("https://app.example.com{}x", fill(" ")),
            format!("https://app.example.com{}", fill(":8443")),
            format!("https://app.example.com:{}", fill("8")),
            format!("https://app.example.com:{}8443", fill("0")),
            format!("https://{}", fill("*.")),
            format!("https://{}", fill("[")),
            format!("https://[{}]", fill(":")),
            format!("https://[{}:7]", fill("0:")),
            format!("http://localhost:{}", fill("3000")),
            format!("http://{}localhost", fill("localhost.")),
        ]);
    }
    all
}

/// An origin that every policy of the tests allows, with each byte that is not printable ASCII inserted everywhere.
fn raw_bytes() -> Vec<Vec<u8>> {
    let [target, ..] = TARGETS;
    (0..=0xff_u8)
        .filter(|byte| !(0x20..0x7f).contains(byte))
        .flat_map(|byte| (0..=target.len()).map(move |at| spliced(target, at, 0, Some(byte))))
        .collect()
}

/// Every target with one byte removed, inserted or replaced: by those that mean something in an origin, and by two that
/// mean nothing.
fn edits() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for target in TARGETS {
        for at in 0..=target.len() {
            all.push(spliced(target, at, 1, None));
            for byte in *b"x0.-/:" {
                all.push(spliced(target, at, 0, Some(byte)));
                all.push(spliced(target, at, 1, Some(byte)));
            }
        }
    }
    all
}

/// `text` with as many bytes as `removed` at `at` replaced by `byte`.
fn spliced(text: &str, at: usize, removed: usize, byte: Option<u8>) -> Vec<u8> {
    let (head, tail) = text.as_bytes().split_at(at);
    let tail = tail.iter().skip(removed);
    head.iter().chain(&byte).chain(tail).copied().collect()
}
