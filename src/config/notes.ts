import type { JailDefinition } from '../fail2ban/jail-definition.js';
import { messageOf } from '../model/errors.js';
import { Scope } from '../model/scope.js';
import { notEvaluated } from './escalation.js';
import { adoptedPorts } from './scope.js';
import type { Fail2banSettings } from './types.js';

/** What fail2ban would do for these jails and dropset does not, each told once, with the way out. */
export function notesOf(jails: readonly JailDefinition[], scope: Fail2banSettings['scope'] = 'all'): readonly string[] {
  const scopeNotes = scope === 'all' ? wholeNotes(jails) : portlessNotes(jails);
  return [...actionNotes(jails), ...scopeNotes, ...incrementNotes(jails), ...actionlessNotes(jails)];
}

function actionNotes(jails: readonly JailDefinition[]): string[] {
  const byAction = new Map<string, { why: string; jails: string[] }>();
  for (const { name, actions } of jails) {
    for (const action of actions.unsupported) {
      const known = byAction.get(action.file) ?? { why: action.why, jails: [] };
      known.jails.push(name);
      byAction.set(action.file, known);
    }
  }
  return [...byAction].map(
    ([file, { why, jails: names }]) =>
      `${file} is not run (${why}), which ${listed(names)} would: dropset only drops packets. ` +
      'To be told of bans, read its log (`journalctl -u dropset`) or `dropset list --json`',
  );
}

function wholeNotes(jails: readonly JailDefinition[]): string[] {
  const scoped = jails.filter(
    ({ actions: { bans } }) => bans.length > 0 && bans.every(({ scope }) => scope.kind === 'ports'),
  );
  if (scoped.length === 0) return [];
  const names = listed(scoped.map(({ name }) => name));
  return [
    `${names} would close some ports only; dropset drops every packet of a banned address, and those alone with scope = "ports" in [fail2ban]`,
  ];
}

/** Jails whose ports cannot be told: of them everything is dropped, whatever is wanted. */
function portlessNotes(jails: readonly JailDefinition[]): string[] {
  return jails.flatMap(({ name, actions: { bans } }) => {
    try {
      Scope.of(adoptedPorts(bans.map(({ scope }) => scope)));
      return [];
    } catch (thrown) {
      return [
        `${listed([name])} closes ports that cannot be told (${messageOf(thrown)}): every packet of whom it bans is dropped`,
      ];
    }
  });
}

function incrementNotes(jails: readonly JailDefinition[]): string[] {
  const byExpression = new Map<string, string[]>();
  for (const { name, increment } of jails) {
    const expression = notEvaluated(increment);
    if (expression !== undefined) byExpression.set(expression, [...(byExpression.get(expression) ?? []), name]);
  }
  return [...byExpression].map(
    ([expression, names]) =>
      `${expression} of ${listed(names)} is a program of Python's, and is not evaluated: bans double with each return. ` +
      'To have it otherwise, write bantime.multipliers',
  );
}

/** A jail that only reports or mails: fail2ban would block nobody. */
function actionlessNotes(jails: readonly JailDefinition[]): string[] {
  const names = jails.filter(({ actions: { bans } }) => bans.length === 0).map(({ name }) => name);
  if (names.length === 0) return [];
  return [`${listed(names)} would close nothing with fail2ban; dropset bans. If that is not wanted, disable it`];
}

const listed = (names: readonly string[]): string =>
  `${names.length > 1 ? 'the jails' : 'the jail'} ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', ...' : ''}`;

/** Whether a note says that a jail of the tree is left out for a fault of its own. */
export const isLeftOut = (note: string, name: string): boolean => note.startsWith(`jail '${name}' is left out: `);
