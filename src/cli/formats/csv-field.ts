/** A field that a spreadsheet takes for a formula, whatever stands in quotes (OWASP, CSV injection), or that looks as if it were guarded. */
const FORMULA = /^'*[=+@\t\r-]/;
const GUARDED = /^'+[=+@\t\r-]/;

/**
 * A field of a CSV file (RFC 4180). Attackers write reasons, and people open lists in spreadsheets: what would be a formula there begins with
 * an apostrophe, which `unguarded` takes away.
 */
export function csvField(text: string): string {
  const guarded = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** A field as it was before `csvField`, its quotes gone. */
export const unguarded = (field: string): string => (GUARDED.test(field) ? field.slice(1) : field);
