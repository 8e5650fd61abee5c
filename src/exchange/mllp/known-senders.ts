import { Injectable } from '@nestjs/common';
import { folded } from '../../patients/folded.js';
import { isWithin } from '../../platform/outbound/address-range.js';
import type { Caller } from '../../tenancy/caller.js';
import { WHOLE_HOSPITAL } from '../../tenancy/caller.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';

/** A change of the senders is in force after so long in every process. */
const FRESH_MS = 2000;

/** Where a connection comes from, and the SHA-256 of the certificate that it showed, if any. */
export interface Peer {
  readonly address: string;
  readonly certificate: string | undefined;
}

interface KnownSender {
  readonly id: string;
  readonly hospitalId: string;
  readonly name: string;
  readonly facilityKey: string;
  readonly addresses: readonly string[];
  readonly certificate: string | null;
}

interface Loaded {
  readonly atMs: number;
  readonly now: Date;
  readonly senders: readonly KnownSender[];
  readonly byFacility: ReadonlyMap<string, KnownSender>;
}

/** The senders of all hospitals that are not disabled, by what a connection shows of itself. */
@Injectable()
export class KnownSenders {
  private current: Loaded | undefined;
  private loading: Promise<Loaded> | undefined;

  constructor(private readonly scope: HospitalScope) {}

  /** The caller as which a message for this facility acts; undefined where the peer is no such sender. */
  async callerOf(facility: string, peer: Peer): Promise<Caller | undefined> {
    const sender = (await this.loaded()).byFacility.get(folded(facility));
    return sender && fits(sender, peer) ? callerAs(sender) : undefined;
  }

  /** The hospitals with a sender that may connect from there. */
  async hospitalsOf(peer: Peer): Promise<readonly string[]> {
    const { senders } = await this.loaded();
    return [...new Set(senders.filter((sender) => fits(sender, peer)).map(({ hospitalId }) => hospitalId))];
  }

  /** The program's instant, to the second. */
  async instant(): Promise<Date> {
    const { now, atMs } = await this.loaded();
    return new Date(now.getTime() + performance.now() - atMs);
  }

  /** The next look-up reads the senders again. */
  forget(): void {
    this.current = undefined;
    this.loading = undefined;
  }

  private loaded(): Promise<Loaded> {
    const { current } = this;
    if (current && performance.now() - current.atMs <= FRESH_MS) return Promise.resolve(current);
    if (this.loading) return this.loading;
    const loading = this.load();
    this.loading = loading;
    const ended = (loaded?: Loaded): void => {
      if (this.loading !== loading) return; // a change during the load asks for another one
      this.loading = undefined;
      this.current = loaded;
    };
    loading.then(ended, () => ended());
    return loading;
  }

  private async load(): Promise<Loaded> {
    const atMs = performance.now();
    const rows = await this.scope.acrossHospitals((db) =>
      db.query<(KnownSender & { now: Date })[]>(
        `SELECT clock.now, s.hospital_id AS "hospitalId", s.id, s.name, s.facility_key AS "facilityKey", s.addresses, s.certificate
           FROM (SELECT program_now() AS now) AS clock LEFT JOIN hl7_sender s ON s.disabled_at IS NULL`,
      ),
    );
    const senders = rows.filter(({ id }) => (id as string | null) !== null);
    const byFacility = new Map(senders.map((sender) => [sender.facilityKey, sender]));
    return { atMs, now: rows[0]?.now ?? new Date(0), senders, byFacility };
  }
}

const fits = ({ addresses, certificate }: KnownSender, peer: Peer): boolean =>
  isWithin(peer.address, addresses) && (certificate === null || certificate === peer.certificate);

/** A sender has the rights of a key with the role `integration` that sees the whole hospital. */
const callerAs = ({ id, name, hospitalId }: KnownSender): Caller => ({
  ...{ kind: 'key', id, name, hospitalId, roles: ['integration'], scopes: null },
  ...{ patientScope: WHOLE_HOSPITAL, addresses: null, expiresAt: null },
});
