import type { Random } from './random.js';

const HOSTS = ['192.0.2.7', '198.51.100.1', '2001:db8::7', '::ffff:192.0.2.8', 'host.example', '::1', '999.1.1.1'];
const USERS = ['root', 'admin', 'x', 'a b', '', 'jörg'];

/** What sshd says of one connection. */
export function sshd(random: Random): string {
  const [user, other] = [random.pick(USERS), random.pick(USERS)];
  const host = random.pick(HOSTS);
  return random.pick([
    `Failed password for ${user} from ${host} port 42 ssh2`,
    `Failed password for invalid user ${user} from ${host} port 42 ssh2`,
    `Failed publickey for ${user} from ${host} port 42 ssh2: RSA SHA256:abc`,
    `Failed none for ${user} from ${host} port 42 ssh2`,
    `error: PAM: Authentication failure for ${user} from ${host}`,
    `Invalid user ${user} from ${host} port 42`,
    `User ${user} from ${host} not allowed because not listed in AllowUsers`,
    `User ${user} not allowed because account is locked`,
    `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=${other} rhost=${host}  user=${user}`,
    `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${host}`,
    `Connection from ${host} port 42 on 192.0.2.200 port 22`,
    `Connection closed by authenticating user ${user} ${host} port 42 [preauth]`,
    `Connection closed by ${host} port 42 [preauth]`,
    `Connection reset by ${host} port 42`,
    `Disconnected from user ${user} ${host} port 42`,
    `Disconnected from invalid user ${user} ${host} port 42 [preauth]`,
    `Received disconnect from ${host} port 42:11: Bye [preauth]`,
    `Received disconnect from ${host} port 42:3: x: Auth fail [preauth]`,
    `Received disconnect from ${host} port 42:14: No supported authentication methods available [preauth]`,
    `Disconnecting: Too many authentication failures for ${user} [preauth]`,
    'Disconnecting: Too many authentication failures [preauth]',
    `Disconnecting invalid user ${user} ${host} port 42: Change of username or service not allowed: (a,b) -> (c,d) [preauth]`,
    `error: maximum authentication attempts exceeded for ${user} from ${host} port 42 ssh2 [preauth]`,
    `Unable to negotiate with ${host} port 42: no matching cipher found. Their offer: x`,
    'error: no matching cipher found: x',
    'Read from socket failed: Connection reset by peer',
    'error: kex_exchange_identification: Connection closed by remote host',
    `Accepted password for ${user} from ${host} port 42 ssh2`,
    `Accepted publickey for ${user} from ${host} port 42 ssh2`,
    'pam_unix(sshd:session): session opened for user root by (uid=0)',
  ]);
}

/** Lines of four sessions, mixed. */
export function sessions(random: Random, count: number, say: (random: Random) => string, daemon: string): string[] {
  return Array.from({ length: count }, () => `host ${daemon}[${1 + random.below(4)}]: ${say(random)}`);
}

/** What sendmail says of one message. */
export function sendmail(random: Random): string {
  const host = random.pick(['[192.0.2.7]', 'h.example [192.0.2.8]', '[IPv6:2001:db8::7]', 'h [2001:db8::9]']);
  const forged = random.pick(['', ' (may be forged)']);
  return random.pick([
    `ruleset=check_rcpt, arg1=<a@b.example>, relay=${host}${forged}, reject=550 5.7.1 <a@b.example>... Relaying denied. Proper authentication required.`,
    `ruleset=check_rcpt, arg1=<a@b.example>, relay=${host}, reject=553 5.1.8 <c@b.example>... Domain of sender address a@b does not exist`,
    `ruleset=check_relay, arg1=x, relay=${host}${forged}, reject=421 4.3.2 Connection rate limit exceeded.`,
    `rejecting commands from ${host} due to pre-greeting traffic after 0 seconds`,
    `${host}: EXPN root [rejected]`,
    '<nobody@b.example>... No such user here',
    '<root@b.example>... No such user here',
    `from=<a@b.example>, size=1, class=0, nrcpts=1, bodytype=8BITMIME, proto=ESMTP, daemon=MTA, relay=h.example [192.0.2.${random.below(3)}]`,
    `${host}${forged} did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA`,
    `${host}${forged}: possible SMTP attack: command=AUTH, count=5`,
    `AUTH failure (LOGIN): authentication failure: checkpass failed, user=${random.pick(USERS)}, relay=${host}${forged}`,
    `AUTH failure (LOGIN): user not found: x, relay=${host}`,
  ]);
}

/** What slapd says of one connection; a failed login takes two lines. */
export function slapd(random: Random): string {
  const connection = `conn=${random.below(4)}`;
  return random.pick([
    `${connection} fd=1${random.below(3)} ACCEPT from IP=${random.pick(HOSTS)}:3${random.below(9)} (IP=0.0.0.0:389)`,
    `${connection} op=0 BIND dn="cn=x" method=128`,
    `${connection} op=${random.below(3)} RESULT tag=97 err=49 text=`,
    `${connection} op=${random.below(3)} RESULT tag=97 err=0 text=`,
    `${connection} fd=12 closed`,
  ]);
}

/** Pieces of all kinds, in any order, for filters that are written for them. */
export function pieces(random: Random): string {
  const words = Array.from({ length: 1 + random.below(5) }, () =>
    random.pick([
      `from ${random.pick(HOSTS)}`,
      `user=${random.pick(USERS)}`,
      `alt=${random.pick(USERS)}`,
      `id=${random.pick(['k1', '192.0.2.9', '[2001:db8::9]', '2001:DB8::A', '192.0.2.7'])}`,
      `net 192.0.2.${random.below(256)}/${1 + random.below(32)}`,
      `net 2001:db8:ffff::${random.below(9)}/${1 + random.below(128)}`,
      `name=${random.pick(['h.example', '192.0.2.7', '-'])}`,
      'ok',
      'fail',
      'skip',
      `s${random.below(3)}`,
    ]),
  );
  return words.join(' ');
}
