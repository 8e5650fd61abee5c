import { joinKeeper } from './embedded-postgres/membership.js';
import { chooseLocation, NoEmbeddedPostgres } from './embedded-postgres/cluster-location.js';
import { msg } from '../messages/dictionary.js';

/** A running PostgreSQL that this program shares with the other programs on the same data. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** The data folder. It differs from the requested folder when the server's user cannot access that one. */
  readonly directory: string;
  /** Releases the server. The last program to leave stops it, and returns after the server has stopped. */
  leave(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Remove the data after the last program has left. */
  readonly temporary?: boolean;
  /** Called after the server crashed and runs again on the same address. Sessions and their locks are lost. */
  readonly onRestart?: () => void;
  /** Called when the server crashed and cannot be restarted. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Starts the PostgreSQL whose data are in `wanted`, or joins it if it runs. Restarts it after a crash, and removes
 * what a killed program left behind.
 */
export async function embeddedPostgres(
  wanted: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  const { settings = {}, temporary = false, onRestart, onLost } = options;
  const location = chooseLocation(wanted);
  let leaving = false;

  const join = async () => {
    const membership = await joinKeeper({ location, settings, temporary });
    membership.onMessage(() => onRestart?.());
    membership.onEnd(() => {
      if (!leaving) rejoin().catch((error: unknown) => onLost?.(error as Error));
    });
    return membership;
  };
  const rejoin = async (): Promise<void> => {
    membership = await join();
    if (membership.url !== url) throw new NoEmbeddedPostgres(msg('embedded-moved'));
    onRestart?.();
  };
  let membership = await join();
  const { url } = membership;

  return {
    url,
    directory: location.directory,
    leave: () => {
      leaving = true;
      return membership.leave();
    },
  };
}
