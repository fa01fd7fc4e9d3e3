import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Characters that are written at a time: a turn of the event loop for each. */
const CHUNK = 64 * 1024;

/** Of a file that was not there: servers that are not root read it. The umask has no say. */
const MODE = 0o644;

/**
 * A file that is replaced as a whole: whoever reads it sees the old one or the new one. Its owner and mode stay. What it was before stays
 * beside it, as FILE.previous, until it is settled which of the two is right. Calls must not overlap. @throws Error of the system from each of them.
 */
export class ReplacedFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * After a crash: brings back what was there before, if nobody had said yet that what replaced it is right.
   *
   * @returns the digest of what is there; undefined where there is nothing.
   */
  async recover(): Promise<string | undefined> {
    const path = await this.#target();
    await rename(previous(path), path).catch(unless('ENOENT'));
    return this.digest();
  }

  /** SHA-256 of what is there now; undefined where there is nothing. */
  async digest(): Promise<string | undefined> {
    const handle = await open(this.path, 'r').catch(unless('ENOENT'));
    if (!handle) return undefined;
    try {
      const hash = createHash('sha256');
      for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
      return hash.digest('hex');
    } finally {
      await handle.close();
    }
  }

  /**
   * Puts a text in the file's place, on the disk when this resolves, unless it is what `known` is the digest of.
   *
   * @returns the digest of the text.
   */
  async replace(text: Iterable<string>, known: string | undefined): Promise<string> {
    const path = await this.#target();
    const candidate = `${path}.new`;
    await rm(candidate, { force: true });
    // Never by way of a link that somebody else has put there.
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
    const handle = await open(candidate, flags, 0o600);
    try {
      const digest = await written(handle, text);
      if (digest !== known) {
        await likeBefore(handle, path);
        await handle.sync();
        await rm(previous(path), { force: true });
        await link(path, previous(path)).catch(unless('ENOENT'));
        await rename(candidate, path);
        await syncDirectory(path);
      }
      return digest;
    } finally {
      await handle.close();
      await rm(candidate, { force: true });
    }
  }

  /** What is there is right. */
  async keep(): Promise<void> {
    await rm(previous(await this.#target()), { force: true });
  }

  /** Brings back what was there before; false if that was nothing, and is nothing again. */
  async takeBack(): Promise<boolean> {
    const path = await this.#target();
    try {
      await rename(previous(path), path);
      return true;
    } catch (thrown) {
      if (codeOf(thrown) !== 'ENOENT') throw thrown;
      await rm(path, { force: true });
      return false;
    }
  }

  /** Where a link leads to: the link stays. */
  async #target(): Promise<string> {
    return (await realpath(this.path).catch(unless('ENOENT'))) ?? this.path;
  }
}

const previous = (path: string): string => `${path}.previous`;

async function written(handle: FileHandle, text: Iterable<string>): Promise<string> {
  const hash = createHash('sha256');
  let chunk = '';
  const flush = async (): Promise<void> => {
    hash.update(chunk);
    await handle.appendFile(chunk);
    chunk = '';
  };
  for (const line of text) {
    chunk += line;
    if (chunk.length >= CHUNK) await flush();
  }
  await flush();
  return hash.digest('hex');
}

/** Whom it belonged to keeps it where we may give it away, which needs CAP_CHOWN, or a group of ours. */
async function likeBefore(handle: FileHandle, path: string): Promise<void> {
  const before = await stat(path).catch(unless('ENOENT'));
  if (before) await handle.chown(before.uid, before.gid).catch(unless('EPERM'));
  await handle.chmod(before ? before.mode & 0o777 : MODE);
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(dirname(path), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const codeOf = (thrown: unknown): unknown => (thrown as NodeJS.ErrnoException).code;

/** Swallows one error of the system. */
const unless =
  (code: string) =>
  (thrown: unknown): undefined => {
    if (codeOf(thrown) !== code) throw thrown;
  };
