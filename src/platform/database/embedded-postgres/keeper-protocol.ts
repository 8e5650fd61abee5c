import type { Message } from '../../../guideline/message.js';
import { join } from 'node:path';
import type { ClusterLocation } from './cluster-location.js';

/** The arguments that a program passes to the keeper that it starts. */
export interface KeeperOrder {
  readonly location: ClusterLocation;
  readonly settings: Readonly<Record<string, string>>;
  /** Remove everything after the last program has left: for tests. */
  readonly temporary: boolean;
}

/** What the keeper reports to the program that started it: `busy` when the location already has a keeper. */
export type KeeperAnswer = 'ready' | 'busy' | { readonly error: Message };

/** The address of a location's keeper; the token proves that the program may read the file. */
export interface KeeperAddress {
  readonly port: number;
  readonly token: string;
}

/**
 * What the keeper sends to programs, one line each; the first line answers the token. A program sends its token, and
 * `leave` when it goes; a closed connection means the same.
 */
export type KeeperMessage = { readonly url: string } | { readonly restarted: true };

export const addressFile = (directory: string): string => join(directory, 'keeper.json');
