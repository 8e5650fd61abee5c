import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** What each tsconfig.json covers; the first also the scripts, which no compiler reads. */
const PROJECTS = {
  'tsconfig.json': { linted: '.', ignored: ['web'] },
  'web/tsconfig.json': { linted: 'web', ignored: [] },
};

/**
 * `node bin/check-code.mjs FILE`: checks the types of one project, and lints its files. The lint asks the same program of
 * the compiler, which has the types of every expression by then: apart, each would find them out for itself.
 */
async function check(settings) {
  const { linted, ignored } = PROJECTS[settings];
  const { program, problems } = compiled(settings);
  process.stdout.write(ts.formatDiagnostics(problems, FORMAT));
  const lint = new ESLint({
    cwd: CHECKOUT,
    overrideConfig: [
      { ignores: ignored },
      {
        files: ['**/*.{ts,tsx,mts}'],
        languageOptions: { parserOptions: { projectService: false, programs: [program] } },
      },
    ],
  });
  const results = await lint.lintFiles([linted]);
  process.stdout.write(await (await lint.loadFormatter('stylish')).format(results));
  return problems.length === 0 && results.every(({ errorCount }) => errorCount === 0);
}

const FORMAT = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => CHECKOUT,
  getNewLine: () => '\n',
};

function compiled(settings) {
  const problems = [];
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => problems.push(problem) };
  const config = ts.getParsedCommandLineOfConfigFile(`${CHECKOUT}${settings}`, {}, host);
  if (config === undefined) throw new Error(ts.formatDiagnostics(problems, FORMAT));
  const program = ts.createProgram(config.fileNames, config.options);
  return { program, problems: [...problems, ...config.errors, ...ts.getPreEmitDiagnostics(program)] };
}

process.exitCode = (await check(process.argv[2])) ? 0 : 1;
