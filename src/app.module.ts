import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessModule } from './access/access.module.js';
import { CONFIG, type Config } from './config.js';
import { ExchangeModule } from './exchange/exchange.module.js';
import { PatientsModule } from './patients/patients.module.js';
import { OutboundClient } from './platform/outbound/outbound-client.js';
import { Readiness } from './platform/readiness.js';
import { RemindersModule } from './reminders/reminders.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';

/** What every module is given. */
@Module({})
class Foundation {}

/** The whole program around one checked Config and one migrated database. */
@Module({})
export class AppModule {
  static with(config: Config, dataSource: DataSource): DynamicModule {
    return {
      module: AppModule,
      imports: [
        {
          module: Foundation,
          global: true,
          providers: [
            { provide: CONFIG, useValue: config },
            { provide: DataSource, useValue: dataSource },
            {
              provide: OutboundClient,
              useFactory: () =>
                new OutboundClient({ loopback: config.webhookLoopback, proxy: config.outboundProxy }),
            },
            Readiness,
          ],
          exports: [CONFIG, DataSource, OutboundClient, Readiness],
        },
        AccessModule,
        PatientsModule,
        SchedulesModule,
        RemindersModule,
        ExchangeModule,
      ],
    };
  }
}
