import t from 'tap';
import { parseLogPaths } from '../../../src/fail2ban/log-path.js';

t.test('patterns, one a line', async (t) => {
  t.same(parseLogPaths('/var/log/*.log\n\n/a b/c tail\n/d Head'), [
    { pattern: '/var/log/*.log', from: 'head' },
    { pattern: '/a b/c', from: 'tail' },
    { pattern: '/d', from: 'head' },
  ]);
  t.same(parseLogPaths(''), []);
});

t.test('a path with a space needs the word behind it', async (t) => {
  const message = "'/a b': behind a path stands head or tail, also where the path has spaces";
  t.throws(() => parseLogPaths('/a b'), { code: 'config', message });
});
