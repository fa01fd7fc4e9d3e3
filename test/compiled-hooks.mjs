// Module hooks (https://nodejs.org/docs/latest-v20.x/api/module.html#customization-hooks): `x.js` beside an `x.ts` means that, and its text is the
// one compiled last. What has changed since, as while a test is being written, is compiled on its own, without types, and kept.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where `tsc -p test/tsconfig.json` writes, too. */
const COMPILED = join(ROOT, '.tap/compiled');
const OURS = new RegExp(`^file://${ROOT}(?!node_modules/|dist/)`);

export async function resolve(specifier, context, next) {
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && OURS.test(context.parentURL ?? '')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts') || !OURS.test(url)) return next(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}

async function compiled(path) {
  const kept = join(COMPILED, relative(ROOT, path).replace(/\.ts$/, '.js'));
  const made = statSync(kept, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (made > statSync(path).mtimeMs) return readFileSync(kept, 'utf8');
  const { default: typescript } = await import('typescript');
  const { ModuleKind, ScriptTarget, transpileModule } = typescript;
  const options = {
    target: ScriptTarget.ES2023,
    module: ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    inlineSourceMap: true,
  };
  const { outputText } = transpileModule(readFileSync(path, 'utf8'), { compilerOptions: options, fileName: path });
  keep(kept, outputText);
  return outputText;
}

/** Whole or not at all: other test files read it meanwhile. A process that may not write does without. */
function keep(path, text) {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  }
}
