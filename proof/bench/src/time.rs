//! Wall-clock time per request. Because machines are noisy, the subjects take turns, and the best of all rounds is shown.

use std::time::{Duration, Instant};

use crate::{
    scenarios::Scenario,
    subjects::{BATCH, Driver, Subject},
    table::{self, Measured, Table},
};

const ROUNDS: usize = 25;

/// How long each subject runs in each round.
const TURN_TIME: Duration = Duration::from_millis(2);

/// Prints the table.
pub fn report(scenarios: &[Scenario], is_whole: bool) {
    let title = "Time of a request, as a multiple of the floor";
    let mut table = Table::new("time", title, &table::names(&[""]));
    for scenario in scenarios.iter().filter(|scenario| !scenario.is_stacked) {
        let name = vec![scenario.name.to_owned()];
        let nanoseconds = |nanoseconds| format!("{} ns", table::number(nanoseconds));
        let ratio = |ratio, _| table::multiple(ratio);
        let cells = Measured::of(scenario, measure).cells(nanoseconds, ratio);
        table.row(&[name, cells].concat());
    }
    table.finish(is_whole);
}

/// The time of the floors in nanoseconds. For each other subject: its time over its own floor, plus the time of the actix-web
/// floor, as a multiple of the actix-web floor.
fn measure(scenario: &Scenario, subjects: &[Subject]) -> Vec<f64> {
    let mut turns: Vec<Turn> = subjects
        .iter()
        .map(|subject| Turn::new(*subject, scenario))
        .collect();
    let rounds: Vec<Vec<f64>> = (0..ROUNDS)
        .map(|_| turns.iter_mut().map(Turn::take).collect())
        .collect();
    let index = |subject| {
        subjects
            .iter()
            .position(|known| *known == subject)
            .expect("a floor")
    };
    let value = |subject: &Subject| {
        let (own, floor) = (index(*subject), index(subject.floor()));
        let best = |index: usize| {
            let times = rounds.iter().map(|round| round[index]);
            times.fold(f64::INFINITY, f64::min)
        };
        let app = best(index(Subject::Floor));
        match own == floor {
            true => app,
            false => (app + best(own) - best(floor)) / app,
        }
    };
    subjects.iter().map(value).collect()
}

struct Turn {
    driver: Box<dyn Driver>,
    /// How many requests are prepared together, and how often.
    batch: usize,
    batches: usize,
}

impl Turn {
    fn new(subject: Subject, scenario: &Scenario) -> Self {
        let mut turn = Self {
            driver: subject.driver(scenario),
            batch: 1,
            batches: 1,
        };
        // The shortest of several, because another process may have interrupted one.
        let shortest = (0..5).map(|_| turn.take()).fold(f64::INFINITY, f64::min);
        let requests = TURN_TIME.as_nanos() as f64 / shortest;
        turn.batch = (requests as usize).clamp(1, BATCH);
        turn.batches = (requests as usize / turn.batch).max(1);
        turn
    }

    /// Nanoseconds per request.
    fn take(&mut self) -> f64 {
        let mut taken = Duration::ZERO;
        for _ in 0..self.batches {
            self.driver.prepare(self.batch);
            let start = Instant::now();
            self.driver.run();
            taken += start.elapsed();
        }
        taken.as_nanos() as f64 / (self.batch * self.batches) as f64
    }
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
