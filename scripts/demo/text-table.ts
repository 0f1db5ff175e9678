/** Rows of text as aligned columns: the first to the left, figures to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const align = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => `  ${row.map(align).join('   ')}`.trimEnd()).join('\n');
}

/** "1,761,952" */
export function formatCount(count: number): string {
  return new Intl.NumberFormat('en').format(count);
}
