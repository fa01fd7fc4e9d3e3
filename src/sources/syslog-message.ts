import { structuredEnd } from './syslog-structured.js';

/** A message's parts. Strings have one character a byte. All of it is the sender's word. */
export interface SyslogMessage {
  /** As it was written; absent for none. */
  readonly timestamp?: string;
  readonly host?: string;
  /** `IDENT` or `IDENT[PID]`. */
  readonly tag?: string;
  readonly text: string;
}

const PRI = /^<(\d{1,3})>/;

/** Of RFC 3164, with what rsyslogd tolerates: a blank or an asterisk before it, a year, fractions, a colon behind it; or of RFC 3339. */
const TIMESTAMP =
  /^[ *]?([A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)):?(?: |$)/;

/** `ident[pid]:`, `ident: `. */
const TAG = /^([^\s:[\]]{1,128}(?:\[[^\s[\]]{0,128}\](?=:)|(?=:(?: |$)))): ?/;

/** A name, or an address; what ends in a colon is a tag. */
const HOST = /^([\w.-]{1,255}|[\da-fA-F:.]{2,45}) /;

/**
 * Reads a message of RFC 5424 or RFC 3164. Like rsyslogd it takes what is missing for missing, and everything behind what it cannot
 * read for the text: no message is refused.
 *
 * @param message one character a byte.
 */
export function parseMessage(message: string): SyslogMessage {
  const pri = PRI.exec(message);
  const rest = pri && Number(pri[1]) <= 191 ? message.slice(pri[0].length) : message;
  const trimmed = withoutEnd(rest);
  return (rest !== message && trimmed.startsWith('1 ') && rfc5424(trimmed)) || rfc3164(trimmed);
}

/** `HOST IDENT[PID]: MESSAGE`, as the journal's lines. @param sender for messages that do not name their host. */
export function lineOf({ host, tag, text }: SyslogMessage, sender: string): string {
  return tag === undefined ? `${host ?? sender} ${text}` : `${host ?? sender} ${tag}: ${text}`;
}

/** Some senders end a datagram with a line break or a NUL. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && '\n\r\0'.includes(text[end - 1] as string)) end -= 1;
  return text.slice(0, end);
}

/** RFC 5424, 6: VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG]; undefined for what has not all of them. */
function rfc5424(text: string): SyslogMessage | undefined {
  const header = /^1 (\S{1,64}) (\S{1,255}) (\S{1,255}) (\S{1,255}) \S{1,255} /.exec(text);
  const end = header ? structuredEnd(text, header[0].length) : undefined;
  if (!header || end === undefined) return undefined;
  const [timestamp, host, name, pid] = header.slice(1).map((field) => (field === '-' ? undefined : field));
  // The byte order mark; or the space behind a tag's colon, which rsyslogd forwards from RFC 3164 as the message's first character.
  const body = text.slice(end + 1);
  return {
    ...(timestamp !== undefined && { timestamp }),
    ...(host !== undefined && { host }),
    ...(name !== undefined && { tag: tagOf(name, pid) }),
    text: body.replace(/^(?:\xef\xbb\xbf| )/, ''),
  };
}

const tagOf = (name: string, pid: string | undefined): string =>
  pid !== undefined && /^[^[\]]+$/.test(pid) ? `${name}[${pid}]` : name;

/** RFC 3164, 4.1: TIMESTAMP HOSTNAME TAG CONTENT. A local sender leaves the host out. */
function rfc3164(text: string): SyslogMessage {
  const timestamp = TIMESTAMP.exec(text);
  const rest = timestamp ? text.slice(timestamp[0].length) : text;
  const host = timestamp && !TAG.test(rest) ? HOST.exec(rest) : null;
  const content = host ? rest.slice(host[0].length) : rest;
  const tag = TAG.exec(content);
  return {
    ...(timestamp && { timestamp: timestamp[1] as string }),
    ...(host && { host: host[1] as string }),
    ...(tag && { tag: tag[1] as string }),
    text: tag ? content.slice(tag[0].length) : content,
  };
}
