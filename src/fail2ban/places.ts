import type { Expression } from '../model/definition.js';
import { DropsetError } from '../model/errors.js';
import type { Variables } from './configuration.js';
import type { DefinitionReader } from './definition-reader.js';
import type { Value } from './ini.js';

/**
 * Where expressions come from. An expression belongs to a line if that line, expanded by itself, is the expression; one
 * that was put together from several lines belongs to none.
 */
export class Places {
  readonly #byText = new Map<string, { origin: string; line: number }>();

  /** Notes each line of the values under its text as `expand` makes it. The first line of a text keeps it. */
  add(values: Iterable<Value>, expand: (line: string) => string): void {
    for (const { text, origin, lines } of values) {
      for (const [index, raw] of text.split('\n').entries()) {
        const line = lines[index];
        const expanded = line === undefined ? undefined : tried(() => expand(raw));
        if (line !== undefined && expanded && !this.#byText.has(expanded)) this.#byText.set(expanded, { origin, line });
      }
    }
  }

  /** @param origin what the expression is said to come from where no line is it. */
  expression(text: string, origin: string): Expression {
    return { text, ...(this.#byText.get(text) ?? { origin }) };
  }
}

/** The lines of a filter's `[Definition]` and `[Init]`, all options, as expressions may be taken from any of them. */
export function filterPlaces(reader: DefinitionReader, combined: Variables): Places {
  const places = new Places();
  const expand = (line: string): string => reader.expanded(line, combined);
  const definition = reader.configuration.values('Definition');
  const own = ['prefregex', 'failregex', 'ignoreregex'].flatMap((name) => definition.get(name) ?? []);
  places.add([...own, ...definition.values(), ...reader.configuration.values('Init').values()], expand);
  return places;
}

/** What a line alone cannot be expanded to is no expression. */
function tried(expand: () => string): string | undefined {
  try {
    return expand();
  } catch (thrown) {
    if (thrown instanceof DropsetError) return undefined;
    throw thrown;
  }
}
