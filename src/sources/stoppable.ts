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
