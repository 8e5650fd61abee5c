import { Injectable } from '@nestjs/common';
import { TrustedClock } from '../../reminders/trusted-clock.js';
import { eachHospital } from '../../tenancy/each-hospital.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { EndpointWatch } from '../endpoints/endpoint-watch.js';
import { DeliveryDispatch } from './delivery-dispatch.js';
import { QueueWatch } from './queue-watch.js';

/** Watches over endpoints and deliveries: resumes deliveries that the queue lost or a clock change deferred. */
@Injectable()
export class DeliveryWatch {
  constructor(
    private readonly scope: HospitalScope,
    private readonly clock: TrustedClock,
    private readonly endpoints: EndpointWatch,
    private readonly dispatch: DeliveryDispatch,
    private readonly queue: QueueWatch,
  ) {}

  /**
   * Maintains the endpoints of all hospitals, while the clock is not in doubt, and enqueues every due delivery. A
   * failure in one hospital does not stop the others; the errors are thrown at the end.
   */
  async watch(): Promise<void> {
    try {
      const hospitals = await this.clock.hospitals();
      await eachHospital(this.scope, hospitals, 'The watch', () => this.endpoints.watch());
    } finally {
      this.queue.watch(await this.dispatch.dispatchDue());
    }
  }
}
