import t from 'tap';
import { ceiling, pictureOf } from '../../../../src/cli/report/picture.js';
import { elements, parseMarkup, REPORT, textIn } from '../../../offenders.js';

t.test('a bar for each bucket that is not empty, as high as it is', async (t) => {
  const picture = parseMarkup(pictureOf(REPORT));
  const bars = elements(picture, 'rect');
  const { buckets } = REPORT.timeline;
  t.equal(bars.length, buckets.filter(({ bans }) => bans > 0).length);
  const height = (bans: number): number => {
    const bar = bars.find((one) => textIn(one).endsWith(`: ${bans}`));
    return Number(bar?.attributes.height);
  };
  t.equal(height(30), 150, '30 of 40, of 200');
  t.equal(height(2), 10);
  t.match(bars.map(textIn), ['2026-02-17: 1', '2026-02-18: 2']);
  for (const { attributes } of bars) {
    const [x, y, width, high] = ['x', 'y', 'width', 'height'].map((key) => Number(attributes[key]));
    t.ok([x, y, width, high].every(Number.isFinite));
    t.ok((x as number) >= 48 && (x as number) + (width as number) <= 960 && (y as number) + (high as number) <= 212.1);
  }
});

t.test('it is told in words too', async (t) => {
  const [svg] = elements(parseMarkup(pictureOf(REPORT)), 'svg');
  t.match(svg?.attributes, { role: 'img', 'aria-labelledby': 'picture-title picture-text' });
  const [title, desc] = [elements(svg as never, 'title')[0], elements(svg as never, 'desc')[0]];
  t.same([title?.attributes.id, textIn(title as never)], ['picture-title', 'Bans per day']);
  t.match(textIn(desc as never), /The most were 30, 2026-02-28 00:00\.$/);
});

t.test('few, none, and hours', async (t) => {
  const none = { ...REPORT, timeline: { seconds: 3600, buckets: [{ from: REPORT.time, bans: 0 }] } };
  t.match(pictureOf(none), /There were none\./);
  t.equal(elements(parseMarkup(pictureOf({ ...none, timeline: { seconds: 3600, buckets: [] } })), 'rect').length, 0);
  const labels = elements(parseMarkup(pictureOf(none)), 'text').map(textIn);
  t.same(labels, ['0', '1', '03-18 13:31']);
  const long = { ...REPORT, timeline: { seconds: 86_400, buckets: Array(101).fill({ from: REPORT.time, bans: 1 }) } };
  t.ok(elements(parseMarkup(pictureOf(long)), 'text').length < 12);
});

t.test('the scale ends at a number that reads well', async (t) => {
  t.same([0, 1, 3, 5, 7, 9, 11, 41, 99, 12_345].map(ceiling), [1, 1, 4, 6, 8, 10, 20, 60, 100, 20_000]);
});
