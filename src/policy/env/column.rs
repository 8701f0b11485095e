//! Values in a column of a table, as spreadsheets write it.

use crate::origin::bare;

/// The only column of a table that has values, of lines with commas, semicolons or tabs between the fields. The first line may
/// have the names of the columns. The fields of a single line have to be in quotes, because otherwise it is a list.
pub(super) fn column_of_table(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<String>> {
    let separator = [',', ';', '\t']
        .into_iter()
        .find(|separator| text.contains(*separator))?;
    let lines: Vec<&str> = text
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .collect();
    if lines.len() == 1 && !text.starts_with('"') {
        return None;
    }
    let mut columns = None;
    let mut values = Vec::new();
    for (number, line) in lines.into_iter().enumerate() {
        let fields: Vec<Option<String>> = line
            .split(separator)
            .map(|field| value(bare(field)))
            .collect();
        let count = fields.len();
        let mut found = fields
            .into_iter()
            .enumerate()
            .filter_map(|(at, value)| Some((at, value?)));
        match (found.next(), found.next()) {
            (None, _) if number == 0 => {}
            (Some((at, value)), None) if *columns.get_or_insert((at, count)) == (at, count) => {
                values.push(value);
            }
            _ => return None,
        }
    }
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Option<String> {
        text.starts_with("https://").then(|| text.to_owned())
    }

    #[test]
    fn the_column_with_values_is_found() {
        for text in [
            "\"a\",\"https://a.example\"\n\"b\",\"https://b.example\"",
            "id,origin\n1,https://a.example\n2,https://b.example",
            "https://a.example;one\nhttps://b.example;two\n",
            "1\thttps://a.example\n2\thttps://b.example",
        ] {
            let wanted = ["https://a.example", "https://b.example"].map(str::to_owned);
            assert_eq!(
                column_of_table(text, &origin).as_deref(),
                Some(&wanted[..]),
                "{text}"
            );
        }
        for text in [
            "a,https://a.example",
            "a,https://a.example\nhttps://b.example,b",
            "a,https://a.example\nb,c,https://b.example",
            "a,https://a.example\nb,c",
            "a,b\nc,d",
        ] {
            assert_eq!(column_of_table(text, &origin), None, "{text}");
        }
    }
}
