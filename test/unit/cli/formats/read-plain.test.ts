import t from 'tap';
import { readPlain } from '../../../../src/cli/formats/read-plain.js';
import { bansOf, cut } from '../../../formats.js';

t.test('addresses, and what may stand beside them', async (t) => {
  const text = '# a list\r\n192.0.2.7\r\n\r\n  2001:db8::/32 ; SBL1\n192.0.2.8#x\n;\n192.0.2.9 knocked at 22\nnonsense';
  for (const parts of cut(text)) {
    t.same(await bansOf(readPlain, ...parts), [
      [2, { address: '192.0.2.7' }],
      [4, { address: '2001:db8::/32' }],
      [5, { address: '192.0.2.8' }],
      [7, { address: '192.0.2.9' }],
      [8, { address: 'nonsense' }],
    ]);
  }
});

t.test('CSV without names of columns, where the address comes first', async (t) => {
  t.same(await bansOf(readPlain, `192.0.2.7,sshd,5\n"2001:db8::/32","x"\n'192.0.2.8',1\n192.0.2.9,\n`), [
    [1, { address: '192.0.2.7' }],
    [2, { address: '2001:db8::/32' }],
    [3, { address: '192.0.2.8' }],
    [4, { address: '192.0.2.9' }],
  ]);
});
