import t from 'tap';
import { areaOf, areasIn, isUnit, isWide, spanOf, textAround, unitsIn } from '../../../src/ledger/units.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Random } from '../../random.js';

const p = Prefix.parse;

t.test('what a text is, and where it stands in a longer one', async (t) => {
  const cases = {
    '192.0.2.7': [4, 32],
    '0.0.0.0/8': [4, 8],
    '255.255.255.0/24': [4, 24],
    '::': [6, 128],
    '::/0': [6, 0],
    '2001:db8::/64': [6, 64],
    '2001:db8:1:2:3:4:5:6': [6, 128],
    '2001:db8::/127': [6, 127],
  };
  for (const [text, [family, length]] of Object.entries(cases)) {
    t.same(spanOf(text), { family, length }, text);
    t.same(spanOf(`x ${text}\n1.2.3.4/5`, 2, 2 + text.length), { family, length }, `${text} inside`);
  }
});

t.test('damage makes something wrong, and not something endless', async (t) => {
  for (const text of ['', '/', ':', '.', '1', 'abcdef', '1.2', 'a:b', ':::::/64', '////']) {
    const { family } = spanOf(text);
    t.type(areaOf(family, text), 'number');
  }
});

t.test('units and what they are folded into', async (t) => {
  t.same(
    ['192.0.2.7', '192.0.2.0/31', '2001:db8::/64', '2001:db8::1', '2001:db8::/65'].map((text) => isUnit(p(text))),
    [true, false, true, false, false],
  );
  const wide = ['10.0.0.0/31', '10.0.0.0/16', '2001:db8::/63', '2001:db8::/48'];
  const others = ['10.0.0.0', '10.0.0.0/15', '2001:db8::/64', '2001:db8::/47'];
  t.same(
    wide.map((text) => isWide(p(text))),
    [true, true, true, true],
  );
  t.same(
    others.map((text) => isWide(p(text))),
    [false, false, false, false],
  );
});

t.test('every unit of a wide prefix is found in one of its areas, by the text that Prefix has for it', async (t) => {
  for (const text of [
    '198.51.100.0/24',
    '198.51.96.0/20',
    '198.51.100.64/27',
    '255.255.255.254/31',
    '2001:db8:0:40::/60',
    '2001:db8::/52',
    '::/56',
    '0:0:0:100::/56',
  ]) {
    const prefix = p(text);
    const found: string[] = [];
    for (const { area, index } of areasIn(prefix)) {
      for (const unit of unitsIn(prefix, index)) {
        found.push(unit);
        if (areaOf(prefix.family, unit) !== area) t.fail(`${unit} is in another area`);
      }
    }
    t.equal(found.length, 2 ** ((prefix.family === 4 ? 32 : 64) - prefix.length), text);
    t.equal(new Set(found).size, found.length);
    const wrong = found.filter((unit) => p(unit).text !== unit || !isUnit(p(unit)) || !prefix.covers(p(unit)));
    t.same(wrong.slice(0, 3), []);
  }
});

t.test('a random unit is in the area of each prefix around it', async (t) => {
  const random = new Random(7);
  const word = (): number => random.below(65_536);
  for (let times = 0; times < 500; times++) {
    const unit =
      times % 2 === 0
        ? Prefix.fromBytes(Uint8Array.from({ length: 4 }, () => random.below(256)))
        : p(`${[word(), word(), random.below(3), word()].map((group) => group.toString(16)).join(':')}::/64`);
    const wide = unit.widened(unit.length - 1 - random.below(16));
    t.equal(textAround(unit, wide.length), wide.text);
    const area = areaOf(unit.family, unit.text);
    const places = [...areasIn(wide)].filter((one) => one.area === area);
    t.ok(
      places.some(({ index }) => [...unitsIn(wide, index)].includes(unit.text)),
      `${unit} in ${wide}`,
    );
  }
});
