import t from 'tap';
import { readCsv } from '../../../../src/cli/formats/read-csv.js';
import { bansOf, cut } from '../../../formats.js';

t.test('columns by their names, in any order, others passed over', async (t) => {
  const text =
    'Reason,country,address,until,since,jail\r\n"a ""b"", c",CH,192.0.2.7,never,2023-11-14,sshd\r\n\r\n,,192.0.2.8,,,\r\n';
  for (const parts of cut(text)) {
    t.same(await bansOf(readCsv, ...parts), [
      [2, { address: '192.0.2.7', reason: 'a "b", c', until: null, since: '2023-11-14', jail: 'sshd' }],
      [4, { address: '192.0.2.8' }],
    ]);
  }
});

t.test('a quoted field may go over lines: the ban is that of its first', async (t) => {
  for (const parts of cut('address,reason\n192.0.2.7,"a\n\nb"\n192.0.2.8,c')) {
    t.same(await bansOf(readCsv, ...parts), [
      [2, { address: '192.0.2.7', reason: 'a\n\nb' }],
      [5, { address: '192.0.2.8', reason: 'c' }],
    ]);
  }
});

t.test('rows that are too short or too long', async (t) => {
  t.same(await bansOf(readCsv, 'jail,address\nsshd\nsshd,192.0.2.7,x,y\n"","192.0.2.8",\n'), [
    [2, { jail: 'sshd', address: '' }],
    [3, { jail: 'sshd', address: '192.0.2.7' }],
    [4, { address: '192.0.2.8' }],
  ]);
});

t.test('without a column of addresses it is no list', async (t) => {
  await t.rejects(bansOf(readCsv, 'host,jail\n192.0.2.7,sshd\n'), {
    code: 'request',
    message: "the first line names no column 'address'; write: address,jail,reason,since,until",
  });
  t.same(await bansOf(readCsv, ''), []);
});

t.test('a quote that is never closed', async (t) => {
  await t.rejects(bansOf(readCsv, 'address,reason\n192.0.2.7,"a\n'), { message: /^line 2: a quoted field/ });
  const endless = Array.from({ length: 10_000 }, () => 'xxxx\n');
  await t.rejects(bansOf(readCsv, 'address,reason\n192.0.2.7,"a\n', ...endless), { message: /^line 2: / });
});

t.test('lists of other programs: comments, and what they call an address', async (t) => {
  for (const name of ['ip', 'IP_Address', '"src_ip"', 'cidr', 'network']) {
    const text = `# made today\r\n; by "x\r\n\r\n"first",${name},port\r\n# more\r\n1,"192.0.2.7",22\r\n`;
    t.same(await bansOf(readCsv, text), [[6, { address: '192.0.2.7' }]], name);
  }
  t.same(await bansOf(readCsv, 'ip,address\nx,192.0.2.7\n'), [[2, { address: '192.0.2.7' }]], 'our own name first');
  const quoted = 'address,reason\n192.0.2.7,"a\n# b"\n';
  t.same(await bansOf(readCsv, quoted), [[2, { address: '192.0.2.7', reason: 'a\n# b' }]], 'no comment');
});

t.test('what was guarded from spreadsheets is as it was', async (t) => {
  t.same(await bansOf(readCsv, `address,reason\n192.0.2.7,'=1+1\n192.0.2.8,'tis\n`), [
    [2, { address: '192.0.2.7', reason: '=1+1' }],
    [3, { address: '192.0.2.8', reason: "'tis" }],
  ]);
});
