import { queryOptions } from '@tanstack/react-query';
import type { MappingTrialsController } from '../../src/exchange/hl7/mapping-trials.controller.js';
import type { MappingsController } from '../../src/exchange/mappings/mappings.controller.js';
import { addressOf, type AnswerOf, call, get } from './http.js';

export type Mappings = AnswerOf<MappingsController['list']>;
export type StoredMapping = Mappings['items'][number];
export type Trial = AnswerOf<MappingTrialsController['try']>;
export type TriedMessage = Trial['items'][number];
/** One version of a mapping. */
export interface MappingName {
  readonly id: string;
  readonly version: string;
}

/** Everything about mappings: read again after each change. */
export const mappingsKey = ['mappings'] as const;

export const mappingsQuery = queryOptions({
  queryKey: mappingsKey,
  queryFn: ({ signal }) => get<Mappings>('/mappings', undefined, signal),
});

const pathOf = ({ id, version }: MappingName): string =>
  `/mappings/${encodeURIComponent(id)}/${encodeURIComponent(version)}`;

/** Where the browser gets one version as a file. */
export const mappingAddress = (name: MappingName): string => addressOf(pathOf(name));

export const readMapping = (name: MappingName): Promise<AnswerOf<MappingsController['one']>> =>
  get(pathOf(name));

export const checkMapping = (file: unknown): Promise<AnswerOf<MappingsController['check']>> =>
  call('POST', '/mappings/check', { body: file });

export const storeMapping = (file: unknown): Promise<StoredMapping> =>
  call('POST', '/mappings', { body: file });

export const selectMapping = ({ id, version }: MappingName): Promise<Mappings['inForce']> =>
  call('PUT', '/mapping-in-force', { body: { id, version } });

/** A file that is not stored, or a stored version. */
export type Tried = { readonly mapping: unknown } | { readonly stored: MappingName };

/** What the last messages would change under a mapping; `before` continues a trial. Nothing is saved. */
export const tryMapping = (tried: Tried, before: string | undefined): Promise<Trial> =>
  call('POST', '/mappings/trial', { body: { ...tried, ...(before !== undefined && { before }) } });
