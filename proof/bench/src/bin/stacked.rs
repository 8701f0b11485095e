//! Handles requests by middleware in middleware. This is a separate program, so that it does not change how the compiler
//! optimizes the middleware that is alone.

#![expect(
    clippy::print_stderr,
    reason = "a program of this repository: it prints, and a bug in it ends it"
)]

use std::{env, process::ExitCode};

use actix_web::{App, web};
use bench::{
    actix::{InProcess, Visitor as _, handler},
    instructions,
    layers::{Empty, Pass},
    policies,
    scenarios::{self, SCOPE, Scenario},
    subjects::{BATCH, Driver, Subject},
};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if once(&words).is_none() {
        eprintln!("usage: stacked once SUBJECT ROW");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn once(words: &[&str]) -> Option<()> {
    let ["once", subject, row] = words else {
        return None;
    };
    let (subject, scenario) = (Subject::named(subject)?, scenarios::named(row)?);
    let driver = subject.prepared(&scenario, driver(subject, &scenario)?);
    instructions::run(driver, BATCH);
    Some(())
}

/// The handler is in a scope that has the middleware too. The scope of the floor has [`Pass`].
fn driver(subject: Subject, scenario: &Scenario) -> Option<Box<dyn Driver>> {
    let visitor = InProcess(scenario);
    let (origins, vary) = (scenario.origins, scenario.vary);
    let scope = move || web::scope(SCOPE).route("/items", handler(vary));
    let floor = move || App::new().service(scope().wrap(Pass));
    Some(match (subject, scenario.is_preflight()) {
        (Subject::Floor, false) => visitor.visit(floor),
        (Subject::Floor, true) => visitor.visit(move || floor().wrap(Empty)),
        (Subject::Pass, false) => visitor.visit(move || floor().wrap(Pass)),
        (Subject::Pass, true) => visitor.visit(move || floor().wrap(Empty).wrap(Pass)),
        (Subject::Ours, _) => {
            let [inner, outer] = [(); 2].map(|()| policies::ours(scenario));
            let app = move || App::new().service(scope().wrap(inner.clone()));
            visitor.visit(move || app().wrap(outer.clone()))
        }
        (Subject::ActixCors, _) => {
            let entries = origins.entries();
            let cors = move || policies::actix_cors(origins, &entries);
            visitor.visit(move || App::new().service(scope().wrap(cors())).wrap(cors()))
        }
        _ => return None,
    })
}
