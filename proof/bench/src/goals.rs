//! Goals for this crate: how many instructions a request may take over the floor.

use std::collections::BTreeMap;

use crate::table::number;

/// How far over its goal a row may be. Tables hash with random seeds, and so a row may differ that much from run to run.
const TOLERANCE: f64 = 10.0;

/// The goal of a row.
#[derive(Clone, Copy)]
pub enum Goal {
    None,
    AtMost(u32),
    AtMostAndBelowActixCors(u32),
    /// At most this many more than another row.
    Over {
        row: &'static str,
        by: u32,
    },
}

impl Goal {
    pub fn text(self) -> String {
        match self {
            Self::None => String::new(),
            Self::AtMost(most) => number(most.into()),
            Self::AtMostAndBelowActixCors(most) => {
                format!("{}, and below actix-cors", number(most.into()))
            }
            Self::Over { by, .. } => format!("with 3, + {by}"),
        }
    }
}

/// The rows that were measured, and whether they reach their goals.
#[derive(Default)]
pub struct Goals {
    /// Instructions of this crate over the floor.
    ours: BTreeMap<&'static str, f64>,
    reached: usize,
    /// A line for each row that does not reach its goal.
    missed: Vec<String>,
}

impl Goals {
    pub fn ours(&self, row: &str) -> Option<f64> {
        self.ours.get(row).copied()
    }

    pub fn remember(&mut self, row: &'static str, ours: f64) {
        self.ours.insert(row, ours);
    }

    /// Whether a row reaches its goal, as the text of a cell. Both numbers are instructions over the floor.
    pub fn check(
        &mut self,
        row: &str,
        goal: Goal,
        ours: f64,
        actix_cors: Option<f64>,
    ) -> &'static str {
        let most = match goal {
            Goal::None => return "",
            Goal::AtMost(most) => f64::from(most),
            Goal::AtMostAndBelowActixCors(most) => {
                f64::from(most).min(actix_cors.unwrap_or(f64::INFINITY))
            }
            Goal::Over { row, by } => self.ours(row).expect("measured before") + f64::from(by),
        };
        if ours <= most + TOLERANCE {
            self.reached += 1;
            return "yes";
        }
        let over = number(ours - most);
        self.missed
            .push(format!("- {row}: {}, {over} over its goal", number(ours)));
        "**no**"
    }

    /// The list of what is not reached.
    pub fn summary(&self) -> String {
        let count = self.reached + self.missed.len();
        let reached = self.reached;
        match self.missed.as_slice() {
            [] => format!("All {count} goals are reached."),
            missed => format!(
                "{reached} of {count} goals are reached. Not reached:\n\n{}",
                missed.join("\n")
            ),
        }
    }
}

/// Whether a goal is reached, as people read it.
pub fn is_reached(is_reached: bool) -> &'static str {
    if is_reached {
        "reached"
    } else {
        "**not reached**"
    }
}
