import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { stepCall } from '../tenancy/audit-entry.js';
import { firstHospital } from '../tenancy/first-hospital.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import type { Config } from '../platform/config.js';
import { DomainError } from '../platform/domain-error.js';
import { columnsOf } from '../exchange/imports/rows/csv.js';
import { type ImportKind, ROSTER_COLUMNS } from '../exchange/imports/rows/import-rows.js';
import type { ImportReport } from '../exchange/imports/import-report.js';
import { ImportsService } from '../exchange/imports/imports.service.js';
import type { Language } from '../guideline/guideline.js';
import type { Message } from '../guideline/message.js';
import { render, msg } from '../platform/messages/dictionary.js';
import { startProgram } from '../app/program.js';
import { BadUsage } from './bad-usage.js';
import { ALL_ERRORS, ErrorList } from './error-list.js';

interface Options {
  readonly kind: ImportKind | undefined;
  readonly dryRun: boolean;
  readonly acceptGood: boolean;
  readonly allErrors: boolean;
}

/**
 * `bin/nedwatch import FILE… [--kind roster|events] [--dry-run] [--accept-good] [--all-errors]`: exit code 0 when
 * every row was good, else 1.
 */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals: files } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      kind: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'accept-good': { type: 'boolean', default: false },
      ...ALL_ERRORS,
    },
  });
  const kind = kindNamed(values.kind);
  if (files.length === 0) throw new BadUsage(msg('import-which-file'));

  const program = await startProgram({ ...config, role: 'api' });
  try {
    const scope = program.app.get(HospitalScope);
    const hospitalId = await firstHospital(scope);
    let allGood = true;
    for (const file of files) {
      const options = {
        ...{ kind, dryRun: values['dry-run'], acceptGood: values['accept-good'] },
        allErrors: values['all-errors'],
      };
      const good = await scope.run(
        hospitalId,
        () => importFile(program.app, file, options, config.language),
        stepCall('import', 'TREAT'),
      );
      allGood &&= good;
    }
    return allGood ? 0 : 1;
  } finally {
    await program.close();
  }
}

async function importFile(
  app: INestApplicationContext,
  file: string,
  { kind, allErrors, ...options }: Options,
  language: Language,
): Promise<boolean> {
  const head = await headOf(file);
  const progress = progressBar(basename(file), language);
  const list = new ErrorList(language, allErrors);
  try {
    const report = await app.get(ImportsService).importFile(createReadStream(file), {
      ...{ kind: kind ?? kindOf(head), onProgress: progress.show },
      ...options,
    });
    progress.end();
    for (const { errors, warnings = [] } of report.rows)
      for (const { pointer, message } of [...errors, ...warnings])
        list.add(`${pointer}: ${render(message, language)}`);
    list.end();
    if (report.errorsNotShown > 0)
      process.stderr.write(
        `${render(msg('errors-not-shown', { count: report.errorsNotShown }), language)}\n`,
      );
    process.stdout.write(`${basename(file)}: ${render(summary(report), language)}\n`);
    return report.counts.rejected === 0;
  } catch (error) {
    progress.end();
    if (!(error instanceof DomainError)) throw error;
    for (const { pointer, message } of error.faults)
      list.add(`${basename(file)} ${pointer}: ${render(message, language)}`);
    list.end();
    process.stderr.write(`${basename(file)}: ${render(error.text, language)}\n`);
    return false;
  }
}

function kindNamed(text: string | undefined): ImportKind | undefined {
  if (text === undefined || text === 'roster' || text === 'events') return text;
  throw new BadUsage(msg('not-an-import-kind', { given: text }));
}

/** The beginning of the file; its header line is no longer than this. */
async function headOf(file: string): Promise<Buffer> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(64_000));
    return buffer.subarray(0, bytesRead);
  } finally {
    await opened.close();
  }
}

/** Only a roster has a resection date. */
const kindOf = (head: Buffer): ImportKind =>
  columnsOf(head).some((column) => column !== 'mrn' && ROSTER_COLUMNS.required.includes(column))
    ? 'roster'
    : 'events';

function summary({ kind, dryRun, counts, plan }: ImportReport): Message {
  const { added, moved, cancelled, kept } = plan;
  const outcome = dryRun ? msg('nothing-written') : msg('plans-changed', { added, moved, cancelled, kept });
  return msg('imported', { kind, ...counts, outcome });
}

const BAR_WIDTH = 40;

/** A progress bar on a terminal; nothing elsewhere. */
function progressBar(
  name: string,
  language: Language,
): { show: (done: number, all: number) => void; end: () => void } {
  if (!process.stderr.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (done, all) => {
      const filled = Math.round((BAR_WIDTH * done) / all);
      const bar = `${'█'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}`;
      process.stderr.write(`\r${name} [${bar}] ${render(msg('patients-done', { done, all }), language)}`);
    },
    end: () => void process.stderr.write('\r\u001b[K'),
  };
}
