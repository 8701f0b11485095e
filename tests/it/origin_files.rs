//! Files that list entries, an entry a line.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

use actix_cors_policy::{CorsPolicy, CorsRequest, PolicyErrorKind as Kind, PolicyErrors};

/// A file of one test, removed when it ends.
struct TestFile(PathBuf);

impl TestFile {
    fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = env::temp_dir().join(format!("cors-{}-{name}", process::id()));
        fs::write(&path, bytes).expect("a file");
        Self(path)
    }

    fn build(&self) -> Result<CorsPolicy, PolicyErrors> {
        CorsPolicy::builder()
            .allow_origins_from_file(&self.0)
            .build()
    }

    /// The messages, with the file called `FILE`.
    fn errors(&self) -> Vec<String> {
        let errors = self.build().expect_err("it is refused");
        let path = self.0.display().to_string();
        errors
            .iter()
            .map(|error| error.to_string().replace(&path, "FILE"))
            .collect()
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

fn allows(policy: &CorsPolicy, origin: &str) -> bool {
    policy
        .explain(&CorsRequest::actual(origin, "GET"))
        .is_allowed()
}

#[test]
fn lines_are_entries() {
    for (number, text) in [
        "https://a.example\nhttps://*.b.example\n",
        "https://a.example\nhttps://*.b.example",
        "https://a.example\r\nhttps://*.b.example\r\n",
        "\u{feff}https://a.example\nhttps://*.b.example\n",
        "# ours\n\n  https://a.example  # the shop\n\t\n#https://no.example\nhttps://*.b.example#theirs\n\n",
    ]
    .into_iter()
    .enumerate()
    {
        let policy = TestFile::new(&format!("lines-{number}"), text).build();
        let policy = policy.expect("it is good");
        assert!(allows(&policy, "https://a.example"), "{text:?}");
        assert!(allows(&policy, "https://x.b.example"), "{text:?}");
        assert!(!allows(&policy, "https://no.example"), "{text:?}");
        assert!(policy.to_string().contains("https://a.example\n"));
    }
}

#[test]
fn errors_name_the_line() {
    let file = TestFile::new(
        "errors",
        "https://a.example\n# two\nhttps://b.example/\n\nhttps://c.example, https://d.example\n*\nnone\nhttps://e.example https://f.example\n// g\n",
    );
    assert_eq!(
        file.errors(),
        [
            "FILE, line 3: origin must not have a path: `https://b.example/` (write `https://b.example`)",
            "FILE, line 5: entry must not have white space inside: `https://c.example, https://d.example` \
             (write each on a line of its own: `https://c.example`, `https://d.example`)",
            "FILE, line 6: `*` must not stand in a file: `*` (call `allow_any_origin()` instead of naming a file, and remove the other origins)",
            "FILE, line 7: `none` must not stand in a file: `none` (call `allow_no_origin()` instead of naming a file)",
            "FILE, line 8: entry must not have white space inside: `https://e.example https://f.example` \
             (write each on a line of its own: `https://e.example`, `https://f.example`)",
            "FILE, line 9: a comment must begin with `#`: `// g` (write `# g`)",
        ]
    );
    let errors = file.build().expect_err("it is refused");
    let location = errors.as_slice()[0].location();
    assert_eq!(location.setting(), "allow_origins_from_file");
    assert_eq!(location.file(), Some(&*file.0));
    assert_eq!((location.line(), location.entry()), (Some(3), None));

    let path = file.0.to_str().expect("Unicode");
    let vars = [("APP_ALLOWED_ORIGINS_FILE", path)];
    let errors = CorsPolicy::from_vars("APP_", vars).expect_err("it is refused");
    assert_eq!(errors.as_slice().len(), 6);
    let location = errors.as_slice()[2].location();
    assert_eq!(location.setting(), "APP_ALLOWED_ORIGINS_FILE");
    let fix = errors.as_slice()[2].fix();
    assert!(fix.contains("APP_ALLOWED_ORIGINS"), "{fix}");
}

#[test]
fn what_is_no_list_is_refused() {
    let no_entry = "allow_origins_from_file: file has no entry: `FILE` (write an entry a line; to deny every origin, call `allow_no_origin()` instead)";
    for (name, bytes, wanted) in [
        ("empty", &b""[..], no_entry),
        ("comments", b"# a\n\n", no_entry),
        ("mark", "\u{feff}".as_bytes(), no_entry),
        (
            "latin",
            b"https://a.example\nhttps://b.example # caf\xe9\n",
            "allow_origins_from_file: file is not Unicode: `FILE` (write it in UTF-8: line 2 is not)",
        ),
    ] {
        assert_eq!(TestFile::new(name, bytes).errors(), [wanted], "{name}");
    }
    let folder = CorsPolicy::builder().allow_origins_from_file(env::temp_dir());
    let errors = folder.build().expect_err("it is refused");
    assert_eq!(errors.as_slice()[0].kind(), Kind::File);
    assert_eq!(errors.as_slice()[0].rule(), "file must be a regular one");

    let errors = CorsPolicy::builder().allow_origins_from_file("no/such\x1b.txt");
    let errors = errors.build().expect_err("it is refused").to_string();
    assert!(errors.contains("`no/such\\u{1b}.txt`"), "{errors}");
    let whole = Path::new("no").canonicalize();
    assert!(whole.is_err());
    let folder = env::current_dir().expect("a folder");
    assert!(errors.contains(&folder.display().to_string()), "{errors}");
}

/// If the path is that of another file, each of its lines is an error.
#[test]
fn of_many_errors_the_first_are_shown() {
    let lines: String = (0..250).map(|line| format!("rubbish {line}\n")).collect();
    let file = TestFile::new("many", lines + "https://a.example\nhttp://b.example\n");
    let errors = file.errors();
    assert_eq!(errors.len(), 101);
    assert!(errors[99].starts_with("FILE, line 100: "), "{}", errors[99]);
    assert_eq!(
        errors[100],
        "allow_origins_from_file: 150 more entries of the file have errors (fix those that are shown, and look again)"
    );
    // What shows only when all settings are known counts too.
    let lines: String = (0..130)
        .map(|line| format!("http://h{line}.example\n"))
        .collect();
    let file = TestFile::new("insecure", lines);
    let builder = CorsPolicy::builder().allow_origins_from_file(&file.0);
    let errors = builder.allow_credentials().build().expect_err("refused");
    assert_eq!(errors.as_slice().len(), 101);
    let last = errors.iter().last().expect("an error").to_string();
    assert!(last.contains("30 more entries"), "{last}");
}

/// What is in another file may be a secret.
#[test]
fn lines_of_another_file_are_not_shown() {
    let file = TestFile::new(
        "secrets",
        "DB_PASSWORD=hunter2\n[api]\nkey: swordfish\ntoken = \"open\"\n",
    );
    let errors = file.errors();
    assert_eq!(
        errors,
        [
            "allow_origins_from_file: file has no valid entry: `FILE` (check the path; each line must be an entry, such as \
             `https://app.example.com`, and of line 1: origin must have a scheme)"
        ]
    );
    for secret in [
        "hunter2",
        "hunter2\n",
        "sk-live-1\nsk-live-2\n",
        "c2VjcmV0//A==\n",
        "user:hunter2\n",
        "PASSWORD=hunter2\n",
        "eyJhbGciOi.eyJzdWIiOi.SflKxwRJSM\n",
        "httpsecret123",
        "; password=hunter2",
    ] {
        let file = TestFile::new("secret", secret);
        let errors = file.errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].contains("file has no valid entry"), "{errors:?}");
        for word in ["hunter2", "sk-live", "c2Vj", "eyJ", "httpsecret"] {
            assert!(!errors[0].contains(word), "{errors:?}");
        }
    }
    for entry in [
        "app.example.com",
        "app.example.com/",
        "localhost:3000",
        "https//app.example.com",
        "postgres://me:hunter2@db.example/x",
    ] {
        let errors = TestFile::new("entry", entry).errors();
        assert!(errors[0].starts_with("FILE, line 1: "), "{errors:?}");
        assert!(!errors[0].contains("hunter2"), "{errors:?}");
    }
    let stars = "*\n".repeat(100_000);
    let file = TestFile::new("stars", format!("{stars}https://a.example\n"));
    assert_eq!(file.errors().len(), 101);
}

/// What is a placeholder in a name or an origin may be in a path. What other programs say about all origins is no error then.
#[test]
fn a_path_may_have_brackets() {
    let file = TestFile::new("[shop]_v1.my_list", "https://a.example\n");
    let path = file.0.to_str().expect("Unicode");
    let vars = [
        ("CORS_ALLOWED_ORIGINS_FILE", path),
        ("CORS_ALLOW_ALL_ORIGINS", "false"),
    ];
    let policy = CorsPolicy::from_vars("CORS_", vars).expect("it is good");
    assert!(allows(&policy, "https://a.example"));
    assert_eq!(policy.warnings().len(), 1);
    // Whatever it is called, a file that is there is read.
    let folder = env::temp_dir().join(format!("cors %20q%20 #1 {}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let odd = folder.join("${o}.txt");
    fs::write(&odd, "https://a.example").expect("a file");
    let vars = [("CORS_ALLOWED_ORIGINS_FILE", odd.to_str().expect("Unicode"))];
    let read = CorsPolicy::from_vars("CORS_", vars);
    fs::remove_dir_all(&folder).expect("it is there");
    assert!(allows(&read.expect("it is good"), "https://a.example"));
    for template in [
        "${ORIGINS_FILE}",
        "$ORIGINS",
        "/etc/{{ app }}/origins",
        "%APPDATA%/origins.txt",
        "<path>",
    ] {
        let vars = [("CORS_ALLOWED_ORIGINS_FILE", template)];
        let errors = CorsPolicy::from_vars("CORS_", vars)
            .expect_err(template)
            .to_string();
        assert!(errors.contains("placeholder"), "{errors}");
    }
}

#[test]
fn a_file_adds_to_other_sources() {
    let file = TestFile::new("adds", "https://a.example\n");
    let policy = CorsPolicy::builder()
        .allow_origin("https://b.example")
        .allow_origins_from_file(&file.0)
        .with_vars("CORS_", [("CORS_ALLOWED_ORIGINS", "https://c.example")])
        .build()
        .expect("it is good");
    for origin in [
        "https://a.example",
        "https://b.example",
        "https://c.example",
    ] {
        assert!(allows(&policy, origin), "{origin}");
    }
    let explained = policy.explain(&CorsRequest::actual("https://a.example", "GET"));
    let by = explained.allowed_by().expect("an entry").location();
    assert_eq!(by.to_string(), format!("{}, line 1", file.0.display()));
}
