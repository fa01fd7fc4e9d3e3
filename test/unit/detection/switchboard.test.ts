import t from 'tap';
import { type Connection, Switchboard } from '../../../src/detection/switchboard.js';
import type { Gate, Wanted } from '../../../src/filters/sieve.js';

const wanted = (literals: readonly number[], ignoreCase = false): Wanted => ({ literals, ignoreCase });
const gate = (regex: number, trigger: Wanted, ...others: Wanted[]): Gate => ({ regex, trigger, others });
const connection = (gates: readonly Gate[] | undefined, size: number, wantsAll = false): Connection => ({
  gates,
  skip: new Uint8Array(size),
  wantsAll,
});

/** For each line that the scanner stops at: the filters that it concerns, and what each of them skips. */
function called(connections: readonly Connection[], literals: readonly string[], text: string): string[] {
  const switchboard = new Switchboard(connections, literals);
  const { scanner } = switchboard;
  scanner.take(Buffer.from(text));
  const lines: string[] = [];
  while (scanner.next()) {
    const filters = switchboard.filters().map((filter) => `${filter}:${connections[filter]?.skip.join('')}`);
    lines.push(`${scanner.lines} ${filters.join(' ')}`.trim());
  }
  return lines;
}

const LITERALS = ['knock', 'bell', 'door'];

t.test(
  'a filter is asked about lines that have a trigger of one of its expressions, and with that one alone',
  async (t) => {
    const connections = [
      connection([gate(0, wanted([0])), gate(1, wanted([1]))], 2),
      connection([gate(0, wanted([1]))], 1),
    ];
    t.same(called(connections, LITERALS, 'nothing\nknock\nbell\nknock bell\ndoor\n'), [
      '2 0:01',
      '3 0:10 1:0',
      '4 0:00 1:0',
    ]);
  },
);

t.test('any literal of a trigger, and one of each other clause', async (t) => {
  const connections = [connection([gate(0, wanted([0, 1]), wanted([2]))], 1)];
  t.same(called(connections, LITERALS, 'knock\ndoor\nknock door\nbell and door\n'), ['1', '3 0:0', '4 0:0']);
});

t.test('a filter that needs no literal sees every line, and skips nothing', async (t) => {
  const connections = [connection(undefined, 2), connection([gate(0, wanted([0]))], 1)];
  t.same(called(connections, LITERALS, 'nothing\nknock\n'), ['1 0:00', '2 1:0 0:00']);
});

t.test('a filter that wants all lines sees them, and skips what no trigger is there for', async (t) => {
  const connections = [connection([gate(0, wanted([0])), gate(1, wanted([1]))], 2, true)];
  t.same(called(connections, LITERALS, 'nothing\nbell\n'), ['1 0:11', '2 0:10']);
});

t.test('where case does not count, a line that is not ASCII says little', async (t) => {
  const connections = [connection([gate(0, wanted([0], true), wanted([1], true))], 1)];
  t.same(called(connections, LITERALS, 'KNOCK\nKnock BELL\n\u212anock\n'), ['1', '2 0:0', '3 0:0']);
});
