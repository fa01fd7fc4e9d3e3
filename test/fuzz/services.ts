/** What one log says of its clients, and the filters of ours that read it. */
export interface Service {
  readonly filters: readonly string[];
  /** What a text can be made of that would like to be a part of such a line. */
  readonly words: readonly string[];
  /** Lines about one sender, whose text stands wherever a client's may. @param text without line breaks of its own. */
  readonly lines: (text: string, sender: string) => readonly string[];
}

const hex = (character: string, form: string): string =>
  [...Buffer.from(character)].map((byte) => form + byte.toString(16).padStart(2, '0').toUpperCase()).join('');

/** ngx_http_log_escape: quotes, backslashes, what is not ASCII or not printable. */
const nginx = (text: string): string => text.replace(/["\\]|[^ -~]/gu, (found) => hex(found, '\\x'));

/** ap_escape_logitem. */
const apache = (text: string): string =>
  text.replace(/["\\]/g, (found) => `\\${found}`).replace(/[^ -~]/gu, (found) => hex(found, '\\x'));

/** ap_escape_errorlog_item leaves quotes as they are. */
const apacheError = (text: string): string => apache(text).replaceAll('\\"', '"');

/** Format::QuoteMimeBlob. */
const squidHeader = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(/[%[\]]|[^ -~]/gu, (found) => hex(found, '%').toLowerCase());

/** string_printing of Exim. */
const exim = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(/\p{Cc}/gu, (found) => `\\${found.charCodeAt(0).toString(8).padStart(3, '0')}`);

const controlsOut = (text: string): string => text.replace(/\p{Cc}/gu, '?');

const DATE = '[21/Nov/2026:05:48:17 +0000]';

/** What a client may ask for, with its text in each place. */
const requests = (text: string): string[] => [
  `POST /wp-login.php?${text} HTTP/1.1`,
  `POST /xmlrpc.php HTTP/1.1`,
  `POST ${text}/wp-login.php HTTP/1.1`,
  `GET /.env HTTP/1.1`,
  `GET /w00tw00t${text} HTTP/1.1`,
  text,
];

/** nginx, Apache with and without virtual hosts, and X-Forwarded-For behind all. */
const combined = (text: string, sender: string, escaped: (text: string) => string): string[] => {
  const said = escaped(text);
  const lines = requests(text).map(
    (request, index) =>
      `${sender} - ${said} ${DATE} "${escaped(request)}" ${index % 2 === 0 ? 401 : 404} 153 "${said}" "${said}"`,
  );
  return [...lines, `www.example.com:80 ${lines[0]}`, `${lines[0]} "${said}"`];
};

const squid = (text: string, sender: string): string[] =>
  requests(text).flatMap((request) => {
    const [method, ...rest] = request.split(' ');
    const url = `http://x${rest.slice(0, -1).join('')}`.replace(/\s/g, '');
    const headers = [
      `User-Agent: ${text}`,
      'User-Agent: PHP/5.2.10',
      'Transfer-Encoding: chunked',
      `Host: ${text}`,
      '',
    ];
    const mime = headers.map(squidHeader).join('\\r\\n');
    const flat = `${sender} - ${text.replace(/\s/g, '%20')} ${DATE} "${method} ${url} HTTP/1.1" 400 401 "${text}" "${text}" TCP_MISS:A`;
    const native = `1795240097.633 0 ${sender} TCP_MISS/400 401 ${method?.replace(/\W/g, '') || 'GET'} ${url} - A/- text/html`;
    return [flat, native, `${native} [${mime}] [${mime}]`, `${flat.replace(`"${text}" TCP`, '"PHP/5.2.10" TCP')}`];
  });

/** By the log that they read. */
export const SERVICES: Readonly<Record<string, Service>> = {
  'access logs': {
    filters: ['wp-login-flood', 'botsearch', 'nginx-auth', 'squid-w00tw00t', 'pingback-spam'],
    words: [
      ' - - [21/Nov/2026:05:48:17 +0000] "POST /wp-login.php HTTP/1.1" 401 1',
      ' - - [',
      '] "',
      '" ',
      '" 401 1 "-" "-"',
      'POST /xmlrpc.php HTTP/1.1',
      ' TCP_MISS/400 1 POST http://x/xmlrpc.php',
      '1795240097.633 0 ',
      ' - A/- t [',
      'User-Agent: PHP/5.2.10\\r\\n',
      ', client: ',
      '": password mismatch, client: ',
      '" was not found in "',
      '*1 user "',
      '2026/11/21 05:48:17 [error] 1#1: ',
      ', server: ',
    ],
    lines: (text, sender) => [
      ...combined(text, sender, nginx),
      ...combined(text, sender, apache),
      ...squid(text, sender),
      // A user name has no colon, and its line breaks are real ones: a name may well be a line of its own.
      ...[`user "${text.replaceAll(':', '').replaceAll('\\n', '\n')}"`].flatMap((user) => [
        `2026/11/21 05:48:17 [error] 1#1: *1 ${user}: password mismatch, client: ${sender}, server: , request: "GET / HTTP/1.1"`,
        `2026/11/21 05:48:17 [error] 1#1: *1 ${user} was not found in "/x", client: ${sender}, server: , request: "GET / HTTP/1.1"`,
      ]),
    ],
  },
  "Apache's error log": {
    filters: ['apache-auth', 'modsecurity'],
    words: [
      '[client ',
      ':4242] ',
      '] ',
      'AH01617: user ',
      ': authentication failure for "/": Password Mismatch',
      ' not found: /',
      'ModSecurity: Access denied with code 403',
      '[Sat Nov 21 05:48:17 2026] [auth_basic:error] [pid 1] [client ',
    ],
    lines: (text, sender) => {
      const head = `[Sat Nov 21 05:48:17.624040 2026] [auth_basic:error] [pid 37:tid 43] [client ${sender}:4242] `;
      const said = apacheError(text);
      return [
        `${head}AH01617: user ${said}: authentication failure for "/${said}": Password Mismatch, referer: ${said}`,
        `${head}AH01618: user ${said} not found: /${said}, referer: ${said}`,
        `${head}AH01794: user ${said}: password mismatch: /${said}`,
        `${head}AH01790: user \`${said}' in realm \`x' not found: /${said}`,
        `${head}AH00128: File does not exist: /srv/${said}`,
        `${head}[client ${sender}] ModSecurity: Access denied with code 403 (phase 2). [data "${said}"] [uri "${said}"]`,
        `${head}[client ${sender}] ModSecurity: Warning. Pattern match at ARGS:${said}. [data "${said}"]`,
      ];
    },
  },
  "Exim's log": {
    filters: ['exim-auth', 'exim-dos'],
    words: [
      ') [',
      ']: 535 Incorrect authentication data',
      ' (set_id=',
      ')',
      '([',
      ']',
      ' I=[',
      ':25',
      ' authenticator failed for (',
      ' U=',
      'Connection from [',
      '] refused: too many connections',
      '2026-11-21 05:48:17 ',
    ],
    lines: (text, sender) => {
      const said = exim(text);
      const failed = ': 535 Incorrect authentication data';
      return [`[${sender}]`, `[${sender}]:4242 I=[192.0.2.200]:25`].flatMap((from) => [
        `2026-11-21 05:48:17 plain_server authenticator failed for (${said}) ${from}${failed} (set_id=${said})`,
        `2026-11-21 05:48:17 plain_server authenticator failed for (${said}) ${from}${failed}`,
        `2026-11-21 05:48:17 [1] login authenticator failed for a.example (x) ${from}${failed} (set_id=${said})`,
        `2026-11-21 05:48:17 rejected EHLO from ${from}: syntactically invalid argument(s): ${said}`,
        `2026-11-21 05:48:17 H=(${said}) ${from} F=<${said}> rejected RCPT <${said}>: ${said}`,
        `2026-11-21 05:48:17 Connection from ${from} refused: too many connections`,
      ]);
    },
  },
  'the mail log': {
    filters: ['postfix-sasl', 'dovecot'],
    words: [
      '>, method=PLAIN, rip=',
      ', lip=192.0.2.200',
      ', session=<abc>',
      ', TLS',
      ', TLS: ',
      '>',
      '<',
      '(auth failed, 1 attempts',
      '): user=<',
      'dovecot: imap-login: ',
      'postfix/smtpd[1]: warning: unknown[',
      ']: SASL LOGIN authentication failed: ',
      ', sasl_username=',
    ],
    lines: (text, sender) => {
      const said = controlsOut(text);
      const smtpd = 'Nov 21 05:48:17 mail postfix/smtpd[99]: ';
      const login = 'Nov 21 05:48:17 mail dovecot: imap-login: ';
      const behind = `rip=${sender}, lip=192.0.2.200, TLS, session=<qEcFc8tg9ZvGM2QH>`;
      return [
        `${smtpd}warning: unknown[${sender}]: SASL LOGIN authentication failed: ${said}`,
        `${smtpd}warning: unknown[${sender}]: SASL PLAIN authentication failed: x, sasl_username=${said}`,
        `${smtpd}NOQUEUE: reject: RCPT from unknown[${sender}]: 554 5.7.1 <${said}>: from=<${said}> to=<${said}> helo=<${said}>`,
        `${login}Disconnected (auth failed, 1 attempts in 2 secs): user=<${said}>, method=PLAIN, ${behind}`,
        `${login}Login: user=<${said}>, method=PLAIN, ${behind}`,
        `${login}Disconnected: Aborted login (no auth attempts in 0 secs): user=<${said}>, ${behind}`,
      ];
    },
  },
  'programs of the web in auth.log': {
    filters: ['wordpress', 'elgg', 'idno'],
    words: [
      'Authentication failure for ',
      ' from ',
      'Invalid user ',
      'wordpress(x)[1]: ',
      'elgg(x)[1]: ',
      ')[1]: ',
      'Pingback error 17 generated from ',
      'Pingback requested from ',
    ],
    lines: (text, sender) => {
      const said = controlsOut(text);
      return ['wordpress', 'elgg', 'idno'].flatMap((program) => {
        const head = `Nov 21 05:48:17 gate ${program}(www.example.com)[123]: `;
        return [
          `${head}Authentication failure for ${said} from ${sender}`,
          `${head}Authentication attempt for unknown user ${said} from ${sender}`,
          `${head}Invalid user ${said} from ${sender}`,
          `${head}Pingback error 17 generated from ${sender}`,
          `${head}Accepted login for ${said} from ${sender}`,
          `Nov 21 05:48:17 gate ${program}(${said})[123]: Authentication failure for x from ${sender}`,
        ];
      });
    },
  },
  'the lockouts of Limit Login Attempts': {
    filters: ['wp-limit-login'],
    words: ['IP locked out by wp-limit-login: '],
    lines: (_, sender) => [`Nov 21 05:48:17 IP locked out by wp-limit-login: ${sender}`],
  },
};
