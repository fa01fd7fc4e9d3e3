import type { Bell } from './bell.js';

/**
 * An iterator that can be left at any time. A generator's own `return` would wait for what its pending `next` waits for; this one
 * calls `stop` first, which must let that end.
 */
export function stoppable<T>(generator: AsyncGenerator<T>, stop: () => void): AsyncIterableIterator<T> {
  return {
    next: () => generator.next(),
    return: () => {
      stop();
      return generator.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * What ends a source, once: when the signal aborts, at once if it has, or when it is called.
 *
 * @param close gives back what the source holds.
 */
export function endOf(signal: AbortSignal, bell: Bell, close: () => void): () => void {
  const stop = (): void => {
    if (bell.stopped) return;
    signal.removeEventListener('abort', stop);
    bell.stop();
    close();
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  return stop;
}
