//! Rows of cells as aligned lines.

/// Lines with two blanks between columns: the first column to the left, and numbers to the right.
pub(crate) fn lines(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells =
        row.iter().zip(widths).enumerate().map(|(index, (cell, width))| {
            if index == 0 { format!("{cell:width$}") } else { format!("{cell:>width$}") }
        });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(super::lines(&[row(["page", "rows"]), row(["längste", "1"])]), ["page     rows", "längste     1"]);
    }
}
