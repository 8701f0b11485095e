//! Compares the verdicts on theirs and ours with the differences that are declared.

use std::collections::BTreeMap;

use crate::{
    matrix::{ANY, Page, Probe},
    row::{Difference, Reason},
    verdict::{Verdict, Verdicts},
};

/// A request from a page that differs.
#[derive(Clone, Copy)]
struct Cell {
    probe: Probe,
    page: Page,
    theirs: Verdict,
    ours: Verdict,
}

/// Cells that differ in the same way, for the same reason.
pub struct Found {
    pub theirs: &'static str,
    pub ours: &'static str,
    pub pages: Vec<Page>,
    pub probes: Vec<Probe>,
    pub reason: Reason,
}

/// What a row shows.
#[derive(Default)]
pub struct Comparison {
    pub found: Vec<Found>,
    /// Differences that all rows of the system may have.
    pub common: Vec<Found>,
    /// Differences without a reason, and declared ones that were not observed.
    pub faults: Vec<String>,
    pub theirs: Verdicts,
    pub ours: Verdicts,
}

/// Compares the verdicts. A difference of the row has precedence over one that is common to the rows of the system.
pub fn compare(
    declared: &[Difference],
    common: &[Difference],
    theirs: Verdicts,
    ours: Verdicts,
) -> Comparison {
    let mut comparison = Comparison::default();
    let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); declared.len()];
    let mut common_cells: Vec<Vec<Cell>> = vec![Vec::new(); common.len()];
    let mut unexplained = Vec::new();
    for ((probe, page), their) in &theirs {
        let (probe, page, theirs) = (*probe, *page, *their);
        let Some(ours) = ours.get(&(probe, page)).copied() else {
            let fault = format!("{probe:?} of {page:?} was not asked of ours");
            comparison.faults.push(fault);
            continue;
        };
        let cell = Cell {
            probe,
            page,
            theirs,
            ours,
        };
        if theirs == ours {
            continue;
        }
        let known = |difference: &Difference| {
            difference.pages.contains(&page) && difference.probes.contains(&probe)
        };
        let mut reasons = declared
            .iter()
            .zip(&mut cells)
            .filter(|(difference, _)| known(difference));
        let mut common = common.iter().zip(&mut common_cells);
        match (reasons.next(), reasons.next()) {
            (Some((_, cells)), None) => cells.push(cell),
            (Some(_), Some(_)) => {
                let fault = format!("{probe:?} of {page:?} has two reasons");
                comparison.faults.push(fault);
            }
            (None, _) => match common.find(|(difference, _)| known(difference)) {
                Some((_, cells)) => cells.push(cell),
                None => unexplained.push(cell),
            },
        }
    }
    comparison
        .faults
        .extend(grouped(&unexplained, Reason::Gap("")).iter().map(|found| {
            let Found {
                theirs,
                ours,
                pages,
                probes,
                ..
            } = found;
            format!("no reason: theirs {theirs}, ours {ours}: {pages:?}: {probes:?}")
        }));
    for (difference, cells) in declared.iter().zip(&cells) {
        comparison.faults.extend(not_observed(difference, cells));
        comparison.found.extend(grouped(cells, difference.reason));
    }
    for (difference, cells) in common.iter().zip(&common_cells) {
        comparison.common.extend(grouped(cells, difference.reason));
    }
    comparison.theirs = theirs;
    comparison.ours = ours;
    comparison
}

fn not_observed(difference: &Difference, cells: &[Cell]) -> Vec<String> {
    let Difference {
        pages,
        probes,
        is_complete,
        reason,
    } = difference;
    let is_seen = |page, probe| {
        let mut cells = cells.iter();
        cells.any(|cell| cell.page == page && cell.probe == probe)
    };
    let mut faults = Vec::new();
    for page in pages {
        let unseen = probes.iter().filter(|probe| !is_seen(*page, **probe));
        let unseen: Vec<&Probe> = unseen.collect();
        if unseen.len() == probes.len() || (*is_complete && !unseen.is_empty()) {
            faults.push(format!("not observed: {unseen:?} of {page:?}: {reason:?}"));
        }
    }
    for probe in probes {
        if *probes != ANY && !pages.iter().any(|page| is_seen(*page, *probe)) {
            faults.push(format!("not observed: {probe:?}: {reason:?}"));
        }
    }
    faults
}

/// Groups cells by their verdicts, then by the pages that have the same requests.
fn grouped(cells: &[Cell], reason: Reason) -> Vec<Found> {
    let mut by_page: BTreeMap<_, Vec<Probe>> = BTreeMap::new();
    for Cell {
        probe,
        page,
        theirs,
        ours,
    } in cells
    {
        let (theirs, ours) = theirs.names(*ours);
        by_page
            .entry((theirs, ours, *page))
            .or_default()
            .push(*probe);
    }
    let mut found: Vec<Found> = Vec::new();
    for ((theirs, ours, page), probes) in by_page {
        let same = found
            .iter_mut()
            .find(|found| found.theirs == theirs && found.ours == ours && found.probes == probes);
        match same {
            Some(found) => found.pages.push(page),
            None => found.push(Found {
                theirs,
                ours,
                pages: vec![page],
                probes,
                reason,
            }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Section;

    const REASON: Reason = Reason::Wrong(Section::CorsCheck, "why");

    fn verdicts(verdict: Verdict) -> Verdicts {
        let get = ((Probe::Get, Page::Allowed), verdict);
        let other = ((Probe::Put, Page::Allowed), Verdict::Reads);
        Verdicts::from([get, other])
    }

    fn faults(declared: &[Difference], common: &[Difference], theirs: Verdict) -> usize {
        let theirs = verdicts(theirs);
        let comparison = compare(declared, common, theirs, verdicts(Verdict::Reads));
        comparison.faults.len()
    }

    #[test]
    fn a_difference_needs_a_reason_and_a_reason_needs_a_difference() {
        let known = || vec![Difference::new(&[Page::Allowed], &[Probe::Get], REASON)];
        assert_eq!(faults(&[], &[], Verdict::Reads), 0);
        assert_eq!(faults(&[], &[], Verdict::Blocked), 1);
        assert_eq!(faults(&known(), &[], Verdict::Blocked), 0);
        assert_eq!(faults(&[], &known(), Verdict::Blocked), 0);
        assert_eq!(faults(&known(), &[], Verdict::Reads), 2, "page and request");
        let [one, other] = [known(), known()];
        let twice: Vec<Difference> = one.into_iter().chain(other).collect();
        assert!(faults(&twice, &[], Verdict::Blocked) > 0, "two reasons");
    }

    #[test]
    fn a_complete_difference_needs_every_request() {
        let complete = |probes: &[Probe]| Difference {
            is_complete: true,
            ..Difference::new(&[Page::Allowed], probes, REASON)
        };
        assert_eq!(faults(&[complete(&[Probe::Get])], &[], Verdict::Blocked), 0);
        assert_eq!(faults(&[complete(&ANY)], &[], Verdict::Blocked), 1);
    }

    #[test]
    fn requests_that_differ_in_the_same_way_are_one_line() {
        let known = Difference::new(&[Page::Allowed], &[Probe::Get], REASON);
        let theirs = verdicts(Verdict::Blocked);
        let comparison = compare(&[known], &[], theirs, verdicts(Verdict::Reads));
        let found: Vec<_> = comparison
            .found
            .iter()
            .map(|found| (found.theirs, found.ours))
            .collect();
        assert_eq!(found, [("blocked", "reads")]);
    }
}
