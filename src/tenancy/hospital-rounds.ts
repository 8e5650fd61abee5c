import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config.js';
import { PeriodicTask } from '../platform/periodic-task.js';
import { eachHospital } from './each-hospital.js';
import { HospitalScope } from './hospital-scope.js';

/**
 * Work that each worker process does again and again in all hospitals, one after the other. A subclass must bear that
 * several processes do it at once, and that the process ends between two transactions.
 */
@Injectable()
export abstract class HospitalRounds implements OnApplicationBootstrap, OnModuleDestroy {
  readonly rounds = new PeriodicTask(() => this.visitAll(), new Logger(this.constructor.name));
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    protected readonly scope: HospitalScope,
  ) {}

  protected abstract readonly everyMs: number;

  /** The work in the hospital in scope. It ends early once `mayContinue` is false. */
  protected abstract visit(hospitalId: string): Promise<void>;

  /** False: the process ends, and no further transaction may begin. */
  protected get mayContinue(): boolean {
    return !this.stopping;
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.rounds.every(this.everyMs);
  }

  /** Ends after the transaction that is running. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.rounds.stop();
  }

  /** One round. A failure in one hospital does not stop the others; the errors are thrown at the end. */
  async visitAll(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY id'),
    );
    await eachHospital(this.scope, hospitals, 'The round', async (id) => {
      if (this.mayContinue) await this.visit(id);
    });
  }
}

const LOOK_EVERY_MS = 600_000;

/** Work once a day in each hospital, soon after its midnight or after the start of the process. */
@Injectable()
export abstract class DailyHospitalRounds extends HospitalRounds {
  protected readonly everyMs = LOOK_EVERY_MS;
  private readonly lastDays = new Map<string, string>();

  /** The day's work in the hospital in scope. */
  protected abstract visitOfDay(): Promise<void>;

  protected async visit(hospitalId: string): Promise<void> {
    const today = await this.scope.unaudited((tx) => Promise.resolve(tx.today));
    if (this.lastDays.get(hospitalId) === today) return;
    await this.visitOfDay();
    if (this.mayContinue) this.lastDays.set(hospitalId, today);
  }
}
