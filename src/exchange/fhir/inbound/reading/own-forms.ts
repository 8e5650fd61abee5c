import { findingsOf, type Finding } from '../../../../guideline/findings.js';
import type { ExamReport } from '../../../../patients/exam-report.js';
import { codeIn } from './codings.js';
import type { DiagnosticReport, Extension, Observation, Resource } from './resources.js';

/** What this program writes in codes and extensions of its own, and reads back: `docs/fhir.md` lists them. */
export const OWN_EXTENSION = 'urn:nedwatch:extension:';
export const OWN_SYSTEM = {
  event: 'urn:nedwatch:event',
  activity: 'urn:nedwatch:activity',
  outcome: 'urn:nedwatch:outcome',
  finding: 'urn:nedwatch:finding',
  findingField: 'urn:nedwatch:finding-field',
} as const;
/** The code of the diagnosis that began the follow-up. */
export const DIAGNOSIS = 'diagnosis';

const own = ({ extension = [] }: Resource, name: string): readonly Extension[] =>
  extension.filter(({ url }) => url === `${OWN_EXTENSION}${name}`);

const part = ({ extension = [] }: Extension, url: string): string | undefined =>
  extension.find((one) => one.url === url)?.valueString;

/** The fields of an event that no element of FHIR holds. */
export const eventFields = (resource: Resource): Readonly<Record<string, string>> =>
  Object.fromEntries(
    own(resource, 'event-field').flatMap((one) => {
      const [name, value] = [part(one, 'name'), part(one, 'value')];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );

/** What people wrote about an exam; undefined: nothing. */
export function examReport(report: DiagnosticReport): ExamReport | undefined {
  const documents = own(report, 'document').flatMap((one) => {
    const [system, id] = [part(one, 'system'), part(one, 'id')];
    return system === undefined || id === undefined ? [] : [{ system, id }];
  });
  const laboratory = report.performer?.find(({ display }) => display !== undefined)?.display;
  const [place, method] = [own(report, 'place')[0]?.valueString, own(report, 'method')[0]?.valueString];
  const written = {
    ...(place !== undefined && { place }),
    ...(method !== undefined && { method }),
    ...(report.conclusion !== undefined && { note: report.conclusion }),
    ...(laboratory !== undefined && { laboratory }),
    ...(documents.length > 0 && { documents }),
  };
  return Object.keys(written).length === 0 ? undefined : written;
}

/** The structured finding that an observation is; undefined: it is another observation. */
export function findingIn({ code, component = [] }: Observation, activity: string): Finding | undefined {
  const kind = codeIn(code, OWN_SYSTEM.finding);
  if (kind === undefined) return undefined;
  const declared = findingsOf(activity);
  const fields = Object.hasOwn(declared, kind) ? (declared[kind]?.fields ?? {}) : {};
  const values = new Map<string, unknown[]>();
  for (const one of component) {
    const name = codeIn(one.code, OWN_SYSTEM.findingField);
    const { valueInteger } = one as { readonly valueInteger?: number };
    if (name !== undefined) values.set(name, [...(values.get(name) ?? []), valueInteger ?? one.valueString]);
  }
  const written = [...values].map(([name, all]): [string, unknown] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, field !== undefined && 'anyOf' in field ? all : all[0]];
  });
  return { kind, ...Object.fromEntries(written) };
}

export const isFinding = ({ code }: Observation): boolean => codeIn(code, OWN_SYSTEM.finding) !== undefined;
