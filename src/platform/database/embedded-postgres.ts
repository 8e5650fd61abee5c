import { joinKeeper } from './embedded-postgres/membership.js';
import { chooseLocation, NoEmbeddedPostgres } from './embedded-postgres/cluster-location.js';
import { msg } from '../messages/dictionary.js';

/** A running PostgreSQL that this program shares with the others on the same data. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Where its data live; another folder than was wanted when the server's user cannot reach that one. */
  readonly directory: string;
  /** Lets go of it. The last program to leave stops the server, and returns when it has stopped. */
  leave(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Remove the data when the last program has left. */
  readonly temporary?: boolean;
  /** Called after the server died and runs again, on the same address: sessions and their locks are gone. */
  readonly onRestart?: () => void;
  /** Called when it died and cannot be started again. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Starts the PostgreSQL whose data live in `wanted`, or joins it if it runs. It is restarted when it dies,
 * and whatever a killed program left behind is cleared away.
 */
export async function embeddedPostgres(
  wanted: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  const { settings = {}, temporary = false, onRestart, onLost } = options;
  const place = chooseLocation(wanted);
  let leaving = false;

  const join = async () => {
    const membership = await joinKeeper({ place, settings, temporary });
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
    directory: place.directory,
    leave: () => {
      leaving = true;
      return membership.leave();
    },
  };
}
