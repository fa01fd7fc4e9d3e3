import { Resolver } from '../detection/resolver.js';
import { systemClock } from '../model/clock.js';

/** The addresses of hosts, as the system resolves them; none for a name that has none. @param names a few. */
export async function addressesOf(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const resolver = new Resolver(systemClock);
  const asked = names.map(
    (name) =>
      new Promise<readonly [string, readonly string[]]>((answer) => {
        resolver.resolve(name, (prefixes) => answer([name, prefixes.map(({ text }) => text)]));
      }),
  );
  return new Map(await Promise.all(asked));
}
