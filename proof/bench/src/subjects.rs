//! What is compared, each made for a scenario and driven in process, without a socket.

use std::hint::black_box;

use crate::{
    actix,
    scenarios::{Origins, Scenario, Seen},
    tower,
};

/// A column of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The app without a layer; for preflights, a layer that answers an empty 200.
    Floor,
    Pass,
    Limit,
    Ours,
    ActixCors,
    /// A tower service without a layer.
    TowerFloor,
    TowerHttp,
}

impl Subject {
    pub const ALL: [Self; 7] = [
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
            Self::ActixCors => "actix-cors",
            Self::TowerFloor => "tower-floor",
            Self::TowerHttp => "tower-http",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }

    /// What the cost of a subject is counted over.
    pub fn floor(self) -> Self {
        match self {
            Self::TowerFloor | Self::TowerHttp => Self::TowerFloor,
            _ => Self::Floor,
        }
    }

    /// Whether it can be asked this at all: subdomain entries are ours alone.
    pub fn can(self, scenario: &Scenario) -> bool {
        let is_peer = matches!(self, Self::ActixCors | Self::TowerFloor | Self::TowerHttp);
        !(is_peer && matches!(scenario.origins, Origins::Subdomains(_)))
    }

    fn expected(self, scenario: &Scenario) -> Seen {
        match self {
            Self::Floor | Self::Pass | Self::TowerFloor => (200, false),
            Self::Limit | Self::Ours => scenario.ours,
            Self::ActixCors => scenario.actix_cors,
            Self::TowerHttp => scenario.tower_http,
        }
    }

    /// The subject, ready to be driven: it answers what is expected of it, and has answered it often enough for every
    /// pool to be full.
    pub fn driver(self, scenario: &Scenario) -> Box<dyn Driver> {
        let mut driver = match self {
            Self::TowerFloor | Self::TowerHttp => tower::driver(self, scenario),
            _ => actix::driver(self, scenario),
        };
        for _ in 0..4 {
            let seen = driver.answer();
            assert_eq!(
                seen,
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

/// As many requests as are ready at once: fewer than actix pools.
pub const BATCH: usize = 100;

/// As many answers as are kept at once. Header maps hash with a seed each, and with several of them the luck of one shows
/// less in the mean; with more, what frees memory would pay for it, as allocators keep a few blocks of a size at hand.
const KEPT: usize = 5;

/// A subject with the requests of a scenario.
pub trait Driver {
    /// Makes requests ready, outside of what is measured.
    fn prepare(&mut self, count: usize);
    /// Answers the requests that are ready, and drops the answers.
    fn run(&mut self);
    /// What one request is answered.
    fn answer(&mut self) -> Seen;
}

/// A [`Driver`] of a function.
pub struct Calls<R, A, M, C> {
    make: M,
    call: C,
    ready: Vec<R>,
    answers: Vec<A>,
}

impl<R, A, M, C> Calls<R, A, M, C>
where
    M: Fn() -> R,
    C: FnMut(R) -> A,
{
    pub fn new(make: M, call: C) -> Self {
        Self {
            make,
            call,
            ready: Vec::with_capacity(BATCH),
            answers: Vec::with_capacity(KEPT),
        }
    }
}

pub trait Answer {
    fn seen(&self) -> Seen;
}

impl<R, A, M, C> Driver for Calls<R, A, M, C>
where
    A: Answer,
    M: Fn() -> R,
    C: FnMut(R) -> A,
{
    fn prepare(&mut self, count: usize) {
        self.ready.extend((0..count).map(|_| (self.make)()));
    }

    fn run(&mut self) {
        for request in self.ready.drain(..) {
            if self.answers.len() == KEPT {
                black_box(&mut self.answers).clear();
            }
            self.answers.push((self.call)(request));
        }
        self.answers.clear();
    }

    fn answer(&mut self) -> Seen {
        (self.call)((self.make)()).seen()
    }
}
