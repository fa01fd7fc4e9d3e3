import t from 'tap';
import { sourceFaults, sourcesOf } from '../../../src/config/sources.js';

const file = (pattern: string) => ({ kind: 'file', pattern, start: 'end' });

t.test('what the keys of a jail mean, without repeats', async (t) => {
  const table: [Parameters<typeof sourcesOf>[1], unknown][] = [
    [{ logpath: ['/b', '/a', '/b'] }, [file('/b'), file('/a')]],
    [{ logpath: ['/var/log/*.log', '-'] }, [file('/var/log/*.log'), { kind: 'stdin' }]],
    [{ journal: true }, [{ kind: 'journal', matches: [] }]],
    [{ journalmatch: ['_COMM=sshd', '_COMM=su'] }, [{ kind: 'journal', matches: ['_COMM=sshd', '_COMM=su'] }]],
    [{ btmp: true }, [{ kind: 'btmp', path: '/var/log/btmp' }]],
    [{ btmp: '/srv/btmp' }, [{ kind: 'btmp', path: '/srv/btmp' }]],
    [{ syslog: ['tcp://[::1]:601', 'tcp://[::1]:601'] }, [{ kind: 'syslog', listen: 'tcp://[::1]:601' }]],
    [{ logpath: ['/a'], journal: false, btmp: false }, [file('/a')]],
  ];
  for (const [raw, sources] of table) t.strictSame(sourcesOf('a', raw), sources, JSON.stringify(raw));
});

t.test('a jail by the name of btmp reads btmp unless it says otherwise', async (t) => {
  t.strictSame(sourcesOf('btmp', {}), [{ kind: 'btmp', path: '/var/log/btmp' }]);
  t.strictSame(sourcesOf('btmp', { logpath: ['/a'] }), [file('/a')]);
  t.strictSame(sourcesOf('btmp', { journal: true }), [{ kind: 'journal', matches: [] }]);
  t.strictSame(sourcesOf('btmp', { syslog: ['udp://[::]:514'] }), [{ kind: 'syslog', listen: 'udp://[::]:514' }]);
});

t.test('no jail without a source, and none with two kinds of lines', async (t) => {
  const table: [string, Record<string, unknown>, RegExp | undefined][] = [
    ['a', {}, /^has no source; expected one of the keys logpath, journal, journalmatch, btmp, syslog$/],
    ['a', { journal: false, btmp: false }, /^has no source/],
    ['a', { logpath: '/a' }, undefined],
    ['a', { logpath: '/a', journal: false }, undefined],
    ['a', { logpath: '/a', btmp: true }, /^reads files and other sources/],
    ['a', { journal: true, btmp: true, syslog: 'udp://[::]:514' }, undefined],
    ['a', { journal: false, journalmatch: 'X=1' }, /^has a journalmatch and journal = false/],
    ['btmp', {}, undefined],
    ['a', { recidive: '*' }, undefined],
    ['a', { recidive: ['b'], logpath: '/a', filter: 'x' }, /^counts bans \(recidive\) and has logpath, filter;/],
    ['btmp', { btmp: false }, /^has no source/],
  ];
  for (const [name, raw, sentence] of table) {
    const faults = sourceFaults(name, raw);
    t.equal(faults.length, sentence ? 1 : 0, JSON.stringify(raw));
    if (sentence) t.match(faults[0], sentence);
  }
});
