import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy to a loopback server that can stop forwarding without closing, like a firewall that drops connections. */
export interface HalfOpenProxy {
  readonly port: number;
  /** From now on the open connections forward nothing, not even their end; new ones work. Returns their number. */
  cut(): number;
  stop(): Promise<void>;
}

export async function startHalfOpenProxy(target: number): Promise<HalfOpenProxy> {
  const sockets = new Set<Socket>();
  let carried: [Socket, Socket][] = [];
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    const pair: [Socket, Socket] = [near, far];
    carried.push(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      sockets.add(from);
      const ends = (): void => {
        if (carried.includes(pair)) to.destroy();
      };
      from.on('error', ends).on('close', () => {
        ends();
        sockets.delete(from);
      });
      from.pipe(to);
    }
    near.on('close', () => (carried = carried.filter((other) => other !== pair)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      const cut = carried;
      carried = [];
      for (const [near, far] of cut) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
      return cut.length;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
