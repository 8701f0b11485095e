//! What browsers send for requests that may act, and which of them a policy rejects: forms, `fetch()` in each mode, links,
//! beacons, reports and more, from pages of the service itself, of a sibling and of another site.

mod act;
mod act_table;
mod receiver;
mod sender;
mod verdict;

pub use self::{
    act_table::{Line, compare},
    receiver::{Receiver, cors, scope},
};

use std::io;

use self::receiver::POLICIES;
use crate::{driver::Driver, origins::Ports};

/// Sends each request to each policy. Returns a line of the table for each request, and a text for each fault.
pub async fn run(
    driver: &Driver,
    ports: Ports,
    receiver: &Receiver,
) -> io::Result<(Vec<Line>, Vec<String>)> {
    let acts = act::all();
    sender::send_all(driver, &acts, ports, receiver).await?;
    let mut faults = Vec::new();
    let mut lines = Vec::new();
    for (number, act) in acts.iter().enumerate() {
        let arrived = POLICIES.map(|policy| receiver.take(policy, number));
        faults.extend(verdict::faults(act, &arrived, ports));
        lines.push(Line::new(act, &arrived, ports));
    }
    Ok((lines, faults))
}
