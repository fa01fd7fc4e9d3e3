// Numbers, and how they are shown.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

export const median = (numbers) => percentile(numbers, 50);

/** @param {number[]} numbers */
export function percentile(numbers, percent) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
}

export const best = (numbers) => Math.min(...numbers);

const version = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' }).trim().split('\n')[0];

/** The machine and the day, for whoever compares. */
export function machine() {
  const processors = cpus();
  const model = processors[0]?.model.replace(/\s+/g, ' ').trim();
  return `${new Date().toISOString().slice(0, 10)}; ${processors.length} x ${model}; Linux ${release()}; Node ${process.version}; ${version('nft', '--version')}; ${version('ipset', '--version')}`;
}

/**
 * Prints a table, and puts it into docs/benchmarks.md between `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @param {string} name
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 * @param {string[]} [notes] sentences below the table
 */
export function publish(name, head, rows, notes = []) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  const text = [`${machine()}`, '', table, ...notes.map((note) => `\n${note}`)].join('\n');
  console.log(`\n## ${name}\n\n${text}\n`);
  const document = readFileSync(DOCUMENT, 'utf8');
  const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!place.test(document)) throw new Error(`docs/benchmarks.md has no place for ${name}`);
  writeFileSync(
    DOCUMENT,
    document.replace(place, (_, open, close) => `${open}\n${text}\n\n${close}`),
  );
}

export const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
export const us = (value) => `${(value * 1000).toFixed(0)} us`;
export const times = (ratio) => `${ratio.toFixed(1)} x`;
