import { Injectable } from '@nestjs/common';

/** The endpoints that a worker serves at once. Most of the time their attempts wait for receivers. */
export const ENDPOINTS_AT_ONCE = 20;

interface Places {
  taken: number;
  /** Endpoints whose jobs found no place. */
  readonly waiting: Set<string>;
}

/**
 * Distributes the time of one process over the endpoints of hospitals. A hospital with many endpoints, or with slow
 * ones, does not delay another one.
 */
@Injectable()
export class HospitalPlaces {
  /** The places of all hospitals together. */
  inAll = ENDPOINTS_AT_ONCE;
  /**
   * After so long the place goes to the next job of the queue, whichever hospital it is of. Attempts that run may take
   * another 15 seconds.
   */
  turnMs = 5000;
  private readonly hospitals = new Map<string, Places>();

  /**
   * Attempts at the endpoint, and then at those of the hospital that wait for a place, until the turn ends (in
   * milliseconds of the process). Where the hospital has no place left, one of its places serves the endpoint. Returns
   * false when there may be more to attempt, for which the caller asks the queue again.
   */
  async serve(
    hospitalId: string,
    endpointId: string,
    attempt: (endpointId: string, endsMs: number) => Promise<void>,
  ): Promise<boolean> {
    const places = this.hospitals.get(hospitalId) ?? { taken: 0, waiting: new Set<string>() };
    this.hospitals.set(hospitalId, places);
    if (places.taken >= this.share) {
      places.waiting.add(endpointId);
      return true;
    }
    places.taken++;
    const endsMs = performance.now() + this.turnMs;
    try {
      let next: string | undefined = endpointId;
      while (next !== undefined && performance.now() < endsMs && places.taken <= this.share) {
        places.waiting.delete(next);
        await attempt(next, endsMs);
        [next] = places.waiting;
      }
      return next === undefined && performance.now() < endsMs;
    } finally {
      places.taken--;
      if (places.taken === 0) this.hospitals.delete(hospitalId);
    }
  }

  /**
   * The places of one hospital while so many are served: as if another one came, for whose message a place is then free.
   * One hospital alone has half of them.
   */
  private get share(): number {
    return Math.max(1, Math.floor(this.inAll / (this.hospitals.size + 1)));
  }
}
