import { readFileSync } from 'node:fs';

/** Port numbers by name. */
export type Services = ReadonlyMap<string, number>;

/** Names that jails use, for machines without /etc/services; numbers as IANA has them. */
const COMMON: readonly [string, number][] = [
  ['ftp-data', 20],
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['http', 80],
  ['pop3', 110],
  ['imap', 143],
  ['imap2', 143],
  ['ldap', 389],
  ['https', 443],
  ['submissions', 465],
  ['smtps', 465],
  ['ssmtp', 465],
  ['submission', 587],
  ['ldaps', 636],
  ['ftps-data', 989],
  ['ftps', 990],
  ['imaps', 993],
  ['pop3s', 995],
  ['socks', 1080],
  ['mysql', 3306],
  ['sieve', 4190],
  ['sip', 5060],
  ['sip-tls', 5061],
  ['xmpp-client', 5222],
  ['postgresql', 5432],
  ['http-alt', 8080],
];

/** Reads services(5); the file's names win over the built-in ones, and a machine may have no such file. */
export function readServices(path = '/etc/services'): Services {
  const services = new Map(COMMON);
  // The first of a name wins, as it does for getservbyname(3): names repeat for each protocol.
  for (const [name, port] of parse(textOf(path)).reverse()) services.set(name, port);
  return services;
}

function parse(text: string): [string, number][] {
  return text.split('\n').flatMap((line) => {
    const found = /^(\S+)\s+(\d{1,5})\/\w+(.*)$/.exec(line.replace(/#.*/, ''));
    if (!found) return [];
    const names = [found[1] as string, ...(found[3] as string).split(/\s+/).filter((name) => name !== '')];
    return names.map((name): [string, number] => [name, Number(found[2])]);
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
