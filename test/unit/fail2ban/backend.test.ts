import t from 'tap';
import { type Backend, parseBackend } from '../../../src/fail2ban/backend.js';

t.test('backends', async (t) => {
  const table: [string, Omit<Backend, 'text'>][] = [
    ['auto', { name: 'auto' }],
    ['Polling', { name: 'polling' }],
    ['systemd', { name: 'systemd', journal: {} }],
    [
      'systemd[journalpath=/run/log, journalfiles="/a/*.journal, /b", journalflags=1][namespace=x, rotated=on]',
      {
        name: 'systemd',
        journal: { path: '/run/log', files: ['/a/*.journal', '/b'], flags: 1, namespace: 'x', rotated: true },
      },
    ],
  ];
  for (const [text, backend] of table) t.same(parseBackend(text), { text, ...backend }, text);
});

t.test('what is none', async (t) => {
  const table: [string, RegExp][] = [
    ['inotify', /^'inotify' is no backend; use one of auto, pyinotify, gamin, polling, systemd$/],
    ['systemd[path=/x]', /^'path' is no option of systemd; use journalpath, /],
    ['systemd[journalflags=x]', /^journalflags = x is no number; see sd_journal_open\(3\)$/],
    ['systemd[journalflags=-1]', /^journalflags = -1 is no number/],
    ['systemd[', /the last \] is missing/],
  ];
  for (const [text, message] of table) t.throws(() => parseBackend(text), { code: 'config', message }, text);
});
