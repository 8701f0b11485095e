//! Behavior, through the public API. One binary: what needs a process of its own (a logger, an allocator) stands
//! next to it.

#![expect(clippy::panic, reason = "a helper of a test fails it by a panic")]

mod support;

mod api;
mod brought_values;
mod browser_laws;
mod cases;
mod credentials_for;
mod curl_lines;
mod diagnostics;
mod environment;
mod errors;
mod explain;
mod fixes;
mod flat;
mod host;
mod hostile;
mod hostile_origins;
mod hostile_text;
mod laws;
mod layout;
mod model;
mod origin_files;
mod origins;
mod paths;
mod programs;
mod regex_choices;
mod regexes;
mod rejected;
mod rows;
mod sample;
mod shown;
mod spans;
mod stacked;
mod suffix_rules;
mod swap;
mod tls;
mod uses_of_actix_cors;
mod wire;
