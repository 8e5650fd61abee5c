import { readdirSync } from 'node:fs';
import fc from 'fast-check';

// The same cases for every mutant, and no search for a smaller one: that the mutant is seen is enough.
fc.configureGlobal({ seed: 1, endOnFailure: true });

// One file of tests: jest takes a tenth of a second, and memory that it never frees, for each.
const core = new URL('../../src/guideline/', import.meta.url);
const specs = readdirSync(core, { recursive: true }).filter((name) => name.endsWith('.spec.ts'));
for (const spec of specs.sort()) await import(new URL(spec, core).pathname);
await import('../../src/exchange/guideline-file.spec.ts');
