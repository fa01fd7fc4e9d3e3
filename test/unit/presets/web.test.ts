import t from 'tap';
import { WEB } from '../../../src/presets/web.js';

t.test('how often is too often', async (t) => {
  const limits = WEB.map(({ name, maxretry, findtime, bantime }) => `${name} ${maxretry} ${findtime} ${bantime}`);
  t.same(limits, [
    ...['wp-limit-login 1 1h 1d', 'wordpress 3 1h 1d', 'wp-login-flood 10 1m 1h', 'squid-w00tw00t 1 1h 1d'],
    ...['pingback-spam 1 1h 1d', 'modsecurity 3 1h 1d', 'elgg 3 1h 1d', 'idno 3 1h 1d', 'nginx-auth 3 1h 1d'],
    ...['nginx-botsearch 3 1h 1d', 'apache-auth 3 1h 1d', 'apache-botsearch 3 1h 1d'],
  ]);
});
