//! Rows of cells as aligned lines.

/// Lines with two blanks between columns: the first column to the left, and numbers to the right.
pub(crate) fn align_columns(rows: &[Vec<String>]) -> Vec<String> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = (*width).max(cell.chars().count()));
    }
    rows.iter().map(|row| align_row(row, &widths)).collect()
}

fn align_row(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths) {
        line.push_str(&if line.is_empty() { format!("{cell:width$}") } else { format!("  {cell:>width$}") });
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::align_columns;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["page", "rows"], ["längste", "1"]].map(|cells| cells.map(str::to_owned).to_vec());
        assert_eq!(align_columns(&rows), ["page     rows", "längste     1"]);
    }
}
