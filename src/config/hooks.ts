import * as z from 'zod';
import { absoluteFile, listOf, matching, oneOf, read, spanWithin, wholeNumber } from './fields.js';
import type { HookConfig, WebhookTarget } from './types.js';

/** What hooks can be called for, as docs/events.md names it. */
export const HOOK_EVENTS = ['ban', 'unban', 'end', 'lifted', 'siege'] as const;

const URL_EXPECTED = 'a URL as "https://example.org/path", without a user name or password: those go into header_files';

/** Undefined for what is no URL of HTTP, or has a password in it, which would be shown with it. */
function urlOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 2048 || !URL.canParse(value)) return undefined;
  const { protocol, username, password, href } = new URL(value);
  const isHttp = protocol === 'https:' || protocol === 'http:';
  return isHttp && username === '' && password === '' ? href : undefined;
}

/** RFC 9110: a token. Those that say how the body is sent are the client's. */
const headerName = matching(
  /^(?!(?:connection|content-length|content-type|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$)[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/i,
  'the name of a header',
);

const table = <T extends z.ZodType<string>>(value: T, expected: string) =>
  z
    .record(headerName, value, expected)
    .refine((found) => Object.keys(found).length <= 32, expected)
    .optional();

const second = 1000;

const within = (least: number, most: number, expected: string) =>
  spanWithin(least, most, expected).pipe(z.number(expected));

/** `[hook.NAME]`, without its name. */
export const hook = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.strictObject(
    {
      program: absoluteFile('the absolute path of a program').optional(),
      arguments: listOf(matching(/^[^\0]{0,4096}$/, 'words'), 'a list of words', 0).optional(),
      url: read(urlOf, URL_EXPECTED).optional(),
      headers: table(matching(/^[\t\x20-\x7e]{0,4096}$/, 'the text of a header'), 'a table such as { X-Team = "ops" }'),
      header_files: table(
        absoluteFile('the absolute path of a file'),
        'a table such as { Authorization = "/etc/dropset/token" }',
      ),
      give_up: within(second, 86_400 * second, 'a time from "1s" to "1d"').optional(),
      events: listOf(
        oneOf(HOOK_EVENTS),
        HOOK_EVENTS.map((name) => JSON.stringify(name))
          .join(', ')
          .concat(', or a list of them'),
        1,
      ).default(['ban']),
      jails: listOf(
        matching(/^(?:\*|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$/, '"*", or names of jails'),
        '"*", or names of jails',
        1,
      ).default(['*']),
      timeout: within(100, 300 * second, 'a time from "100ms" to "5m"').default(10 * second),
      pause: within(10, 3600 * second, 'a time from "10ms" to "1h"').default(second),
      batch: wholeNumber(1, 1000).default(100),
      queue: wholeNumber(1, 100_000).default(10_000),
    },
    'a section [hook.NAME]',
  ),
);

type Raw = z.infer<typeof hook>;

/** Milliseconds after which a webhook gives a call up. */
const GIVE_UP = 600_000;

export function hookOf(name: string, raw: Raw): HookConfig {
  const { events, jails, timeout, pause, batch, queue } = raw;
  return { name, target: targetOf(raw), events: [...new Set(events)], jails, timeout, pause, batch, queue };
}

function targetOf(raw: Raw): HookConfig['target'] {
  if (raw.program !== undefined) return { kind: 'program', path: raw.program, arguments: raw.arguments ?? [] };
  return {
    kind: 'webhook',
    url: raw.url as string,
    headers: raw.headers ?? {},
    headerFiles: raw.header_files ?? {},
    giveUp: raw.give_up ?? GIVE_UP,
  } satisfies WebhookTarget;
}

const OF_PROGRAMS = ['arguments'];
const OF_WEBHOOKS = ['headers', 'header_files', 'give_up'];

/** What keys say together that is wrong: the key, or none for the section, and a sentence. */
export function hookClashes(
  table: Readonly<Record<string, unknown>>,
): { readonly key?: string; readonly sentence: string }[] {
  const has = (key: string): boolean => Object.hasOwn(table, key);
  if (has('program') === has('url')) {
    return [
      {
        sentence: `has ${has('url') ? 'both' : 'neither'} program ${has('url') ? 'and' : 'nor'} url; expected one of them`,
      },
    ];
  }
  const [others, other] = has('program') ? [OF_WEBHOOKS, 'a url'] : [OF_PROGRAMS, 'a program'];
  const strays = others
    .filter(has)
    .map((key) => ({ key, sentence: `stands without ${other}; expected it beside one` }));
  const { headers, header_files: files } = table as Readonly<Record<string, object | undefined>>;
  const names = Object.keys(files ?? {}).map((name) => name.toLowerCase());
  const twice = Object.keys(headers ?? {}).find((name) => names.includes(name.toLowerCase()));
  return twice === undefined
    ? strays
    : [...strays, { key: 'header_files', sentence: `has ${twice}, as headers has; expected it in one of them` }];
}
