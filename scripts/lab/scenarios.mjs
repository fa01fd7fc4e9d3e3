import { readdirSync } from 'node:fs';

const FOLDER = new URL('../scenarios/', import.meta.url);

/**
 * @typedef {object} Scenario an attack on a real program, and what dropset should make of it
 * @property {string} about what happens, as a sentence
 * @property {object[]} programs what runs on the host: see programs/
 * @property {number} [port] where the attack goes; absent: the first program's
 * @property {string} jail lines of the jail in dropset.toml; how long a ban lasts is added
 * @property {string[]} [spares] scenarios whose attackers this jail would see too, since it reads the same program's words
 * @property {(4 | 6)[]} [families] absent: IPv4
 * @property {number} tries so many attempts lead to the ban, and no fewer
 * @property {(visitor: import('./visitor.mjs').Visitor, count: number) => Promise<string | undefined>} attack one attempt; `count` from 1
 * @property {(visitor: import('./visitor.mjs').Visitor) => Promise<string | undefined>} visit what somebody with good reasons does
 * @property {RegExp} welcome what the answer to a visit is then
 * @property {string} [sections] more of dropset.toml
 * @property {'proxy'} [through] visitors come to a proxy, which asks the host; its programs say `at: 'proxy'`
 * @property {RegExp} [refusal] what a banned visitor is answered, where a program denies and no packet is dropped
 */

/** All scenarios by name. @returns {Promise<Record<string, Scenario>>} */
export async function scenarios() {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.mjs'));
  const loaded = files.sort().map(async (file) => {
    const { default: scenario } = await import(new URL(file, FOLDER).href);
    return [file.replace(/\.mjs$/, ''), scenario];
  });
  return Object.fromEntries(await Promise.all(loaded));
}
