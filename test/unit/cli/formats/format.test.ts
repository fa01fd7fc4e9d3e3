import t from 'tap';
import { COLUMNS, formatOf, READ, WRITTEN } from '../../../../src/cli/formats/format.js';

t.test('a format by its name', async (t) => {
  for (const name of WRITTEN) t.equal(formatOf(name, WRITTEN), name);
  t.throws(() => formatOf('nft', READ), {
    name: 'UsageError',
    message: "--format takes one of plain, json, csv, not 'nft'",
  });
});

t.test('what is read is also written', async (t) => {
  t.same(
    READ.filter((name) => !(WRITTEN as readonly string[]).includes(name)),
    [],
  );
  t.equal(COLUMNS[0], 'address');
});
