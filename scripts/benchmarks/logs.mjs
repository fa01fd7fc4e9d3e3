// Logs as servers write them, from a seed: the same lines at each run. One line in twenty is a failure that a filter finds.

/** A generator of numbers, the same for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const USERS = ['root', 'admin', 'alice', 'bob', 'postgres', 'deploy', 'git', 'ubuntu'];
const PATHS = ['/', '/index.html', '/api/v1/items', '/static/app.js', '/images/logo.png', '/blog/2026/11/hello-world'];
const PROBES = ['/wp-login.php', '/phpmyadmin/index.php', '/wp-content/plugins/x.php', '/cgi-bin/test.cgi'];

/** An attacker's address: one in twelve is IPv6. */
function attacker(random) {
  if (random(12) === 0) return `2001:db8:${random(65536).toString(16)}::${(1 + random(65534)).toString(16)}`;
  return `198.${18 + random(2)}.${random(256)}.${1 + random(254)}`;
}

const client = (random) => `203.0.113.${1 + random(254)}`;
const pick = (random, list) => list[random(list.length)];
const two = (number) => String(number).padStart(2, '0');

/** The dates of a log: they go on by a second each few lines, and end at `end` (milliseconds). */
function clock(end, lines) {
  const start = end - Math.ceil(lines / 50) * 1000;
  return (index) => new Date(start + Math.floor(index / 50) * 1000);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const time = (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
const syslog = (date) => `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${time(date)}`;
const iso = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time(date)}`;
const clf = (date) => `${two(date.getDate())}/${MONTHS[date.getMonth()]}/${date.getFullYear()}:${time(date)} +0000`;

const sshd = {
  hit: (random, pid) =>
    pick(random, [
      `sshd[${pid}]: Failed password for ${pick(random, USERS)} from ${attacker(random)} port ${1024 + random(60000)} ssh2`,
      `sshd[${pid}]: Failed password for invalid user ${pick(random, USERS)} from ${attacker(random)} port ${1024 + random(60000)} ssh2`,
      `sshd[${pid}]: Invalid user ${pick(random, USERS)} from ${attacker(random)} port ${1024 + random(60000)}`,
    ]),
  miss: (random, pid) =>
    pick(random, [
      `sshd[${pid}]: Accepted publickey for ${pick(random, USERS)} from ${client(random)} port ${1024 + random(60000)} ssh2: ED25519 SHA256:qIb3vR0Zr9`,
      `sshd[${pid}]: pam_unix(sshd:session): session opened for user ${pick(random, USERS)}(uid=0) by (uid=0)`,
      `sshd[${pid}]: Received disconnect from ${client(random)} port ${1024 + random(60000)}:11: disconnected by user`,
      `CRON[${pid}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`,
      `CRON[${pid}]: pam_unix(cron:session): session closed for user root`,
      `sudo:   deploy : TTY=pts/0 ; PWD=/srv/app ; USER=root ; COMMAND=/usr/bin/systemctl restart app-${random(90)}`,
      `systemd-logind[611]: New session ${random(90000)} of user ${pick(random, USERS)}.`,
      `systemd[1]: session-${random(90000)}.scope: Deactivated successfully.`,
    ]),
};

const line = {
  sshd: (random, date, isHit) => {
    const pid = 300 + random(60000);
    return `${syslog(date)} web1 ${isHit ? sshd.hit(random, pid) : sshd.miss(random, pid)}`;
  },
  'nginx-http-auth': (random, date, isHit) => {
    const stamp = `${iso(date).replaceAll('-', '/')} [error] ${900 + random(90)}#${random(9)}: *${random(1e6)}`;
    const tail = `server: www.example.com, request: "GET ${pick(random, PATHS)} HTTP/1.1", host: "www.example.com"`;
    if (isHit) return `${stamp} user "${pick(random, USERS)}": password mismatch, client: ${attacker(random)}, ${tail}`;
    return `${stamp} open() "/srv/www${pick(random, PATHS)}" failed (2: No such file or directory), client: ${client(random)}, ${tail}`;
  },
  'nginx-botsearch': (random, date, isHit) => {
    const path = pick(random, isHit ? PROBES : PATHS);
    const status = isHit ? 404 : pick(random, [200, 200, 304, 301]);
    return `${isHit ? attacker(random) : client(random)} - - [${clf(date)}] "GET ${path} HTTP/1.1" ${status} ${random(90000)} "-" "Mozilla/5.0 (X11; Linux x86_64)"`;
  },
  'apache-auth': (random, date, isHit) => {
    const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getDay()];
    const stamp = `[${day} ${MONTHS[date.getMonth()]} ${two(date.getDate())} ${time(date)}.${String(random(1e6)).padStart(6, '0')} ${date.getFullYear()}]`;
    const who = isHit ? attacker(random) : client(random);
    const head = `${stamp} [${isHit ? 'auth_basic' : 'core'}:${isHit ? 'error' : 'info'}] [pid ${random(60000)}] [client ${who}:${1024 + random(60000)}]`;
    if (isHit) return `${head} AH01618: user ${pick(random, USERS)} not found: ${pick(random, PATHS)}`;
    return `${head} AH00128: File does not exist: /srv/www${pick(random, PATHS)}`;
  },
  postfix: (random, date, isHit) => {
    const head = `${syslog(date)} mx1 postfix/smtpd[${random(60000)}]:`;
    const who = isHit ? attacker(random) : client(random);
    if (isHit)
      return `${head} NOQUEUE: reject: RCPT from unknown[${who}]: 554 5.7.1 <x${random(9999)}@example.com>: Relay access denied; from=<a@example.net> to=<b@example.org> proto=ESMTP helo=<mail>`;
    return pick(random, [
      `${head} connect from mail.example.com[${who}]`,
      `${head} disconnect from mail.example.com[${who}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5`,
      `${syslog(date)} mx1 postfix/qmgr[811]: ${random(1e9).toString(16)}: from=<a@example.net>, size=${random(90000)}, nrcpt=1 (queue active)`,
      `${syslog(date)} mx1 postfix/smtp[${random(60000)}]: ${random(1e9).toString(16)}: to=<b@example.org>, relay=mx.example.org[${who}]:25, delay=1.2, status=sent (250 OK)`,
    ]);
  },
  exim: (random, date, isHit) => {
    const head = `${iso(date)} [${random(60000)}]`;
    if (isHit)
      return `${head} H=(x.example.net) [${attacker(random)}]:${1024 + random(60000)} rejected RCPT <y${random(999)}@example.com>: relay not permitted`;
    return pick(random, [
      `${head} 1abcDE-000${random(999)}-FG <= a@example.net H=mail.example.net [${client(random)}]:${1024 + random(60000)} P=esmtps S=${random(90000)}`,
      `${head} 1abcDE-000${random(999)}-FG => b <b@example.org> R=local_user T=maildir_home`,
      `${head} 1abcDE-000${random(999)}-FG Completed`,
    ]);
  },
};

export const KINDS = Object.keys(line);

/**
 * @param end when the log's last line was written, in milliseconds
 * @param share one line in so many is a failure; 0 for none
 */
export function makeLog(kind, lines, end, { seed = 1, share = 20 } = {}) {
  const random = seeded(seed);
  const at = clock(end, lines);
  const text = [];
  for (let index = 0; index < lines; index++)
    text.push(line[kind](random, at(index), share > 0 && random(share) === 0));
  return `${text.join('\n')}\n`;
}
