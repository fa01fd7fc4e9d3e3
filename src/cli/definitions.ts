import type { Command, Group, Loaders } from './command.js';
import { type Part, partsOf } from './help.js';

/** A command or a group as its own file defines it: what completions and manual pages are made of. */
export interface Definition {
  /** The words that lead to it; of the program itself none. */
  readonly path: readonly string[];
  readonly summary: string;
  /** Of a group: the words that may follow. */
  readonly children: readonly string[];
  /** Of a command: what follows its words. */
  readonly usage: string;
  readonly parts: readonly Part[];
  readonly options: readonly Option[];
  /** What its words are, where that can be completed. */
  readonly words: Value | undefined;
}

export interface Option {
  readonly name: string;
  readonly short?: string;
  readonly text: string;
  /** Absent for a flag. */
  readonly value?: Value;
}

/** One of some words, the path of a file, or what nobody can complete. */
export type Value = { readonly name: string } & (
  | { readonly kind: 'file' | 'any' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
);

const FILES = ['FILE', 'DIR', 'PATH', 'LOG'];

const HELP: Option = { name: 'help', short: 'h', text: 'say what it does and how' };

const SOCKET: Option = {
  name: 'socket',
  text: "the service's socket",
  value: { name: 'PATH', kind: 'file' },
};

/** Options of the program itself. */
export const GLOBAL: readonly Option[] = [HELP, SOCKET, { name: 'version', short: 'V', text: 'print the version' }];

/** The commands and groups behind a path, each before what it contains. */
export async function definitionsOf(commands: Loaders, path: readonly string[] = []): Promise<Definition[]> {
  const nested = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => {
      const found = (await load()).default;
      const here = [...path, name];
      if (!('commands' in found)) return [definitionOf(here, found)];
      return [groupOf(here, found), ...(await definitionsOf(found.commands, here))];
    }),
  );
  return nested.flat();
}

const groupOf = (path: readonly string[], { summary, commands }: Group): Definition => ({
  path,
  summary,
  children: Object.keys(commands),
  usage: 'COMMAND ...',
  parts: [],
  options: [HELP],
  words: undefined,
});

function definitionOf(path: readonly string[], { summary, usage, help, options }: Command): Definition {
  const parts = partsOf(help);
  const terms = parts.flatMap((part) => (part.kind === 'terms' ? part.terms : []));
  const option = ([name, { type, short }]: [string, { type: string; short?: string | undefined }]): Option => {
    const found = terms.find(({ term }) => term.split(' ', 1)[0] === `--${name}`);
    const value = type === 'string' ? valueNamed(found?.term.split(' ')[1] ?? 'TEXT') : undefined;
    return { name, text: found?.text ?? '', ...(short && { short }), ...(value && { value }) };
  };
  const own = Object.entries(options).map(option);
  const socket = { ...SOCKET, text: terms.find(({ term }) => term === '--socket PATH')?.text ?? SOCKET.text };
  return { path, summary, children: [], usage, parts, options: [...own, socket, HELP], words: wordsOf(usage) };
}

function valueNamed(name: string): Value {
  if (/^[a-z0-9]+(?:\|[a-z0-9]+)+$/.test(name)) return { name: 'CHOICE', kind: 'choice', choices: name.split('|') };
  return { name, kind: FILES.includes(name) ? 'file' : 'any' };
}

/** The words of a usage that are no options. */
function wordsOf(usage: string): Value | undefined {
  const words = usage.replace(/\[?--[a-z-]+(?: [^\]\s]+)?\]?/g, '').match(/[A-Za-z0-9|]+/g) ?? [];
  return words.map(valueNamed).find(({ kind }) => kind !== 'any');
}
