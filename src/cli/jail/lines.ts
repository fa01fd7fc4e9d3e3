import type { JailOverview } from '../../inspection/jails.js';
import { formatDuration } from '../../model/duration.js';
import { printable } from '../../model/printable.js';
import type { Style } from '../style.js';

/** Jails that would run, and what somebody may expect of them in vain. */
export function linesOf(jails: readonly JailOverview[], notes: readonly string[], style: Style): string[] {
  return [
    ...(jails.length === 0 ? ['no jail would run'] : jails.flatMap((jail) => jailLines(jail, style))),
    ...notes.map((note) => `note: ${printable(note)}`),
  ];
}

function jailLines(jail: JailOverview, style: Style): string[] {
  const { name, origin, filter, maxretry, findtime, bantime, escalation, siege, prefix, scope, ignoreip, ignoreself } =
    jail;
  const { trusted_proxies: proxies, backends } = jail;
  const end = bantime === null ? 'for ever' : `for ${formatDuration(bantime * 1000)}`;
  const spared = [...ignoreip, ...(ignoreself ? ["the machine's own addresses"] : [])];
  return [
    `${style.strong(name)} (${origin})`,
    `  filter  ${printable(filter)}`,
    ...jail.sources.map(({ name: source, files }) => `  reads   ${printable(source)}${count(files, style)}`),
    `  bans    after ${maxretry} ${jail.sources.some(({ kind }) => kind === 'bans') ? 'bans' : 'failures'} in ${formatDuration(findtime * 1000)}, ${end}, ${scopeWords(scope)}`,
    ...(prefix === undefined || prefix === '/32, IPv6 /64' ? [] : [`  counts  by ${prefix}`]),
    ...(proxies ? [`  behind  ${printable(proxies.join(', '))}: the client is in X-Forwarded-For`] : []),
    ...(escalation === undefined ? [] : [`  grows   ${escalation}`]),
    ...(jail.extends === undefined ? [] : [`  extends ${jail.extends}`]),
    ...(siege === undefined ? [] : [`  siege   ${siege}`]),
    ...(backends ? [`  goes to ${printable(backends.join(', '))}`] : []),
    ...(jail.log === false ? ['  log     nothing of packets that are dropped'] : []),
    `  spares  ${spared.length === 0 ? 'nobody' : printable(spared.join(', '))}`,
  ];
}

/** `observe tcp/22` is `only observed: tcp/22`. */
const scopeWords = (scope: string): string => {
  const ports = scope.replace(/^observe ?/, '');
  const words = ports === '' || ports === 'all' ? 'all ports' : ports;
  return scope.startsWith('observe') ? `only observed: ${words}` : words;
};

function count(files: number | undefined, { bad }: Style): string {
  if (files === undefined) return '';
  return ` (${files === 0 ? bad('no file now') : `${files} file${files === 1 ? '' : 's'} now`})`;
}
