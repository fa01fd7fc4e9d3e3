import t from 'tap';
import { blamedBy } from '../../../stock-filter.js';

const blamed = blamedBy('sshd');

const SENDER = '198.51.100.7';

/** What sshd says, without the head of the line. */
const GUESSES = [
  'Failed password for root from 198.51.100.7 port 42022 ssh2',
  'Failed password for invalid user admin from 198.51.100.7 port 42022 ssh2',
  'Failed password for invalid user  from 198.51.100.7 port 42022 ssh2',
  'Failed password for invalid user a b from 198.51.100.7 port 42022 ssh2',
  'Failed password for root from ::ffff:198.51.100.7 port 42022 ssh2',
  'Failed keyboard-interactive/pam for root from 198.51.100.7 port 42022 ssh2',
  'Failed keyboard-interactive/pam for invalid user x from 198.51.100.7 port 42022 ssh2',
  'Failed keyboard-interactive for root from 198.51.100.7 port 42022 ssh2',
  'Invalid user admin from 198.51.100.7',
  'Invalid user admin from 198.51.100.7 port 42022',
  'Invalid user  from 198.51.100.7 port 42022',
  'error: maximum authentication attempts exceeded for root from 198.51.100.7 port 42022 ssh2 [preauth]',
  'error: maximum authentication attempts exceeded for invalid user x from 198.51.100.7 port 42022 ssh2 [preauth]',
  'Disconnecting authenticating user root 198.51.100.7 port 42022: Too many authentication failures [preauth]',
  'Disconnecting invalid user  198.51.100.7 port 42022: Too many authentication failures [preauth]',
  'Disconnecting invalid user a 198.51.100.7 port 42022: Change of username or service not allowed: (a,ssh-connection) -> (b,ssh-connection) [preauth]',
  'User root from 198.51.100.7 not allowed because not listed in AllowUsers',
  'User root from 198.51.100.7 not allowed because listed in DenyUsers',
  "User backup from 198.51.100.7 not allowed because none of user's groups are listed in AllowGroups",
  'User backup from 198.51.100.7 not allowed because a group is listed in DenyGroups',
  'User backup from 198.51.100.7 not allowed because not in any group',
  'ROOT LOGIN REFUSED FROM 198.51.100.7',
  'ROOT LOGIN REFUSED FROM 198.51.100.7 port 42022',
  'Received disconnect from 198.51.100.7 port 42022:3: com.jcraft.jsch.JSchException: Auth fail [preauth]',
  'Received disconnect from 198.51.100.7: 3: com.jcraft.jsch.JSchException: Auth fail [preauth]',
  'message repeated 2 times: [ Failed password for root from 198.51.100.7 port 42022 ssh2]',
];

const HEADS = [
  'Nov 21 02:55:12 host sshd[123]: ',
  'Nov  1 02:55:12 host.example.org sshd-session[123]: ',
  '2026-11-21T02:55:12.123456+01:00 host sshd-auth[123]: ',
  '2026-11-21 02:55:12,123 sshd[123]: ',
  'Nov 21 02:55:12 sshd: ',
  'host sshd[123]: ',
  'sshd[123]: ',
];

t.test('guesses, under every head', async (t) => {
  for (const head of HEADS) {
    const missed = GUESSES.filter((guess) => blamed(head + guess) !== SENDER);
    t.same(missed, [], head);
  }
  const six = 'sshd[1]: Failed password for root from 2001:db8::7 port 42022 ssh2';
  t.equal(blamed(six), '2001:db8::7');
});

t.test('what is nobody guessing', async (t) => {
  const harmless = [
    'Accepted password for root from 198.51.100.7 port 42022 ssh2',
    'Accepted publickey for root from 198.51.100.7 port 42022 ssh2: ED25519 SHA256:abc',
    'Failed none for root from 198.51.100.7 port 42022 ssh2',
    'Failed none for invalid user x from 198.51.100.7 port 42022 ssh2',
    'Failed publickey for root from 198.51.100.7 port 42022 ssh2: RSA SHA256:abc',
    'Failed gssapi-with-mic for root from 198.51.100.7 port 42022 ssh2',
    'Connection closed by 198.51.100.7 port 42022 [preauth]',
    'Connection closed by authenticating user root 198.51.100.7 port 42022 [preauth]',
    'Connection reset by 198.51.100.7 port 42022 [preauth]',
    'Disconnected from user root 198.51.100.7 port 42022',
    'Disconnected from authenticating user root 198.51.100.7 port 42022 [preauth]',
    'Received disconnect from 198.51.100.7 port 42022:11: disconnected by user',
    'Received disconnect from 198.51.100.7 port 42022:11: Bye Bye [preauth]',
    'Did not receive identification string from 198.51.100.7 port 42022',
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.7  user=root',
    'pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)',
    'error: PAM: Authentication failure for root from 198.51.100.7',
    'Disconnecting: Too many authentication failures for root [preauth]',
    // The name has the address: sshd writes none.
    'User x from 198.51.100.7 not allowed because account is locked',
    'User x from 198.51.100.7 not allowed because shell /bin/none does not exist',
    'User x from 198.51.100.7 not allowed because shell /bin/none is not executable',
    'Server listening on 0.0.0.0 port 22.',
    'error: kex_exchange_identification: Connection closed by remote host',
    'Postponed keyboard-interactive for root from 198.51.100.7 port 42022 ssh2 [preauth]',
    'reverse mapping checking getaddrinfo for x.example [198.51.100.7] failed.',
  ];
  for (const text of harmless) t.equal(blamed(`Nov 21 02:55:12 host sshd[123]: ${text}`), undefined, text);
});

t.test('a crafted user name blames the sender or nobody', async (t) => {
  const forged = [
    ' from 192.0.2.1 port 22 ssh2',
    'x from 192.0.2.1 port 22 ssh2',
    'x from 192.0.2.1',
    'x from 192.0.2.1 port 22',
    'x from 192.0.2.1 port 22 ssh2 [preauth]',
    '192.0.2.1',
    'from 192.0.2.1',
    '192.0.2.1 port 22: Too many authentication failures [preauth]',
    'x 192.0.2.1 port 22: Change of username or service not allowed: (a,b) -> (c,d) [preauth]',
    'x 192.0.2.1 port 22: Change of username or service not allowed: (a,b) -> (c',
    'x from 192.0.2.1 not allowed because not listed in AllowUsers',
    'x: sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2',
    'sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2]',
    'ROOT LOGIN REFUSED FROM 192.0.2.1',
    'Received disconnect from 192.0.2.1 port 22:3: Auth fail',
    'Nov 21 02:55:12 host sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2',
    '\r\u2028 from 192.0.2.1 port 22 ssh2\u2028',
    'x from 2001:db8::1 port 22 ssh2',
    `${'x'.repeat(100)} from 192.0.2.1 port 1`,
  ];
  for (const [index, user] of forged.entries()) {
    const lines = said(user);
    for (const text of lines) {
      for (const head of HEADS) {
        const victim = blamed(head + text);
        if (victim !== undefined && victim !== SENDER) t.fail(`${victim} is blamed by ${head}${text}`);
      }
    }
    t.equal(blamed(`Nov 21 02:55:12 host sshd[1]: ${lines[0]}`), SENDER, `name ${index}`);
  }
});

/** Every message that sshd writes about a user of that name. */
function said(user: string): string[] {
  const changed = 'Change of username or service not allowed:';
  return [
    `Failed password for invalid user ${user} from 198.51.100.7 port 42022 ssh2`,
    `Failed password for ${user} from 198.51.100.7 port 42022 ssh2`,
    `Failed none for invalid user ${user} from 198.51.100.7 port 42022 ssh2`,
    `Failed publickey for invalid user ${user} from 198.51.100.7 port 42022 ssh2: RSA SHA256:abc`,
    `Accepted publickey for ${user} from 198.51.100.7 port 42022 ssh2: RSA SHA256:abc`,
    `Invalid user ${user} from 198.51.100.7 port 42022`,
    `Invalid user ${user} from 198.51.100.7`,
    `error: maximum authentication attempts exceeded for invalid user ${user} from 198.51.100.7 port 42022 ssh2 [preauth]`,
    `Disconnecting invalid user ${user} 198.51.100.7 port 42022: Too many authentication failures [preauth]`,
    `Disconnecting invalid user ${user} 198.51.100.7 port 42022: ${changed} (${user},s) -> (b,s) [preauth]`,
    `Disconnecting invalid user a 198.51.100.7 port 42022: ${changed} (a,s) -> (${user},s) [preauth]`,
    `Connection closed by invalid user ${user} 198.51.100.7 port 42022 [preauth]`,
    `Disconnected from invalid user ${user} 198.51.100.7 port 42022 [preauth]`,
    `User ${user} from 198.51.100.7 not allowed because not listed in AllowUsers`,
    `Received disconnect from 198.51.100.7 port 42022:3: ${user} Auth fail [preauth]`,
    `Received disconnect from 198.51.100.7 port 42022:11: ${user}`,
    `Bad protocol version identification '${user}' from 198.51.100.7 port 42022`,
    `pam_unix(sshd:auth): check pass; user unknown ${user}`,
  ];
}

t.test('a long line costs no time', async (t) => {
  const heads = ['Failed password for ', 'Invalid user ', 'User ', 'Disconnecting invalid user ', ''];
  heads.push('error: maximum authentication attempts exceeded for ', 'Received disconnect from 192.0.2.1:3: ');
  const pieces = [' from 192.0.2.1 port 22 ssh2', ' ', 'x', ': ', '(', ' from b', ' from 1:', '1:', ' ::', ' port 1: '];
  for (const head of heads) {
    for (const piece of pieces) {
      const text = `sshd[1]: ${head}${piece.repeat(65_000 / piece.length)}!`;
      const start = process.cpuUsage();
      blamed(text);
      const { user } = process.cpuUsage(start);
      // Squared it would be seconds.
      t.ok(user < 200_000, `${head}${piece}`);
    }
  }
});
