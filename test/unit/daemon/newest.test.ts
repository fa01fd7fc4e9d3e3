import t from 'tap';
import { Newest } from '../../../src/daemon/newest.js';
import { Prefix } from '../../../src/model/prefix.js';

const prefix = (index: number): Prefix => Prefix.parse(`10.0.${index >> 8}.${index & 255}`);
const ban = (index: number) =>
  ({ kind: 'ban', ban: { prefix: prefix(index), jail: 'a', reason: '', since: index, until: null } }) as const;

t.test('the last bans, the newest first', async (t) => {
  const newest = new Newest(3);
  const found = (): number[] => newest.bans.map(({ since }) => since);
  t.same(found(), []);
  for (let index = 0; index < 5; index++) newest.hear(ban(index));
  newest.hear({ kind: 'unban', prefix: prefix(1) });
  t.same(found(), [4, 3, 2]);
  newest.hearMany([ban(5), { kind: 'unban', prefix: prefix(1) }, ban(6)]);
  t.same(found(), [6, 5, 4]);
  newest.hearMany(Array.from({ length: 5000 }, (_, index) => ban(index)));
  t.same(found(), [4999, 4998, 4997]);
});
