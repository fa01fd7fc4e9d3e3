import { mock } from 'node:test';
import t from 'tap';
import { Events, type Listener } from '../../../src/daemon/events.js';
import { type Event, sentenceOf } from '../../../src/model/events.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { BanVerdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;

const many = (count: number): BanVerdict[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'ban',
    ban: { prefix: Prefix.parse(`10.0.${index >> 8}.${index & 255}`), jail: 'a', reason: '', since: NOW, until: null },
  }));

/** One that hears together, and one that hears each. */
function heard() {
  const events = new Events(() => NOW);
  const [log, each]: [string[], string[]] = [[], []];
  const hearer = (into: string[]): Listener => ({
    hear: (event, time) => into.push(`${time - NOW} ${sentenceOf(event)}`),
  });
  const stop = events.listen(hearer(log));
  events.listen({ ...hearer(each), hearMany: (all: readonly Event[]) => each.push(`${all.length} at once`) });
  return { events, log, each, stop };
}

t.test('every listener hears, until it does not want to', async (t) => {
  const { events, log, each, stop } = heard();
  events.problem('disk full');
  stop();
  events.tell({ kind: 'stop', stand: false });
  t.same(log, ['0 disk full']);
  t.same(each, ['0 disk full', '0 stopped']);
});

t.test('few are told one by one, many together, and each to who wants each', async (t) => {
  const { events, log, each } = heard();
  events.tellAll(many(20));
  t.equal(log.length, 20);
  t.same(each, log);
  events.tellAll(many(21));
  events.tellAll(many(1000));
  events.tellAll(many(21).map(({ ban }) => ({ kind: 'end', ban })));
  events.tellAll(Array.from({ length: 30 }, () => ({ kind: 'unban', prefix: Prefix.parse('192.0.2.7') })));
  t.equal(log.length, 20);
  t.same(each.slice(20), ['21 at once', '1000 at once', '21 at once', '30 at once']);
  events.flush();
  events.flush();
  t.same(log.slice(20), ['0 1021 banned, 30 unbanned, 21 bans ended'], 'one line');
  t.equal(each.length, 24, 'who heard of each does not hear of them again');
});

t.test('what is kept back is told within a second or so by itself', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  const { events, log } = heard();
  events.tellAll(many(50));
  events.tellAll(many(50));
  mock.timers.tick(999);
  t.same(log, []);
  mock.timers.tick(1);
  t.same(log, ['0 100 banned']);
  events.tellAll(many(50));
  mock.timers.tick(1000);
  t.same(log.slice(1), ['0 50 banned']);
});
