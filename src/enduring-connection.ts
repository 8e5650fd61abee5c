import pg from 'pg';

/**
 * A connection whose loss, at a moment when nobody listens to it, is not the program's end. BullMQ begins to listen
 * after it has connected, and the pool hands a connection over without listening; a server that is killed just then
 * would take the program along. Whoever uses the connection learns of it by the query that fails.
 */
export class EnduringConnection extends pg.Client {
  constructor(options?: string | pg.ClientConfig) {
    super(options);
    this.on('error', () => undefined);
  }

  override removeAllListeners(event?: string | symbol): this {
    super.removeAllListeners(event);
    return event === undefined || event === 'error' ? this.on('error', () => undefined) : this;
  }
}
