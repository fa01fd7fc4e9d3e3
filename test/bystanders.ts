/** How a sender may be written, and who that is. A link-local address with its zone is nobody whom a set could hold apart. */
export const SENDERS: readonly (readonly [written: string, address: string | undefined])[] = [
  ['198.51.100.7', '198.51.100.7'],
  ['2001:db8::7', '2001:db8::7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['::ffff:c633:6407', '198.51.100.7'],
  ['fe80::7%eth0', undefined],
];

/** What stands before a message. */
export const HEADS: readonly string[] = [
  'Nov 21 05:48:17 gate sshd[4711]: ',
  '2026-11-21T05:48:17.123456+00:00 gate.example.org sshd-session[4711]: ',
  '2026-11-21 05:48:17,123 sshd-auth[4711]: ',
  'gate sshd[4711]: ',
];

/**
 * What sshd says, by its sources and logs: `@` is what its client chose, `#` where that came from, `~` the name
 * that he gave his own address: sshd (canohost.c, UseDNS) takes none that is an address itself, and the resolver none with other characters.
 */
export const SSHD: readonly string[] = [
  'Failed password for @ from # port 4242 ssh2',
  'Failed password for invalid user @ from # port 4242 ssh2',
  'Failed password for illegal user @ from # port 4242 ssh2',
  'Failed keyboard-interactive/pam for @ from # port 4242 ssh2',
  'Failed keyboard-interactive/pam for invalid user @ from # port 4242 ssh2',
  'Failed none for invalid user @ from # port 4242 ssh2',
  'Failed publickey for invalid user @ from # port 4242 ssh2: RSA SHA256:@',
  'Failed hostbased for @ from # port 4242 ssh2: RSA SHA256:abc, client user "@", client host "@"',
  'Postponed keyboard-interactive for invalid user @ from # port 4242 ssh2 [preauth]',
  'Invalid user @ from # port 4242',
  'Invalid user @ from #',
  'input_userauth_request: invalid user @ [preauth]',
  'error: maximum authentication attempts exceeded for @ from # port 4242 ssh2 [preauth]',
  'error: maximum authentication attempts exceeded for invalid user @ from # port 4242 ssh2 [preauth]',
  'Disconnecting invalid user @ # port 4242: Too many authentication failures [preauth]',
  'Disconnecting authenticating user @ # port 4242: Too many authentication failures [preauth]',
  'Disconnecting: Too many authentication failures for @ [preauth]',
  'Disconnecting invalid user @ # port 4242: Change of username or service not allowed: (@,@) -> (@,@) [preauth]',
  'Disconnecting authenticating user a # port 4242: Change of username or service not allowed: (a,@) -> (@,ssh-connection) [preauth]',
  'User @ from # not allowed because not listed in AllowUsers',
  "User @ from # not allowed because none of user's groups are listed in AllowGroups",
  'User @ not allowed because shell /bin/none does not exist',
  'User @ not allowed because shell /bin/@ is not executable',
  'User @ not allowed because account is locked',
  'User ann from ~ not allowed because not listed in AllowUsers',
  'reverse mapping checking getaddrinfo for @ [#] failed - POSSIBLE BREAK-IN ATTEMPT!',
  'Address # maps to @, but this does not map back to the address.',
  'Connection closed by invalid user @ # port 4242 [preauth]',
  'Connection reset by authenticating user @ # port 4242 [preauth]',
  'Disconnected from invalid user @ # port 4242 [preauth]',
  'Received disconnect from # port 4242:11: @',
  'Received disconnect from # port 4242:3: @ [preauth]',
  'Received disconnect from # port 4242:3: @: Auth fail [preauth]',
  'Received disconnect from #: 3: @',
  "Bad protocol version identification '@' from # port 4242",
  'error: kex_exchange_identification: client sent invalid protocol identifier "@"',
  'banner exchange: Connection from # port 4242: invalid format @',
  'Unable to negotiate with # port 4242: no matching key exchange method found. Their offer: @ [preauth]',
  'userauth_pubkey: unsupported public key algorithm: @ [preauth]',
  'error: PAM: Authentication failure for illegal user @ from #',
  'error: PAM: User not known to the underlying authentication module for illegal user @ from #',
  'pam_unix(sshd:auth): check pass; user unknown @',
  'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=@ rhost=#  user=@',
  'error: Could not get shadow information for @',
  'Authentication refused: bad ownership or modes for directory /home/@',
  'Accepted publickey for ann from # port 4242 ssh2: ED25519 SHA256:@',
  'Starting session: command for ann from # port 4242 id 0 @',
  'message repeated 2 times: [ Failed password for invalid user @ from # port 4242 ssh2]',
  'ROOT LOGIN REFUSED FROM # port 4242',
];

/** What other programs write into the same log: nobody is to blame for that. */
export const OTHERS: readonly string[] = [
  'Nov 21 05:48:17 gate app[7]: @',
  'Nov 21 05:48:17 gate app: login of @ from # failed',
  'Nov 21 05:48:17 gate su[99]: FAILED SU (to @) ann on pts/0',
  'Nov 21 05:48:17 gate sudo:      ann : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=@',
  'Nov 21 05:48:17 gate CRON[99]: (ann) CMD (@)',
  'Nov 21 05:48:17 gate postfix/smtpd[99]: NOQUEUE: reject: RCPT from x[#]: 554 5.7.1: from=<@> to=<@> helo=<@>',
  'Nov 21 05:48:17 gate dovecot: imap-login: Aborted login (auth failed, 1 attempts): user=<@>, method=PLAIN, rip=#, lip=192.0.2.200',
  'Nov 21 05:48:17 gate named[99]: client #4242: query: @ IN A +E (192.0.2.200)',
  'Nov 21 05:48:17 gate kernel: [    1.000000] usb 1-1: Product: @',
];

/** The messages with their blanks filled in. @param written how the sender's address is. */
export const filled = (messages: readonly string[], text: string, written: string): string[] => {
  const name = `${text.replace(/[^\w.-]/g, '-').slice(0, 60)}.example`;
  return messages.map((message) =>
    message
      .replaceAll('#', written)
      .replaceAll('~', name)
      .replaceAll('@', () => text),
  );
};

/** As sshd writes what is not printable (log.c: strnvis with VIS_SAFE and VIS_OCTAL). */
export const escaped = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^ -[\]-~]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
