import type { Message } from '../../../guideline/message.js';
import { join } from 'node:path';
import type { ClusterLocation } from './cluster-location.js';

/** What a program asks of the keeper that it starts. */
export interface KeeperOrder {
  readonly place: ClusterLocation;
  readonly settings: Readonly<Record<string, string>>;
  /** Remove everything when the last program has left: for tests. */
  readonly temporary: boolean;
}

/** What the keeper tells the program that started it: `busy` when the place has a keeper already. */
export type KeeperAnswer = 'ready' | 'busy' | { readonly error: Message };

/** Where the keeper of a place can be asked; the token proves that one may read the file. */
export interface KeeperAddress {
  readonly port: number;
  readonly token: string;
}

/**
 * Keeper to programs, a line each; the first answers the token. A program says its token,
 * and `leave` when it goes; a closed connection says the same.
 */
export type KeeperMessage = { readonly url: string } | { readonly restarted: true };

export const addressFile = (directory: string): string => join(directory, 'keeper.json');
