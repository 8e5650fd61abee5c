import { Injectable } from '@nestjs/common';

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
  /** Half of the endpoints that a worker serves at once, so that another hospital's message can leave immediately. */
  perHospital = 10;
  /**
   * Then the place goes to the next job of the queue, whichever hospital it is of. Attempts that run may take another
   * 15 seconds.
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
    if (places.taken >= this.perHospital) {
      places.waiting.add(endpointId);
      return true;
    }
    places.taken++;
    const endsMs = performance.now() + this.turnMs;
    try {
      let next: string | undefined = endpointId;
      while (next !== undefined && performance.now() < endsMs) {
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
}
