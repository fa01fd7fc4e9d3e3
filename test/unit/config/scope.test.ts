import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { resolve } from '../../../src/config/resolve.js';
import { adoptedPorts, givenPorts, textOf } from '../../../src/config/scope.js';

const scopeOf = (jail: string, more = ''): string | undefined =>
  resolve(parseSettings(`[jail.sshd]\nlogpath = "/var/log/auth.log"\n${jail}\n${more}`, 'dropset.toml')).jails[0]
    ?.scope;

t.test('port, protocol and mode of a jail', async (t) => {
  for (const [jail, scope] of [
    ['', 'all'],
    ['port = "ssh"', 'tcp/22'],
    ['port = "443,ssh"', 'tcp/22,443'],
    ['port = 2222', 'tcp/2222'],
    ['port = ["ssh", 2222, "1000-1010"]', 'tcp/22,1000-1010,2222'],
    ['port = "0:65535"', 'tcp/*'],
    ['port = "domain"\nprotocol = "tcp,udp"', 'tcp/53 udp/53'],
    ['port = "domain"\nprotocol = ["udp"]', 'udp/53'],
    ['protocol = "udp"', 'udp/*'],
    ['mode = "drop"', 'all'],
    ['mode = "observe"', 'observe'],
    ['mode = "observe"\nport = "ssh"', 'observe tcp/22'],
  ] as const) {
    t.equal(scopeOf(jail), scope, jail);
  }
});

t.test('the mode of the service holds where a jail has none', async (t) => {
  const observe = '[service]\nmode = "observe"';
  t.equal(scopeOf('', observe), 'observe');
  t.equal(scopeOf('port = "ssh"', observe), 'observe tcp/22');
  t.equal(scopeOf('mode = "drop"', observe), 'all');
});

t.test('what is none is told with what was meant', async (t) => {
  for (const [jail, message] of [
    [
      'port = "shh"',
      /dropset\.toml:3: jail\.sshd\.port: found "shh"; expected ports: .*"shh" is none: did you mean 'ssh'\?$/,
    ],
    ['port = "ssh,70000"', /"70000" is none/],
    ['port = "qqqqqqqqqqqqqqqq"', /"qqqqqqqqqqqqqqqq" is none$/],
    ['port = ""', /expected ports: numbers, ranges/],
    ['port = []', /expected ports/],
    ['port = true', /found true; expected ports/],
    ['port = 2.5', /expected ports/],
    [`port = "${'22,'.repeat(400)}22"`, /expected ports/],
    ['protocol = "icmp"', /jail\.sshd\.protocol: found "icmp"; expected "tcp", "udp", "sctp", "dccp", or several/],
    ['protocol = []', /expected "tcp"/],
    ['mode = "watch"', /jail\.sshd\.mode: found "watch"; expected "drop" or "observe"/],
    [
      `port = [${Array.from({ length: 17 }, (_, index) => index * 2 + 1)}]`,
      /jail\.sshd\.port: too many: 17 ranges of ports are more than the 16/,
    ],
  ] as const) {
    t.throws(() => scopeOf(jail), { code: 'config', message }, jail);
  }
  t.throws(() => scopeOf('', '[service]\nmode = "off"'), { message: /service\.mode: found "off"/ });
});

const RANGES = [{ first: 22, last: 22 }];

t.test('what the actions of a fail2ban jail close', async (t) => {
  const tcp = { kind: 'ports', protocols: ['tcp'], ports: 'ssh', ranges: RANGES, unknown: [] } as const;
  const udp = { ...tcp, protocols: ['udp'] };
  for (const [actions, scope] of [
    [[tcp], 'tcp/22'],
    [[tcp, udp], 'tcp/22 udp/22'],
    [[{ ...tcp, protocols: ['tcp', 'udp'] }], 'tcp/22 udp/22'],
    [[{ kind: 'all' }], 'all'],
    [[tcp, { kind: 'all' }], 'all'],
    [[{ kind: 'all', protocols: ['all'] }], 'all'],
    [[{ kind: 'all', protocols: ['tcp'] }], 'tcp/*'],
    [[], 'all'],
  ] as const) {
    t.equal(textOf(adoptedPorts(actions), 'drop'), scope, JSON.stringify(actions));
  }
  t.equal(textOf(adoptedPorts([tcp]), 'observe'), 'observe tcp/22');
  t.throws(() => adoptedPorts([{ ...tcp, protocols: ['icmp'] }]), { code: 'scope', message: /protocol 'icmp'/ });
  t.throws(() => adoptedPorts([{ ...tcp, unknown: ['shh'] }]), { code: 'scope', message: /no port 'shh'/ });
});

t.test('what a person gives to a command', async (t) => {
  t.equal(textOf(givenPorts('22,https', undefined), 'drop'), 'tcp/22,443');
  t.equal(textOf(givenPorts('53', 'udp,tcp'), 'drop'), 'tcp/53 udp/53');
  t.equal(textOf(givenPorts(undefined, 'udp'), 'drop'), 'udp/*');
  t.equal(textOf(givenPorts(undefined, undefined), 'observe'), 'observe');
  t.throws(() => givenPorts('shh', undefined), {
    code: 'scope',
    message: /^--port takes ports: .* did you mean 'ssh'\?$/,
  });
  t.throws(() => givenPorts('22', 'icmp'), { code: 'scope', message: /^--protocol takes "tcp"/ });
});
