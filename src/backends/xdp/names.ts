import type { Link } from '../../rtnetlink/links.js';
import { defaultRouteLinks } from '../../rtnetlink/routes.js';
import type { XdpOptions } from './options.js';

/** Whether a name fits a pattern, in which `*` stands for any characters and `?` for one. */
export function fits(name: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}

/**
 * The links that the configuration means, of those that are there. Loopback is none of them unless it is named. While there is no
 * default route at all, as when a lease is renewed, `auto` means those that the program is on already.
 */
export async function wantedLinks(
  links: readonly Link[],
  wanted: XdpOptions['interfaces'],
  attached: ReadonlySet<number>,
): Promise<readonly Link[]> {
  if (wanted === 'auto') {
    const routed = new Set(await defaultRouteLinks());
    const meant = routed.size > 0 ? routed : attached;
    return links.filter(({ index, loopback }) => meant.has(index) && !loopback);
  }
  return links.filter(
    ({ name, loopback }) => wanted.includes(name) || (!loopback && wanted.some((pattern) => fits(name, pattern))),
  );
}
