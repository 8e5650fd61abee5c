import { LIVER_METASTASIS_EVENT } from '../../../../guideline/facts.js';
import { msg } from '../../../../platform/messages/dictionary.js';
import { eventFor } from '../../../mappings/code-tables.js';
import { codeIn, codingsOf, SNOMED } from './codings.js';
import {
  incomingCodes,
  type ReadingContext,
  type Reading,
  senderOf,
  ownEvent,
  missingDay,
} from './reading.js';
import { refusedAt } from './fault.js';
import { DIAGNOSIS, OWN_SYSTEM } from './own-forms.js';
import type { Condition } from './resources.js';
import { dayOf } from './when.js';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
/** Its codes for a disease that came back; the core has events of similar names. */
const CAME_BACK = /^(recurrence|relapse)$/;
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
/** The date of the diagnosis, where it is not that of the onset. */
const ASSERTED_DATE = 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate';

/** Malignant primaries of colon and rectum in SNOMED CT; 94260004, a secondary one, is none. */
export const COLORECTAL_SNOMED = ['363406005', '93761005', '109838007', '363351006', '93984006', '363510005'];
export const LIVER_METASTASIS_SNOMED = ['94381002'];
const ICD_10 = /icd-?10|2\.16\.840\.1\.113883\.6\.(3|90)$/i;

/** A diagnosis begins the follow-up, is an event of it, or is another disease, which changes nothing here. */
export function readCondition(condition: Condition, context: ReadingContext): Reading {
  const { at, timeZone } = context;
  const verification = codeIn(condition.verificationStatus, VERIFICATION);
  const own = ownEvent(condition);
  const kind = own ?? kindOf(condition, context);
  if (kind === undefined) return { kind: 'noted', why: msg('fhir-other-condition') };
  if (verification === 'entered-in-error' || verification === 'refuted') return { kind: 'taken-back' };
  if (verification !== undefined && verification !== 'confirmed')
    return { kind: 'noted', why: msg('fhir-not-confirmed') };
  const clinical = codeIn(condition.clinicalStatus, CLINICAL);
  if (own === undefined && CAME_BACK.test(clinical ?? ''))
    throw refusedAt(`${at}.clinicalStatus`, 'not-interpreted', msg('fhir-recurrence-by-event'));
  const asserted = condition.extension?.find(({ url }) => url === ASSERTED_DATE)?.valueDateTime;
  const written = asserted ?? condition.onsetDateTime ?? condition.onsetPeriod?.start;
  const date = dayOf(written, timeZone);
  if (date === undefined) throw missingDay(`${at}.onset`, written);
  const elements = { '/date': 'onset', '/diagnosisDate': 'onset' };
  if (kind === 'diagnosis') return { kind: 'diagnosis', date, elements };
  if (kind === 'metastasis')
    return { kind: 'event', input: { type: LIVER_METASTASIS_EVENT, date }, elements };
  return { kind: 'event', input: { ...kind, date }, elements };
}

/** Undefined: a disease that the program does not follow. */
function kindOf(
  condition: Condition,
  context: ReadingContext,
): 'diagnosis' | 'metastasis' | { readonly type: string } | undefined {
  const { code } = condition;
  const mapped = eventFor(context.mapping, 'diagnosis', {
    sender: senderOf(condition),
    codes: incomingCodes(code),
  });
  if (mapped !== undefined) return mapped;
  if (codeIn(code, OWN_SYSTEM.event) === DIAGNOSIS) return 'diagnosis';
  for (const coding of codingsOf(code)) {
    const icd = ICD_10.test(coding.system ?? '') ? (coding.code ?? '').trim().toUpperCase() : '';
    if (/^C(18|19|20)(\.|$|\d)/.test(icd)) return 'diagnosis';
    if (/^C78\.?7/.test(icd)) return 'metastasis';
    if (coding.system !== SNOMED) continue;
    if (COLORECTAL_SNOMED.includes(coding.code ?? '')) return 'diagnosis';
    if (LIVER_METASTASIS_SNOMED.includes(coding.code ?? '')) return 'metastasis';
  }
  return undefined;
}
