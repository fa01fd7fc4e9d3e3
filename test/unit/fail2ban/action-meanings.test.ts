import { readdirSync } from 'node:fs';
import t from 'tap';
import { whyUnsupported } from '../../../src/fail2ban/action-meanings.js';

const why = (name: string, commands = '', blocktype = ''): string | undefined =>
  whyUnsupported({ name, commands, blocktype });

t.test("fail2ban's own", async (t) => {
  const table: [string, string | undefined][] = [
    ['iptables-multiport', undefined],
    ['nftables', undefined],
    ['route', undefined],
    ['hostsdeny', undefined],
    ['sendmail-whois-lines', 'it sends a mail'],
    ['mail', 'it sends a mail'],
    ['mail-buffered', 'it sends a mail'],
    ['xarf-login-attack', 'it sends a mail to the abuse contact'],
    ['dshield', 'it sends reports by mail'],
    ['abuseipdb', 'it reports the address to others'],
    ['cloudflare-token', "it bans at Cloudflare's edge"],
    ['nginx-block-map', 'it bans in nginx'],
    ['dummy', 'it writes a file and bans nothing'],
  ];
  for (const [name, expected] of table) t.equal(why(name), expected, name);
});

t.test('every action that Debian delivers is known by its name', async (t) => {
  const names = readdirSync('.cache/fail2ban/etc/fail2ban/action.d')
    .filter((name) => name.endsWith('.conf') && !/-common\.conf$/.test(name))
    .map((name) => name.slice(0, -'.conf'.length));
  for (const name of names) t.notMatch(why(name) ?? '', /none of fail2ban's own/, name);
});

t.test('others by their commands', async (t) => {
  const firewalls = [
    'nft add element inet f x { <ip> }',
    '<iptables> -I INPUT',
    '/sbin/ip6tables -I INPUT',
    'sudo ipset add x <ip>',
    'firewall-cmd --add-rich-rule',
    'x\nip -6 route add blackhole <ip>',
    'ip rule add from <ip> prohibit',
    'ufw deny from <ip>',
  ];
  for (const commands of firewalls) t.equal(why('mine', commands), undefined, commands);
  const others = ['curl https://x/<ip>', 'echo <ip> >> /etc/iptables.list', 'ip addr', 'snft <ip>', 'ipsets <ip>'];
  for (const commands of others) t.match(why('mine', commands), /none of a firewall$/, commands);
});

t.test('what lets addresses through bans nobody', async (t) => {
  t.equal(why('iptables-multiport', '', 'RETURN'), 'with blocktype RETURN it lets addresses through');
  t.match(why('nftables', '', 'accept'), /lets addresses through/);
  t.equal(why('nftables', '', 'reject'), undefined);
});
