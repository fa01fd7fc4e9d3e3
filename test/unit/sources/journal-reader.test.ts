import t from 'tap';
import type { SourceEvent } from '../../../src/sources/event.js';
import { JournalReader } from '../../../src/sources/journal-reader.js';

const entry = (index: number, message = `m${index}`): string =>
  `${JSON.stringify({ __CURSOR: `c${index}`, __REALTIME_TIMESTAMP: `${index}000`, MESSAGE: message })}\n`;

function reader(cursor?: string): { reader: JournalReader; events: SourceEvent[] } {
  const events: SourceEvent[] = [];
  const onEvent = (event: SourceEvent): number => events.push(event);
  return { reader: new JournalReader({ source: 'journal', maxLine: 100, onEvent, cursor }), events };
}

t.test('entries become a chunk with the position behind them', async (t) => {
  const { reader: journal } = reader();
  t.equal(journal.cursor, undefined);
  t.equal(journal.read(Buffer.from(entry(1).slice(0, 20))), undefined);
  const chunk = journal.read(Buffer.from(entry(1).slice(20) + entry(2) + entry(3).slice(0, 5)));
  t.match(chunk, { source: 'journal', times: [1, 2], position: { kind: 'journal', cursor: 'c2' } });
  t.equal(chunk?.bytes.toString(), 'm1\nm2\n');
  t.equal(journal.cursor, 'c2');
});

t.test('what journalctl did not finish is forgotten with it', async (t) => {
  const { reader: journal, events } = reader('c0');
  t.equal(journal.cursor, 'c0');
  t.equal(journal.read(Buffer.from(entry(1).slice(0, 20))), undefined);
  journal.restart();
  t.equal(
    journal.read(Buffer.from(entry(0) + entry(1)))?.bytes.toString(),
    'm1\n',
    'and the last entry is not repeated',
  );
  t.same(events, []);
});

t.test('what cannot be read is counted and left out', async (t) => {
  const { reader: journal, events } = reader();
  t.equal(journal.read(Buffer.from('-- Boot --\n{}\n')), undefined);
  const huge = entry(1, 'x'.repeat(1024 * 1024));
  t.equal(journal.read(Buffer.from(huge + entry(2)))?.bytes.toString(), 'm2\n');
  for (let i = 0; i < 7; i++) journal.read(Buffer.from('\n'));
  t.match(events, [
    { kind: 'skipped', message: 'journal has had 1 entries that cannot be read' },
    { kind: 'skipped', message: 'journal has had 10 entries that cannot be read' },
  ]);
});

t.test('a long line is cut, and told', async (t) => {
  const { reader: journal, events } = reader();
  t.equal(journal.read(Buffer.from(entry(1, 'x'.repeat(200))))?.bytes.length, 101);
  t.match(events, [{ kind: 'oversized', path: 'journal', message: /line of 200 bytes/ }]);
});

t.test('complaints are told once each, and so few of them', async (t) => {
  const { reader: journal, events } = reader('c1');
  for (let i = 0; i < 3; i++) journal.complain(Buffer.from('Failed to o\u001bpen\nHint: you\n'));
  t.match(events, [{ kind: 'complaint', message: /say: Failed to o\\u\{1b\}pen$/ }, { message: /Hint: you$/ }]);
  for (let i = 0; i < 100; i++) journal.complain(Buffer.from(`line ${i}\n`));
  t.equal(events.length, 32);
  t.equal(journal.cursor, 'c1');
});

t.test('a cursor that journalctl does not take is given up', async (t) => {
  const { reader: journal } = reader('nonsense');
  journal.complain(Buffer.from('Failed to seek to cursor: Invalid argument\n'));
  t.equal(journal.cursor, undefined);
});

t.test('restarts are told', async (t) => {
  const { reader: journal, events } = reader();
  for (let i = 0; i < 10; i++) journal.tellRestart('ended with code 1');
  t.match(events, [
    { kind: 'restarted', message: 'journal stopped 1 times: journalctl ended with code 1, and is started again' },
    { kind: 'restarted', message: /stopped 10 times/ },
  ]);
});
