import t from 'tap';
import type { WrittenFormat } from '../../../../src/cli/formats/format.js';
import { readCsv } from '../../../../src/cli/formats/read-csv.js';
import { written } from '../../../../src/cli/formats/write.js';
import type { ListedBan } from '../../../../src/control/api.js';
import { bansOf } from '../../../formats.js';

const since = '2023-11-14T22:13:20.000Z';
const BANS: ListedBan[] = [
  {
    address: '192.0.2.7',
    jail: 'manual',
    reason: '',
    since,
    until: null,
    scope: 'all',
    packets: 1,
    bytes: 2,
    folded: null,
  },
  {
    address: '192.0.2.7',
    jail: 'sshd',
    reason: 'a "b",\nc ',
    since,
    until: since,
    scope: 'tcp/22',
    packets: null,
    bytes: null,
    folded: null,
  },
  {
    address: '2001:db8::/32',
    jail: 'sshd',
    reason: 'd',
    since,
    until: null,
    scope: 'all',
    packets: null,
    bytes: null,
    folded: null,
  },
];

async function text(bans: ListedBan[], format: WrittenFormat): Promise<string> {
  async function* each() {
    yield* bans;
  }
  let all = '';
  for await (const part of written(each(), format, () => 0)) all += part;
  return all;
}

t.test('plain: each address once', async (t) => {
  t.equal(await text(BANS, 'plain'), '192.0.2.7\n2001:db8::/32\n');
  t.equal(await text([], 'plain'), '');
});

t.test('JSON: without what only the kernel counted', async (t) => {
  const all = await text(BANS, 'json');
  t.same(
    JSON.parse(all),
    BANS.map(({ packets: _packets, bytes: _bytes, folded: _folded, ...rest }) => rest),
  );
  t.equal(all.split('\n').filter((line) => line.startsWith('{')).length, 3);
  t.equal(await text([], 'json'), '[]\n');
});

t.test('CSV: as RFC 4180 quotes', async (t) => {
  const all = await text(BANS, 'csv');
  t.equal(
    all,
    `address,jail,reason,since,until,scope
192.0.2.7,manual,,${since},never,all
192.0.2.7,sshd,"a ""b"",
c ",${since},${since},tcp/22
2001:db8::/32,sshd,d,${since},never,all
`,
  );
  t.match(await bansOf(readCsv, all), [[2], [3, { reason: 'a "b",\nc ' }], [5]]);
});

t.test('who is only observed is on no list of addresses', async (t) => {
  const observed = BANS.map((ban) => ({ ...ban, scope: 'observe tcp/22' }));
  t.equal(await text(observed, 'plain'), '');
  t.notMatch(await text(observed, 'nft'), /192\.0\.2\.7/);
  t.match(await text(observed, 'json'), /"scope":"observe tcp\/22"/);
  t.match(await text([{ ...(BANS[0] as ListedBan), scope: 'tcp/22,80' }], 'csv'), /never,"tcp\/22,80"$/m);
});

t.test('nft has its own', async (t) => {
  t.match(await text(BANS, 'nft'), /add element inet dropset_export ban4 \{ 192\.0\.2\.7 \}/);
});
