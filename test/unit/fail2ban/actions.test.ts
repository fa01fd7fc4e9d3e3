import t from 'tap';
import { type JailActions, readActions } from '../../../src/fail2ban/actions.js';
import { Files } from '../../../src/fail2ban/file.js';

const STOCK = '.cache/fail2ban/etc/fail2ban';

const read = (list: string, directory: string = STOCK, options: Record<string, string> = {}): JailActions =>
  readActions(list, {
    jail: 'web',
    directory,
    options: new Map(Object.entries(options)),
    files: new Files(),
    services: new Map([['http', 80]]),
  });

const scopes = (list: string): object[] => read(list).bans.map(({ scope }) => scope);

const ports = (text: string, protocols = ['tcp']): object => {
  const port = text === 'http' ? 80 : Number(text);
  return { kind: 'ports', protocols, ports: text, ranges: [{ first: port, last: port }], unknown: [] };
};

t.test('what a ban closes', async (t) => {
  const table: [string, object][] = [
    ['iptables[port=http]', ports('http')],
    ['iptables-multiport[port=http, protocol=udp]', ports('http', ['udp'])],
    ['iptables-multiport[port=http, protocol="tcp,udp"]', ports('http', ['tcp', 'udp'])],
    ['iptables-new[port=80]', ports('80')],
    ['iptables-multiport-log[port=80]', ports('80')],
    ['iptables-allports[port=http]', { kind: 'all', protocols: ['tcp'] }],
    ['iptables[type=allports, protocol=all]', { kind: 'all', protocols: ['all'] }],
    ['iptables-ipset-proto6[port=http]', ports('http')],
    ['iptables-ipset-proto6-allports', { kind: 'all', protocols: ['tcp'] }],
    ['iptables-xt_recent-echo[port=http]', { kind: 'all' }],
    ['nftables[port=http]', ports('http')],
    ['nftables-multiport[port=http]', ports('http')],
    ['nftables-allports', { kind: 'all', protocols: ['tcp'] }],
    ['nftables[type=custom]', { kind: 'all' }],
    ['nftables[type=custom, rule_match-custom="udp dport <port>", port=80]', ports('80')],
    ['firewallcmd-new[port=http]', ports('http')],
    ['firewallcmd-rich-rules[port=http]', ports('http')],
    ['firewallcmd-allports[port=http]', { kind: 'all' }],
    ['firewallcmd-ipset[port=http]', ports('http')],
    ['firewallcmd-ipset[actiontype=<allports>]', { kind: 'all', protocols: ['tcp'] }],
    ['ufw', { kind: 'all' }],
    ['route', { kind: 'all' }],
    ['shorewall', { kind: 'all' }],
    ['hostsdeny', { kind: 'all' }],
    ['iptables-multiport[port=""]', { kind: 'all', protocols: ['tcp'] }],
    [
      'iptables[port=nothing]',
      { kind: 'ports', protocols: ['tcp'], ports: 'nothing', ranges: [], unknown: ['nothing'] },
    ],
  ];
  for (const [list, scope] of table) t.same(scopes(list), [scope], list);
});

t.test('names, as fail2ban tells actions of a jail apart', async (t) => {
  const names = read('route\n route[name=web-udp] route[name=x] route[actname=mine]').bans.map(({ name }) => name);
  t.same(names, ['route', 'route-udp', 'route-x', 'mine']);
});

t.test('what is not taken over', async (t) => {
  const { bans, unsupported } = read(
    'iptables[port=http] sendmail-whois[dest="a, b"] smtp.py[host=x] abuseipdb other.py',
  );
  t.same(bans.length, 1);
  t.same(unsupported, [
    { name: 'sendmail-whois', file: `${STOCK}/action.d/sendmail-whois.conf`, why: 'it sends a mail' },
    { name: 'smtp', file: `${STOCK}/action.d/smtp.py`, why: 'it sends a mail' },
    { name: 'abuseipdb', file: `${STOCK}/action.d/abuseipdb.conf`, why: 'it reports the address to others' },
    { name: 'other', file: `${STOCK}/action.d/other.py`, why: 'it is in Python' },
  ]);
});

t.test('a ban that lets in is none', async (t) => {
  t.match(read('iptables[blocktype=RETURN, returntype=REJECT]').unsupported, [
    { why: /RETURN it lets addresses through/ },
  ]);
});

t.test("an operator's own actions, told by their commands", async (t) => {
  const folder = t.testdir({
    'action.d': {
      'nft.conf':
        '[Definition]\nactionban = nft add element inet x y { <ip> } # <port> of <bantime>\n[Init]\nport = 80\n',
      'web.conf': '[Definition]\nactionban = curl https://x/<ip>\n',
      'iptables.local': '[Definition]\nactionban = iptables -I INPUT -s <ip> -j DROP\n',
    },
  });
  const { bans, unsupported } = read(`nft web iptables ${folder}/action.d/nft`, folder, { bantime: '1h' });
  t.same(
    bans.map(({ name, scope }) => [name, scope]),
    [
      ['nft', ports('80')],
      ['iptables', { kind: 'all' }],
      [`${folder}/action.d/nft`, ports('80')],
    ],
  );
  t.match(unsupported, [{ name: 'web', why: /none of a firewall/ }]);
});

t.test('faults', async (t) => {
  const folder = t.testdir({ 'action.d': { 'a.conf': '[Definition]\nactionban = <actionban>\n' } });
  t.throws(() => read('nothing[x=1]'), {
    message: /^there is no action 'nothing' \(no file .*action\.d\/nothing\.conf\)$/,
  });
  t.throws(() => read('a[x]', folder), { message: /is not name=value/ });
  t.throws(() => read('a', folder), { code: 'config', message: /a\.conf: option 'actionban' refers to itself/ });
  t.throws(() => read('x '.repeat(1 << 15)), { message: 'a list of actions of 65536 characters' });
});
