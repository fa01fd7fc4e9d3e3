import { readFileSync } from 'node:fs';
import { Prefix } from '../model/prefix.js';

/** resolv.conf(5), and the servers behind systemd-resolved's stub. */
const PLACES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];

/** Servers that are looked at in one file. */
const MOST = 64;

/** The servers that names are resolved by, each once. Empty where nothing is configured. Never throws. */
export function listResolvers(places: readonly string[] = PLACES): Prefix[] {
  const found = places.flatMap((path) => serversOf(textOf(path)).slice(0, MOST));
  return [...new Map(found.map((prefix) => [prefix.text, prefix])).values()];
}

function serversOf(text: string): Prefix[] {
  return [...text.matchAll(/^[ \t]*nameserver[ \t]+([^\s%#;]+)/gm)].flatMap(
    ([, address]) => Prefix.tryParse(address as string) ?? [],
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
