import t from 'tap';
import { csvField, unguarded } from '../../../../src/cli/formats/csv-field.js';

/** What stands between the quotes. */
const unquoted = (field: string): string => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);

t.test('quotes where they are needed', async (t) => {
  t.equal(csvField('5 failures'), '5 failures');
  t.equal(csvField('a, "b"'), '"a, ""b"""');
  t.equal(csvField(' a'), '" a"');
  t.equal(csvField('a\nb'), '"a\nb"');
});

t.test('no field is a formula, and each comes back as it was', async (t) => {
  for (const text of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    "'=1",
    "''=1",
    "'",
    "it's",
    '',
    '=a,"b"',
    '192.0.2.1',
    '::1',
  ]) {
    const field = csvField(text);
    t.notMatch(unquoted(field), /^[=+@\t\r-]/, JSON.stringify(text));
    t.equal(unguarded(unquoted(field)), text, JSON.stringify(text));
  }
});
