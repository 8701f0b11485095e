//! Markdown tables. Each row is printed when it has been measured.

use crate::{scenarios::Scenario, subjects::Subject};

/// The text of a cell for which there is nothing to measure.
pub const NOT_MEASURED: &str = "–";

/// Prints the head of a table.
pub fn head<'a>(title: &str, columns: impl IntoIterator<Item = &'a str>) {
    println!("\n## {title}\n");
    let columns: Vec<&str> = columns.into_iter().collect();
    row(&columns);
    row(&vec!["---"; columns.len()]);
}

/// Prints a row.
pub fn row(cells: &[impl AsRef<str>]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    println!("| {} |", cells.join(" | "));
}

/// Prints a table with a row for each scenario and a column for each subject.
///
/// All subjects of a row are measured together. `floor` formats the value of the floor. `over` formats the value of another
/// subject, and gets that value and the value of its floor.
pub fn by_subject<T: Copy>(
    title: &str,
    scenarios: &[Scenario],
    has_goals: bool,
    measure: impl Fn(&Scenario, &[Subject]) -> Vec<T>,
    floor: impl Fn(T) -> String,
    over: impl Fn(T, T) -> String,
) {
    let goal = has_goals.then_some("goal");
    let columns = Subject::ALL
        .into_iter()
        .filter(|subject| *subject != Subject::TowerFloor);
    let names = columns.clone().map(Subject::name);
    head(title, [""].into_iter().chain(goal).chain(names));
    for scenario in scenarios {
        let subjects = Subject::ALL
            .into_iter()
            .filter(|subject| subject.supports(scenario));
        let subjects: Vec<Subject> = subjects.collect();
        let values = measure(scenario, &subjects);
        let value = |subject| {
            let index = subjects.iter().position(|known| *known == subject)?;
            Some(values[index])
        };
        let cells = columns
            .clone()
            .map(|subject| match (value(subject), value(subject.floor())) {
                (Some(value), _) if subject == Subject::Floor => floor(value),
                (Some(value), Some(floor)) => over(value, floor),
                _ => NOT_MEASURED.to_owned(),
            });
        let goal = has_goals.then(|| scenario.goal.to_owned());
        let name = scenario.name.to_owned();
        row(&[name]
            .into_iter()
            .chain(goal)
            .chain(cells)
            .collect::<Vec<_>>());
    }
}

/// Formats a multiple with its significant digits.
pub fn multiple(multiple: f64) -> String {
    match multiple {
        ..100.0 => format!("{multiple:.2}"),
        _ => number(multiple),
    }
}

/// Formats a whole number with spaces between groups of thousands.
pub fn number(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if number <= -0.5 {
        format!("-{text}")
    } else {
        text
    }
}
