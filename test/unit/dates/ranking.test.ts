import t from 'tap';
import { Ranking } from '../../../src/dates/ranking.js';
import { DateTemplate } from '../../../src/dates/template.js';

const ranking = (names: string): Ranking =>
  new Ranking(
    names.split('').map((name) => new DateTemplate({ name, regex: '(a)', isAnchored: false, read: () => undefined })),
  );

const order = (of: Ranking): string => of.templates.map(({ name }) => name).join('');

const win = (of: Ranking, name: string, column = 0, now = 1000): number => {
  const index = of.templates.findIndex((template) => template.name === name);
  of.won(index, of.at(index) as DateTemplate, column, now);
  return index > 0 ? of.promote(index) : index;
};

t.test('the first hit of a template is to the front of those that are unused', async (t) => {
  const templates = ranking('abcdef');
  t.equal(win(templates, 'd'), 0);
  t.equal(order(templates), 'dabcef');
  t.equal(win(templates, 'f'), 1);
  t.equal(order(templates), 'dfabce');
  t.equal(win(templates, 'd'), 0);
  t.equal(templates.size, 6);
  t.equal(templates.at(9), undefined);
});

t.test('more hits further left are worth a better place', async (t) => {
  const templates = ranking('abc');
  for (const name of ['a', 'b', 'c']) win(templates, name, 4);
  t.equal(order(templates), 'abc');
  win(templates, 'c', 4);
  t.equal(order(templates), 'acb', 'two hits against one, half of the way up');
  win(templates, 'b', 100);
  t.equal(order(templates), 'acb', 'two hits far right are worth less');
  win(templates, 'b', 1);
  t.equal(order(templates), 'abc', 'and three hits at the left more');
});

t.test('who was not used for five minutes makes room', async (t) => {
  const templates = ranking('ab');
  for (let count = 0; count < 9; count++) win(templates, 'a', 0, 1000);
  win(templates, 'b', 50, 2000);
  t.equal(order(templates), 'ab');
  win(templates, 'b', 50, 301_000);
  t.equal(order(templates), 'ab', 'five minutes are not more than five minutes');
  win(templates, 'b', 50, 301_001);
  t.equal(order(templates), 'ba');
});
