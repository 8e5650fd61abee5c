import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { problemsOf } from '../guideline/check.js';
import type { Guideline } from '../guideline/guideline.js';
import { askedItemsAYear } from '../guideline/plan-size.js';
import { activitiesOf } from '../guideline/planned-item.js';
import { GUIDELINES, versionedId } from '../guideline/published/index.js';
import { DomainError, type FieldFault, invalid } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { StoredGuidelineHead } from '../tenancy/policy/hospital-guidelines.js';
import { StoredGuideline } from '../tenancy/policy/stored-guideline.entity.js';

/**
 * Characters of one stored file. The longest published guideline has 25,000. A planning thread reads the whole file.
 */
const MOST_CHARACTERS = 200_000;
/** For one hospital: a new version every month for eight years. */
const MOST_FILES = 100;
/** As for a hospital's policy: three items a week. */
const MOST_ITEMS_A_YEAR = 160;
/** A file with more problems than these is corrected step by step. */
const MOST_PROBLEMS = 100;

/** The result of an upload. */
export interface StoredFile {
  readonly head: StoredGuidelineHead;
  readonly guideline: Guideline;
  /** False: the same content is already stored under this id and version. */
  readonly isNew: boolean;
  /** Activities of the guideline in force that are missing in this one. */
  readonly noLongerAskedFor: readonly string[];
}

/** Stores a hospital's own protocols. A stored version never changes. */
@Injectable()
export class GuidelineFilesService {
  constructor(private readonly scope: HospitalScope) {}

  /** Stores a file with a valid schema. Idempotent; refuses (409) other content under a stored id and version. */
  async store(guideline: Guideline): Promise<StoredFile> {
    const content = JSON.stringify(guideline);
    refuseUnusable(guideline, content);
    const digest = createHash('sha256').update(content).digest('hex');
    return this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      const { id, version } = guideline;
      const which = { hospitalId: hospital.id, id, version };
      await lockFiles(tx);
      const before = await db.findOneBy(StoredGuideline, which);
      if (before && before.digest !== digest) throw differs(before);
      if (!before) {
        await refuseTooMany(tx);
        const row = { ...which, digest, content: guideline, uploadedBy: caller.name, uploadedAt: now };
        await db.insert(StoredGuideline, row);
      }
      const head = await db.findOneByOrFail(StoredGuideline, which);
      return { head, guideline, isNew: !before, noLongerAskedFor: noLongerAskedFor(tx, guideline) };
    });
  }
}

/** Refuses (422, 413) a file that the planner cannot use, that is too large, or that plans too many items. */
function refuseUnusable(guideline: Guideline, content: string): void {
  if (content.length > MOST_CHARACTERS)
    throw new DomainError(
      'too-large',
      'guideline-too-large',
      msg('guideline-too-large', { characters: content.length, limit: MOST_CHARACTERS }),
    );
  const problems: FieldFault[] = [...takenId(guideline), ...problemsOf(guideline)];
  if (problems.length === 0) problems.push(...density(guideline));
  if (problems.length > 0)
    throw invalid('invalid-input', msg('invalid-input'), problems.slice(0, MOST_PROBLEMS));
}

const takenId = ({ id }: Guideline): FieldFault[] =>
  GUIDELINES.some((published) => published.id === id)
    ? [{ pointer: '/id', code: 'published-id', message: msg('guideline-id-published', { id }) }]
    : [];

function density(guideline: Guideline): FieldFault[] {
  const items = Math.round(askedItemsAYear(guideline));
  return items <= MOST_ITEMS_A_YEAR
    ? []
    : [
        {
          pointer: '/rules',
          code: 'too-often',
          message: msg('guideline-too-dense', { items, limit: MOST_ITEMS_A_YEAR }),
        },
      ];
}

/** Two uploads into one hospital take turns, so that the limit holds and the second sees the file of the first. */
const lockFiles = ({ db, hospital }: HospitalTransaction): Promise<unknown> =>
  db.query(`SELECT pg_advisory_xact_lock(hashtextextended('guideline files ' || $1, 0))`, [hospital.id]);

async function refuseTooMany({ db, hospital }: HospitalTransaction): Promise<void> {
  if ((await db.countBy(StoredGuideline, { hospitalId: hospital.id })) >= MOST_FILES)
    throw new DomainError(
      'conflict',
      'too-many-guidelines',
      msg('too-many-guidelines', { limit: MOST_FILES }),
    );
}

const differs = ({ id, version, digest }: StoredGuideline): DomainError =>
  new DomainError(
    'conflict',
    'guideline-version-taken',
    msg('guideline-version-taken', { guideline: versionedId({ id, version }), digest }),
  );

function noLongerAskedFor({ hospital }: HospitalTransaction, guideline: Guideline): string[] {
  const asked = (by: Guideline | undefined): Set<string> => new Set(by?.rules.flatMap(activitiesOf));
  const after = asked(guideline);
  return [...asked(hospital.guideline)].filter((activity) => !after.has(activity));
}
