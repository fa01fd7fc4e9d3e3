import t from 'tap';
import { readJson } from '../../../../src/cli/formats/read-json.js';
import { jsonOf } from '../../../../src/cli/report/json.js';
import { bansOf, cut, entriesOf } from '../../../formats.js';
import { REPORT } from '../../../offenders.js';

const BANS = [
  { address: '192.0.2.7', reason: 'a "b" {c} \\ ☃' },
  { address: '192.0.2.8', reason: '}', extra: { deep: [{}] } },
];

t.test('however it is laid out, and wherever the parts are cut', async (t) => {
  for (const text of [
    JSON.stringify(BANS),
    JSON.stringify(BANS, undefined, 2),
    `[\n${BANS.map((ban) => JSON.stringify(ban)).join(',\n')}\n]\n`,
    BANS.map((ban) => `${JSON.stringify(ban)}\r\n`).join(''),
  ]) {
    for (const parts of cut(text)) {
      t.strictSame(await bansOf(readJson, ...parts), [
        [1, BANS[0]],
        [2, BANS[1]],
      ]);
    }
  }
});

t.test('each entry is one line', async (t) => {
  for (const { text } of await entriesOf(readJson, JSON.stringify(BANS, undefined, 2))) t.notMatch(text, /[\r\n]/);
});

t.test('nobody is banned', async (t) => {
  for (const text of ['', '[]\n', '  ']) t.same(await entriesOf(readJson, text), []);
});

t.test('what is no list of objects', async (t) => {
  const before = '{"address":"192.0.2.7"}';
  for (const [text, message] of [
    [`${before}\nnull\n`, /^ban 2 begins with "null", and is no JSON object; what stands before it has been imported$/],
    [`["192.0.2.7"]`, /^ban 1 begins with /],
    [`${before}}`, /^ban 2 begins with "}"/],
    [`[${before},{"address":"192`, /^ban 2 does not end: the list is cut off/],
    [`[${before},"`, /^ban 2 does not end/],
    [`{"a":"${'x'.repeat(20_000)}`, /^ban 1 is too long, or does not end/],
  ] as const) {
    await t.rejects(entriesOf(readJson, text), { code: 'request', message }, text.slice(0, 40));
    await t.rejects(entriesOf(readJson, ...text.split(/(?<=[{}"])/)), { code: 'request' });
  }
});

t.test('a report: its offenders', async (t) => {
  const text = [...jsonOf({ title: 'x "offenders": [', report: REPORT })].join('');
  const expected = [
    [1, { address: '2001:db8::/48' }],
    [2, { address: '192.0.2.7' }],
  ];
  for (const size of [1, 2, 3, 7, 100, 1000, 5000]) {
    const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) as string[];
    t.same(await bansOf(readJson, ...parts), expected, `${size} characters a part`);
  }
  t.same(await bansOf(readJson, JSON.stringify(REPORT, undefined, 2)), expected, 'as the service tells it, laid out');
  t.same(await bansOf(readJson, JSON.stringify({ ...REPORT, offenders: [] })), []);
  await t.rejects(bansOf(readJson, text.trimEnd().slice(0, -2)), { code: 'request', message: /cut off/ });
  await t.rejects(bansOf(readJson, text.slice(0, 500)), { code: 'request' });
});

t.test('a list that comes slowly is read as it comes', async (t) => {
  async function* slow() {
    yield '{"address":"192.0.2.7"}\n';
    await new Promise(() => {});
  }
  const { value } = await readJson(slow()).next();
  t.same(value, [{ number: 1, text: '{"address":"192.0.2.7"}' }]);
});
