import type { IncomingMessage } from 'node:http';
import t from 'tap';
import {
  addressOf,
  eventsOf,
  filterOf,
  offendersOf,
  termsOf,
  wantsJson,
  withinOf,
} from '../../../src/control/query.js';

const request = (url: string): IncomingMessage => ({ url }) as IncomingMessage;

t.test('which bans are to be listed', async (t) => {
  t.same(filterOf(request('/v1/bans')), {});
  t.same(filterOf(request('/v1/bans?jail=a%26b&prefix=192.0.2.0%2F24&since=2023-11-14')), {
    jail: 'a&b',
    prefix: '192.0.2.0/24',
    since: '2023-11-14',
  });
});

t.test('a name that is misspelt would be another question', async (t) => {
  t.throws(() => filterOf(request('/v1/bans?jial=x')), {
    code: 'request',
    message: '"jial" is unknown; a query has each of jail,prefix,since,counters at most once',
  });
  t.throws(() => filterOf(request('/v1/bans?jail=x&jail=y')), {
    code: 'request',
    message: /^"jail" stands there twice/,
  });
  t.throws(() => filterOf(request('/v1/bans?__proto__=x')), { code: 'request' });
});

t.test('of which bans a report is made', async (t) => {
  t.same(offendersOf(request('/v1/offenders')), {});
  t.same(offendersOf(request('/v1/offenders?since=2020-01-01&limit=5&jail=sshd&prefix=::&fold=no')), {
    ...{ since: '2020-01-01', limit: 5, jail: 'sshd', prefix: '::', fold: 'no' },
  });
  for (const query of ['limit=x', 'limit=-1', 'limit=', 'fold=maybe', 'sinse=x']) {
    t.throws(() => offendersOf(request(`/v1/offenders?${query}`)), { code: 'request' }, query);
  }
});

t.test('of whom something is asked', async (t) => {
  t.equal(addressOf(request('/v1/why?address=2001:db8::1')), '2001:db8::1');
  t.equal(addressOf(request('/v1/why')), '');
  t.throws(() => addressOf(request('/v1/why?adress=x')), { code: 'request' });
});

t.test('how long something may wait', async (t) => {
  t.equal(withinOf(request('/v1/reload')), undefined);
  t.equal(withinOf(request('/v1/reload?confirmWithin=60s')), '60s');
  t.throws(() => withinOf(request('/v1/reload?confirm=60s')), { code: 'request' });
});

t.test('the terms of a stream', async (t) => {
  t.same(termsOf(request('/v1/bans?for=1h&reason=a+b')), { for: '1h', reason: 'a b' });
  t.throws(() => termsOf(request('/v1/bans?for=soon')), { code: 'duration' });
  t.same(termsOf(request('/v1/bans?source=drop&replace=true&shrink=true')), {
    ...{ source: 'drop', replace: 'true', shrink: 'true' },
  });
  for (const query of ['replace=true', 'source=drop&replace=yes', 'source=a%20b', 'source=', 'exact=1']) {
    t.throws(() => termsOf(request(`/v1/bans?${query}`)), { code: 'request' }, query);
  }
  t.throws(() => termsOf(request(`/v1/bans?reason=${'x'.repeat(501)}`)), { code: 'request', message: /500/ });
});

t.test('the format of metrics', async (t) => {
  t.equal(wantsJson(request('/v1/metrics')), false);
  t.equal(wantsJson(request('/v1/metrics?format=text')), false);
  t.equal(wantsJson(request('/v1/metrics?format=json')), true);
  t.throws(() => wantsJson(request('/v1/metrics?format=xml')), {
    code: 'request',
    message: /there are text and json$/,
  });
  t.throws(() => wantsJson(request('/v1/metrics?from=json')), { code: 'request' });
});

t.test('which events are wanted', async (t) => {
  t.same(eventsOf(request('/v1/events?event=ban,unban&jail=sshd')), { event: 'ban,unban', jail: 'sshd' });
  t.throws(() => eventsOf(request('/v1/events?events=ban')), { code: 'request' });
});
