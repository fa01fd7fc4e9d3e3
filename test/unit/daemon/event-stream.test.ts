import t from 'tap';
import { EventStream } from '../../../src/daemon/event-stream.js';
import { Events } from '../../../src/daemon/events.js';
import { Prefix } from '../../../src/model/prefix.js';

const ban = (address: string) =>
  ({
    kind: 'ban',
    ban: { prefix: Prefix.parse(address), jail: 'sshd', reason: '', since: 0, until: null },
  }) as const;

async function messages(parts: AsyncIterable<string>): Promise<string[]> {
  let text = '';
  for await (const part of parts) text += part;
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).message);
}

t.test('everybody who follows gets what he wants, from the call on until the end', async (t) => {
  const events = new Events(() => 0);
  const stream = new EventStream(events);
  events.problem('before');
  const gone = new AbortController();
  const [all, bans] = [stream.follow({}, gone.signal), stream.follow({ event: 'ban' }, gone.signal)];
  events.problem('disk full');
  events.tell(ban('192.0.2.7'));
  events.tellAll(Array.from({ length: 30 }, (_, index) => ban(`192.0.2.${index}`)));
  events.flush();
  const closed = stream.close();
  const [first, second] = await Promise.all([messages(all), messages(bans)]);
  gone.abort();
  await closed;
  t.equal(first[0], 'disk full');
  t.same(first.slice(1), second);
  t.equal(second.length, 31, 'each of many, and no sum of them');
});

t.test('who follows with a filter that leaves bans out hears of many together', async (t) => {
  const events = new Events(() => 0);
  const stream = new EventStream(events);
  const gone = new AbortController();
  const parts = stream.follow({ event: 'changes' }, gone.signal);
  events.tellAll(Array.from({ length: 30 }, (_, index) => ban(`192.0.2.${index}`)));
  events.flush();
  gone.abort();
  t.same(await messages(parts), ['30 banned']);
});

t.test('sixteen may follow; one that has gone makes room, and hears no more', async (t) => {
  const events = new Events(() => 0);
  const stream = new EventStream(events);
  const readers = Array.from({ length: 16 }, () => new AbortController());
  const streams = readers.map(({ signal }) => stream.follow({}, signal));
  const { signal } = new AbortController();
  t.throws(() => stream.follow({}, signal), { code: 'busy', message: /^16 readers follow the events already/ });
  t.throws(() => stream.follow({ event: 'x' }, signal), { code: 'request' });
  readers[3]?.abort();
  events.problem('x');
  t.same(await messages(streams[3] as AsyncIterable<string>), []);
  t.doesNotThrow(() => stream.follow({}, signal));
});

t.test('the end does not wait for who never reads', async (t) => {
  const stream = new EventStream(new Events(() => 0));
  stream.follow({}, new AbortController().signal);
  await stream.close();
  t.pass('it has ended');
});
