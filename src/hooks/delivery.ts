/** Where calls go: a program, a webhook. */
export interface Delivery {
  /** What is called, as people may see it: a path, or a URL's origin. */
  readonly target: string;
  /** Why it cannot be called as things are; undefined where nothing is against it. */
  fault(): string | undefined;
  /**
   * Calls it with a body of JSON; resolves when it has been taken.
   *
   * @param id the same for each try of one call. @throws Failed
   */
  call(body: string, id: string, signal: AbortSignal): Promise<void>;
  /** Gives up what is kept between two calls. */
  close(): void;
}

/** A call failed, and why: a sentence for people that has no secret in it. */
export class Failed extends Error {
  override readonly name = 'Failed';
  /** Whether the same call may be taken later. */
  readonly isPassing: boolean;
  /** Milliseconds that the other side asks to wait. */
  readonly after: number | undefined;

  constructor(message: string, { isPassing = false, after }: { isPassing?: boolean; after?: number | undefined } = {}) {
    super(message);
    this.isPassing = isPassing;
    this.after = after;
  }
}
