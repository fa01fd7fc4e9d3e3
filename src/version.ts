import { createRequire } from 'node:module';

/** The package's version. package.json is as far from src/ as from dist/. */
export const VERSION: string = createRequire(import.meta.url)('../package.json').version;
