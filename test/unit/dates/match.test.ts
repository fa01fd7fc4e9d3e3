import t from 'tap';
import { LocalZone } from '../../../src/dates/local-zone.js';
import { DateMatch } from '../../../src/dates/match.js';
import { DateTemplate } from '../../../src/dates/template.js';

const setting = { now: () => 0, zone: new LocalZone('UTC') };

t.test('the span of the first group, and a time that is read when one asks', async (t) => {
  const lines: string[] = [];
  const read = ({ line, start, end }: { line: string; start: number; end: number }): number => {
    lines.push(line.slice(start, end));
    return 42;
  };
  const template = new DateTemplate({ name: 'name', regex: '\\[(\\d*)', isAnchored: false, read });
  const line = 'x[17]';
  const found = template.search(line, true);
  const match = found && DateMatch.of(found, line, template, setting);
  t.strictSame([match?.start, match?.end], [2, 4]);
  t.strictSame(lines, []);
  t.equal(match?.time(), 42);
  t.strictSame(lines, ['17']);
  t.equal(match?.template, template);
  const moved = match?.movedTo(7);
  t.strictSame([moved?.start, moved?.end, moved?.time()], [7, 9, 42]);
});

t.test('nothing cut out is no time', async (t) => {
  const template = new DateTemplate({ name: 'name', regex: '\\[(\\d*)', isAnchored: false, read: () => 42 });
  const found = template.search('x[y', true);
  t.equal(found && DateMatch.of(found, 'x[y', template, setting).time(), undefined);
});
