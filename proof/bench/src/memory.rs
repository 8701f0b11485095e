//! The time to build a policy with many exact origins, and the memory that it keeps.

use std::{
    any::Any, collections::BTreeMap, env, hint::black_box, path::Path, process::Command, thread,
};

use actix_cors_policy::Cors;
use actix_service::Transform;
use actix_web::dev::ServiceRequest;
use futures_util::FutureExt as _;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region};
use tower::Layer as _;

use crate::{
    allocations,
    goals::is_reached,
    layers::EmptyService,
    machine, policies,
    scenarios::Origins,
    subjects::Subject,
    table::{Table, number},
    time::median,
};

const ORIGINS: [usize; 4] = [1, 100, 10_000, 1_000_000];
const ROUNDS: usize = 5;

/// Prints the table.
pub fn report(has_goals: bool) {
    let columns = [
        "exact origins",
        "layer",
        "built in",
        "kept by one worker",
        "by two",
    ];
    let mut table = Table::new("memory", "Time to build and memory kept", &columns);
    let subjects = [Subject::Ours, Subject::ActixCors, Subject::TowerHttp];
    let mut million = BTreeMap::new();
    for origins in ORIGINS.map(|origins| origins.to_string()) {
        let round = || subjects.map(|subject| time(subject, &origins));
        let rounds: Vec<_> = (0..ROUNDS).map(|_| round()).collect();
        for (index, subject) in subjects.into_iter().enumerate() {
            let nanoseconds = median(rounds.iter().map(|round| round[index]));
            let [one, two] = ["1", "2"].map(|workers| {
                let answer =
                    allocations::run_counter(&["policy", subject.name(), &origins, workers]);
                answer.parse().expect("a number")
            });
            // The last ones are those of a million.
            million.insert(subject.name(), (nanoseconds, one));
            let name = subject.name().to_owned();
            let origins = number(origins.parse().expect("a number"));
            table.row(&[origins, name, duration(nanoseconds), bytes(one), bytes(two)]);
        }
    }
    if has_goals {
        let (time, kept) = million[Subject::Ours.name()];
        let (time_of_tower, _) = million[Subject::TowerHttp.name()];
        table.note(&format!(
            "Goals for a million: at most twice the time of tower-http ({}), and at most 46 MiB ({}).",
            is_reached(time / time_of_tower <= 2.0),
            is_reached(kept <= 46.0 * 1024.0 * 1024.0)
        ));
    }
    table.finish(true);
}

/// Bytes kept, counted by the global allocator.
pub fn count(subject: &str, origins: &str, workers: &str) -> Option<String> {
    let origins = Origins::Exact(origins.parse().ok()?);
    let (subject, workers) = (Subject::named(subject)?, workers.parse().ok()?);
    let entries = origins.entries();
    let region = Region::new(&INSTRUMENTED_SYSTEM);
    let layers = layers(subject, origins, &entries, workers)?;
    let change = region.change();
    drop(black_box(layers));
    Some((change.bytes_allocated - change.bytes_deallocated).to_string())
}

/// The CPU time to build a policy for one worker, in nanoseconds.
pub fn build(subject: &str, origins: &str) -> Option<String> {
    let origins = Origins::Exact(origins.parse().ok()?);
    let subject = Subject::named(subject)?;
    let entries = origins.entries();
    let before = cpu_nanoseconds();
    let layers = layers(subject, origins, &entries, 1)?;
    let taken = cpu_nanoseconds() - before;
    drop(black_box(layers));
    Some(taken.to_string())
}

/// The CPU time of this thread until now.
fn cpu_nanoseconds() -> f64 {
    // The kernel adds up when a thread stops.
    thread::yield_now();
    machine::cpu_nanoseconds(Path::new("/proc/thread-self"))
}

/// The same in a separate process, which has a fresh heap like a program that has just started.
fn time(subject: Subject, origins: &str) -> f64 {
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["build", subject.name(), origins])
        .output()
        .expect("this program");
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .expect("a number")
}

/// The middleware that the workers of a server keep.
fn layers(
    subject: Subject,
    origins: Origins,
    entries: &[String],
    workers: usize,
) -> Option<Box<dyn Any>> {
    Some(match subject {
        // All workers share one middleware.
        Subject::Ours => {
            let cors = Cors::new(policies::policy(origins, entries));
            Box::new((0..workers).map(|_| wrap(&cors)).collect::<Vec<_>>())
        }
        // This middleware is not `Send`, so each worker builds its own.
        Subject::ActixCors => {
            let cors = || wrap(&policies::actix_cors(origins, entries));
            Box::new((0..workers).map(|_| cors()).collect::<Vec<_>>())
        }
        Subject::TowerHttp => {
            let layer = policies::tower_http(origins, entries);
            Box::new((0..workers).map(|_| layer.layer(())).collect::<Vec<_>>())
        }
        _ => return None,
    })
}

fn wrap<T: Transform<EmptyService, ServiceRequest>>(layer: &T) -> T::Transform {
    let service = layer.new_transform(EmptyService).now_or_never();
    service.and_then(Result::ok).expect("a layer at once")
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e6 => format!("{:.0} µs", nanoseconds / 1e3),
        ..1e9 => format!("{:.1} ms", nanoseconds / 1e6),
        _ => format!("{:.2} s", nanoseconds / 1e9),
    }
}

fn bytes(bytes: f64) -> String {
    match bytes / 1024.0 {
        kib @ ..1024.0 => format!("{kib:.1} KiB"),
        kib => format!("{:.1} MiB", kib / 1024.0),
    }
}
