/** The largest numbers of connections at the same time. */
export interface SlotLimits {
  readonly all: number;
  readonly perAddress: number;
  readonly perHospital: number;
}

/** Frees a connection's slot. A second call changes nothing. */
export type FreeSlot = () => void;

/**
 * Counts connections by address and hospital, so that one hospital's systems leave slots to the others. A connection that
 * several hospitals' senders could make counts for the one with the fewest.
 */
export class ConnectionSlots {
  private open = 0;
  private readonly addresses = new Map<string, number>();
  private readonly hospitals = new Map<string, number>();

  constructor(private readonly limits: SlotLimits) {}

  get taken(): number {
    return this.open;
  }

  /** Undefined where the address or all connections reached their limit: asked before anything is looked up. */
  take(address: string): FreeSlot | undefined {
    if (this.open >= this.limits.all) return undefined;
    const free = counted(this.addresses, address, this.limits.perAddress);
    if (free === undefined) return undefined;
    this.open += 1;
    return once(() => {
      this.open -= 1;
      free();
    });
  }

  /** Undefined where each of these hospitals has its connections. */
  takeFor(hospitals: readonly string[]): FreeSlot | undefined {
    const [fewest] = [...hospitals].sort(
      (a, b) => (this.hospitals.get(a) ?? 0) - (this.hospitals.get(b) ?? 0),
    );
    return fewest === undefined ? undefined : counted(this.hospitals, fewest, this.limits.perHospital);
  }
}

function counted(counts: Map<string, number>, key: string, limit: number): FreeSlot | undefined {
  const before = counts.get(key) ?? 0;
  if (before >= limit) return undefined;
  counts.set(key, before + 1);
  return once(() => {
    const left = (counts.get(key) ?? 1) - 1;
    if (left === 0) counts.delete(key);
    else counts.set(key, left);
  });
}

function once(free: () => void): FreeSlot {
  let isFreed = false;
  return () => {
    if (isFreed) return;
    isFreed = true;
    free();
  };
}
