import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const JEST_GLOBALS = new URL('./jest-globals.mjs', import.meta.url).href;
const IS_TYPESCRIPT = /\.ts(\?|$)/;

/** Node's hook: TypeScript files import each other by the names of the compiled ones. */
export function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: JEST_GLOBALS, format: 'module', shortCircuit: true };
  if (!isOurs(specifier, context.parentURL)) return next(specifier, context);
  const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL).href;
  return { url: source, format: 'module', shortCircuit: true };
}

const isOurs = (specifier, importer) =>
  specifier.startsWith('.') &&
  specifier.endsWith('.js') &&
  importer !== undefined &&
  IS_TYPESCRIPT.test(importer);

/** Node's hook: compiles a TypeScript file, types unchecked. */
export async function load(url, context, next) {
  if (!IS_TYPESCRIPT.test(url)) return next(url, context);
  const file = fileURLToPath(url.replace(/\?.*$/, ''));
  const { code } = await transform(await readFile(file, 'utf8'), {
    filename: file,
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
