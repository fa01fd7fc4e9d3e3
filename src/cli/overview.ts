import type { Loaders } from './command.js';

/** What --help prints where no command has been named yet: all commands that may follow `path`. */
export async function overview(path: readonly string[], commands: Loaders): Promise<string> {
  const names = Object.keys(commands);
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const lines = loaded.map(
    ({ default: command }, index) => `  ${(names[index] as string).padEnd(width)}${command.summary}`,
  );
  return (path.length === 0 ? whole(lines) : part(path.join(' '), lines)).join('\n');
}

const whole = (lines: readonly string[]): string[] => [
  "dropset has the kernel drop the packets of who attacks, as the server's logs tell it.",
  '',
  'Usage: dropset [--socket PATH] COMMAND ...',
  '',
  ...lines,
  '',
  'dropset COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong usage; those of filter test and why are their own.',
];

const part = (path: string, lines: readonly string[]): string[] => [
  `Usage: dropset ${path} COMMAND ...`,
  '',
  ...lines,
  '',
  `dropset ${path} COMMAND --help tells more.`,
];
