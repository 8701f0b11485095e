//! The subjects that are compared. Each handles the requests of a scenario in this process, without sockets.

use std::hint::black_box;

use crate::{
    actix,
    scenarios::{Origins, ResponseSummary, Scenario, Watch},
    tower,
};

/// A column of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The app without middleware; for preflights, a middleware that sends an empty response with status 200.
    Floor,
    Pass,
    Limit,
    Ours,
    /// This crate, while another thread replaces the policy ten times a second. Only over sockets.
    Swapped,
    ActixCors,
    /// A tower service without middleware.
    TowerFloor,
    TowerHttp,
}

impl Subject {
    /// Those that handle requests in this process.
    pub const IN_PROCESS: [Self; 7] = [
        Self::Floor,
        Self::Pass,
        Self::Limit,
        Self::Ours,
        Self::ActixCors,
        Self::TowerFloor,
        Self::TowerHttp,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Pass => "pass",
            Self::Limit => "limit",
            Self::Ours => "ours",
            Self::Swapped => "ours, swapped",
            Self::ActixCors => "actix-cors",
            Self::TowerFloor => "tower-floor",
            Self::TowerHttp => "tower-http",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::IN_PROCESS
            .into_iter()
            .chain([Self::Swapped])
            .find(|subject| subject.name() == name)
    }

    /// The subject whose cost is subtracted from that of this subject.
    pub fn floor(self) -> Self {
        match self {
            Self::TowerFloor | Self::TowerHttp => Self::TowerFloor,
            _ => Self::Floor,
        }
    }

    /// Whether the subject supports the scenario. Only this crate has subdomain entries, look-ups, observers and shadow
    /// policies. A second `limit` would append all headers twice.
    pub fn supports(self, scenario: &Scenario) -> bool {
        let is_ours = scenario.watch != Watch::Nothing
            || matches!(scenario.origins, Origins::Subdomains(_) | Origins::LookedUp);
        match self {
            Self::Floor | Self::Pass | Self::Ours | Self::Swapped => true,
            Self::ActixCors => !is_ours,
            Self::Limit => !scenario.is_stacked,
            Self::TowerFloor | Self::TowerHttp => !is_ours && !scenario.is_stacked,
        }
    }

    fn expected(self, scenario: &Scenario) -> ResponseSummary {
        match self {
            Self::Floor | Self::Pass | Self::TowerFloor => (200, false),
            Self::Limit | Self::Ours | Self::Swapped => scenario.ours,
            Self::ActixCors => scenario.actix_cors,
            Self::TowerHttp => scenario.tower_http,
        }
    }

    /// Prepares the subject for measurements. It has sent the expected response often enough that all pools are full.
    pub fn driver(self, scenario: &Scenario) -> Box<dyn Driver> {
        let driver = match self {
            Self::TowerFloor | Self::TowerHttp => tower::driver(self, scenario),
            _ => actix::driver(self, scenario),
        };
        self.prepared(scenario, driver)
    }

    /// The same for a driver that exists.
    pub fn prepared(self, scenario: &Scenario, mut driver: Box<dyn Driver>) -> Box<dyn Driver> {
        for _ in 0..4 {
            let summary = driver.response();
            assert_eq!(
                summary,
                self.expected(scenario),
                "{} on {}",
                self.name(),
                scenario.name
            );
            driver.prepare(BATCH);
            driver.run();
        }
        driver
    }
}

/// How many requests are prepared at the same time. The pool of actix-web holds more.
pub const BATCH: usize = 100;

/// How many responses are kept at the same time. Each header map hashes with a random seed, and several maps reduce the
/// effect of one seed on the mean. With more responses, freeing them would cost more, because an allocator keeps only a few
/// free blocks of each size in its fast path.
const MAX_RESPONSES: usize = 5;

/// A subject that handles the requests of a scenario.
pub trait Driver {
    /// Prepares requests. This is not measured.
    fn prepare(&mut self, count: usize);
    /// Handles the prepared requests and drops the responses. This is measured.
    fn run(&mut self);
    /// Handles one request and returns a summary of the response.
    fn response(&mut self) -> ResponseSummary;
}

/// A [`Driver`] that calls a function.
pub struct FunctionDriver<R, A, M, C> {
    make: M,
    call: C,
    prepared: Vec<R>,
    responses: Vec<A>,
}

impl<R, A, M, C> FunctionDriver<R, A, M, C>
where
    M: Fn() -> R,
    C: FnMut(R) -> A,
{
    pub fn new(make: M, call: C) -> Self {
        Self {
            make,
            call,
            prepared: Vec::with_capacity(BATCH),
            responses: Vec::with_capacity(MAX_RESPONSES),
        }
    }
}

pub trait Summarize {
    fn summary(&self) -> ResponseSummary;
}

impl<R, A, M, C> Driver for FunctionDriver<R, A, M, C>
where
    A: Summarize,
    M: Fn() -> R,
    C: FnMut(R) -> A,
{
    fn prepare(&mut self, count: usize) {
        self.prepared.extend((0..count).map(|_| (self.make)()));
    }

    fn run(&mut self) {
        for request in self.prepared.drain(..) {
            if self.responses.len() == MAX_RESPONSES {
                black_box(&mut self.responses).clear();
            }
            self.responses.push((self.call)(request));
        }
        self.responses.clear();
    }

    fn response(&mut self) -> ResponseSummary {
        (self.call)((self.make)()).summary()
    }
}
