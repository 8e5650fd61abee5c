import type { ListName, ListQuery } from '../calls/lists.js';
import { writeAddress } from '../routing/address.js';
import { worklistWords } from './worklist-words.js';

/** What the address of the worklist says: the list, its filters, and whose panel is open. */
export type WorklistAddress = ListQuery & { readonly patient?: string };

const TEXTS = ['activity', 'owner', 'department', 'ward', 'group', 'from', 'to'] as const;
const DISTANCES = ['distanceFrom', 'distanceTo'] as const;

export type Filter = (typeof TEXTS)[number] | (typeof DISTANCES)[number];
export const ALL_FILTERS: readonly Filter[] = [...TEXTS, ...DISTANCES];

const FIRST_LIST: ListName = 'overdue';

const isList = (name: string | undefined): name is ListName =>
  name !== undefined && Object.prototype.hasOwnProperty.call(worklistWords.zh.lists, name);

/** Reads the parameters; leaves out what is not understood. An address without a list shows what is overdue. */
export function readWorklistAddress(parameters: Readonly<Record<string, string>>): WorklistAddress {
  const { list, patient } = parameters;
  const texts = TEXTS.map((name) => [name, parameters[name]] as const);
  const distances = DISTANCES.map((name) => [name, kilometres(parameters[name])] as const);
  const known = [...texts, ['patient', patient] as const, ...distances].filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const filters = Object.fromEntries(known) as Partial<WorklistAddress>;
  return { ...filters, list: isList(list) ? list : FIRST_LIST };
}

const kilometres = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;

export function addressOf({ list, patient, ...query }: WorklistAddress): string {
  const filters = ALL_FILTERS.map((name) => [name, query[name]] as const);
  return writeAddress('/worklist', { list, ...Object.fromEntries(filters), patient });
}

/** Where call mode goes through this list, from `first` on. */
export const callsAddressOf = ({ list, ...query }: WorklistAddress, first: string | undefined): string => {
  const filters = ALL_FILTERS.map((name) => [name, query[name]] as const);
  return writeAddress('/calls', { list, ...Object.fromEntries(filters), first });
};

/** The address as `GET /worklist` takes it. */
export function queryOf(address: WorklistAddress): ListQuery {
  const query = { ...address, patient: undefined };
  return query;
}

/** Whether a saved list asks for exactly this. */
export const isSameQuery = (a: ListQuery, b: ListQuery): boolean =>
  a.list === b.list && ALL_FILTERS.every((name) => a[name] === b[name]);

/** Where the whole record of a patient is. */
export const patientAddress = (id: string): string => `/patients/${id}`;
