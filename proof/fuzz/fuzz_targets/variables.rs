#![no_main]
//! Variables with any names and values, Unicode or not, make either a policy or errors that are safe to log, and always the
//! same ones.

use std::ffi::OsString;

use actix_cors_policy::CorsPolicy;
use actix_cors_policy_fuzz::{is_obeyed, variables};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut vars = variables("", data);
    // What is in a file is no input of a fuzzer.
    vars.retain(|(name, _)| !name.to_string_lossy().ends_with("ALLOWED_ORIGINS_FILE"));
    let answer = answer(&vars);
    assert_eq!(answer, self::answer(&vars), "the same every time");

    // The order of variables in a process is arbitrary. Only two variables of the same name are reported in their order.
    let mut backwards = vars;
    backwards.reverse();
    let mut names: Vec<&OsString> = backwards.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    if names.len() == backwards.len() {
        assert_eq!(answer, self::answer(&backwards), "in any order");
    }
});

fn answer(vars: &[(OsString, OsString)]) -> String {
    let vars = vars.iter().map(|(name, value)| (name, value));
    match CorsPolicy::from_vars("CORS_", vars) {
        Ok(policy) => {
            for warning in policy.warnings() {
                let text = warning.to_string();
                assert!(!text.contains(is_obeyed), "{text:?}");
            }
            let text = format!("{policy:?}");
            assert!(!text.contains(is_obeyed), "{text:?}");
            for line in policy.to_string().split('\n') {
                assert!(!line.contains(is_obeyed), "{line:?}");
            }
            format!("{text}\n{:?}", policy.warnings())
        }
        Err(errors) => {
            let text = errors.to_string();
            assert!(!errors.as_slice().is_empty());
            assert_eq!(text.lines().count(), errors.as_slice().len(), "{text:?}");
            for line in text.split('\n') {
                assert!(!line.contains(is_obeyed), "{line:?}");
            }
            text
        }
    }
}
