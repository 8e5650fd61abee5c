import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { GuidelineFile, readGuideline } from '../exchange/guideline-file.js';
import { findGuideline, GUIDELINES, versionedId } from '../guideline/published/index.js';
import type { Config } from '../platform/config.js';
import type { Language } from '../guideline/guideline.js';
import { render, msg } from '../platform/messages/dictionary.js';
import { BadUsage } from './bad-usage.js';
import { ALL_ERRORS, ErrorList } from './error-list.js';

/**
 * `bin/nedwatch guideline check FILE | schema | show [ID]`: exit code 2 for a file with problems, one line for each
 * problem.
 */
export async function run(args: string[], { language }: Config): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: ALL_ERRORS });
  const [action, name] = positionals;
  if (action === 'check' && name !== undefined)
    return check(name, language, new ErrorList(language, values['all-errors']));
  if (action === 'schema') return say(z.toJSONSchema(GuidelineFile, { io: 'input' }));
  if (action === 'show') return show(name ?? GUIDELINES[0]?.id ?? '');
  throw new BadUsage(msg('guideline-usage'));
}

async function check(file: string, language: Language, errors: ErrorList): Promise<number> {
  const read = readGuideline(await readFile(file, 'utf8'));
  if ('guideline' in read) {
    const { guideline } = read;
    const sound = { file, guideline: versionedId(guideline), rules: guideline.rules.length };
    process.stdout.write(`${render(msg('guideline-sound', sound), language)}\n`);
    return 0;
  }
  for (const { pointer, message } of read.faults)
    errors.add(`${pointer || '/'}: ${render(message, language)}`);
  errors.end();
  return 2;
}

function show(name: string): number {
  const guideline = findGuideline(name);
  if (!guideline)
    throw new BadUsage(msg('no-guideline-published', { name, known: GUIDELINES.map(versionedId) }));
  return say(guideline);
}

function say(document: unknown): number {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  return 0;
}
