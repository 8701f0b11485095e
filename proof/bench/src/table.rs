//! Markdown tables. Each row is printed when it has been measured. A whole table is written into `README.md` if that is
//! asked for.

use crate::{machine, readme, scenarios::Scenario, subjects::Subject};

/// The text of a cell for which there is nothing to measure.
pub const NOT_MEASURED: &str = "–";

/// A table below its heading.
pub struct Table {
    name: &'static str,
    text: String,
}

impl Table {
    /// Prints the head. By its name, [`readme::store`] finds where the table belongs.
    pub fn new(name: &'static str, title: &str, columns: &[&str]) -> Self {
        let mut table = Self {
            name,
            text: String::new(),
        };
        table.print(&format!("## {title}\n\n{}\n", machine::describe()));
        table.row(columns);
        table.row(&vec!["---"; columns.len()]);
        table
    }

    pub fn row(&mut self, cells: &[impl AsRef<str>]) {
        let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
        self.print(&format!("| {} |", cells.join(" | ")));
    }

    /// Prints a paragraph below the table.
    pub fn note(&mut self, text: &str) {
        self.print(&format!("\n{text}"));
    }

    /// Ends the table, and stores it in `README.md` if it is whole: each table there is that of one run.
    pub fn finish(self, is_whole: bool) {
        println!();
        if is_whole && readme::is_wanted() {
            readme::store("proof/bench/README.md", self.name, &self.text);
        }
    }

    fn print(&mut self, text: &str) {
        println!("{text}");
        self.text += text;
        self.text.push('\n');
    }
}

/// What was measured of one row.
pub struct Measured<T>(Vec<(Subject, T)>);

impl<T: Copy> Measured<T> {
    /// Measures all subjects of a row together.
    pub fn of(scenario: &Scenario, measure: impl Fn(&Scenario, &[Subject]) -> Vec<T>) -> Self {
        let subjects = Subject::IN_PROCESS
            .into_iter()
            .filter(|subject| subject.supports(scenario));
        let subjects: Vec<Subject> = subjects.collect();
        let values = measure(scenario, &subjects);
        Self(subjects.into_iter().zip(values).collect())
    }

    /// The value of a subject, and that of its floor.
    pub fn get(&self, subject: Subject) -> Option<(T, T)> {
        let find = |wanted| {
            let mut values = self.0.iter();
            values.find_map(|(subject, value)| (*subject == wanted).then_some(*value))
        };
        Some((find(subject)?, find(subject.floor())?))
    }

    /// A cell for each of [`columns`]. `floor` formats the value of the floor. `over` formats the value of another subject,
    /// and gets that value and the value of its floor.
    pub fn cells(&self, floor: impl Fn(T) -> String, over: impl Fn(T, T) -> String) -> Vec<String> {
        let cell = |subject| match self.get(subject) {
            Some((value, _)) if subject == Subject::Floor => floor(value),
            Some((value, floor)) => over(value, floor),
            None => NOT_MEASURED.to_owned(),
        };
        columns().map(cell).collect()
    }
}

/// The subjects that have a column.
pub fn columns() -> impl Iterator<Item = Subject> {
    let subjects = Subject::IN_PROCESS.into_iter();
    subjects.filter(|subject| *subject != Subject::TowerFloor)
}

/// The names of columns: some, and then one for each subject.
pub fn names(first: &[&'static str]) -> Vec<&'static str> {
    let subjects = columns().map(Subject::name);
    first.iter().copied().chain(subjects).collect()
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
