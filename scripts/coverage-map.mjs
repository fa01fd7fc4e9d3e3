// A source file is covered by its own test and no other: test/unit/a/b.test.ts covers src/a/b.ts.
export default (test) => {
  const unit = /^test\/unit\/(.+)\.test\.ts$/.exec(test);
  if (unit) return `src/${unit[1]}.ts`;
  const conformance = /^test\/conformance\/(.+)\.test\.ts$/.exec(test);
  return conformance ? `src/backends/${conformance[1]}/backend.ts` : null;
};
