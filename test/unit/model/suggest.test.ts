import t from 'tap';
import { suggest } from '../../../src/model/suggest.js';

const KEYS = ['enabled', 'filter', 'logpath', 'maxretry', 'findtime', 'bantime'];

t.test('near misses', async (t) => {
  const table: [string, string][] = [
    ['maxretries', 'maxretry'],
    ['max-retry', 'maxretry'],
    ['MaxRetry', 'maxretry'],
    ['bantme', 'bantime'],
    ['log_path', 'logpath'],
    ['logpaths', 'logpath'],
    ['finditme', 'findtime'],
    ['enable', 'enabled'],
  ];
  for (const [word, known] of table) t.equal(suggest(word, KEYS), known, word);
});

t.test('what is far from everything gets no suggestion', async (t) => {
  for (const word of ['', 'x', 'action', 'backend', 'm'.repeat(41), 'm'.repeat(1_000_000)]) {
    t.equal(suggest(word, KEYS), undefined, word.slice(0, 20));
  }
  t.equal(suggest('filter', []), undefined);
});
