/** Rows as CSV text, every field quoted. */
export function stringify(rows: object[], delimiter = ","): string {
  const quoted = (value: unknown) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  const lines = [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row) as unknown[])];
  return lines.map((fields) => `${fields.map(quoted).join(delimiter)}\n`).join("");
}
