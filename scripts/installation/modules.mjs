// Prints the folders of the npm packages that the installed dropset needs: what package.json depends on, and what that depends on.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What npm alone needs, to look for a prebuilt binary elsewhere. */
const LEFT_OUT = new Set(['prebuild-install']);

const dependenciesOf = (folder) =>
  Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies ?? {});

/** As Node looks for it: beside the one that wants it, then in each folder above. */
function found(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) throw new Error(`${name}, which ${from} needs, is not installed`);
  }
}

const folders = new Set();
const visit = (from) => {
  for (const name of dependenciesOf(from).filter((each) => !LEFT_OUT.has(each))) {
    const folder = found(name, from);
    if (folders.has(folder)) continue;
    folders.add(folder);
    visit(folder);
  }
};

visit(process.cwd());
process.stdout.write(
  [...folders]
    .sort()
    .map((folder) => `${folder.slice(process.cwd().length + 1)}\n`)
    .join(''),
);
