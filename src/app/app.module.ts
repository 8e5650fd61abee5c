import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Registry } from 'prom-client';
import { AccessModule } from '../access/access.module.js';
import { AccountsModule } from '../accounts/accounts.module.js';
import { OAUTH_REFUSALS } from '../accounts/signed-in-clients/oauth-refusals.js';
import { AuditModule } from '../audit/audit.module.js';
import { CONFIG, type Config } from '../platform/config.js';
import { ALL_TABLES } from './personal-data.js';
import { ExchangeModule } from '../exchange/exchange.module.js';
import { FHIR_REFUSALS } from '../exchange/fhir/fhir-refusals.js';
import { TABLE_DECLARATIONS } from '../encryption/table-declaration.js';
import { HospitalsModule } from '../hospitals/hospitals.module.js';
import { KeyRotationModule } from '../key-rotation/key-rotation.module.js';
import { PatientMessagesModule } from '../patient-messages/patient-messages.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { MonitoringModule } from '../monitoring/monitoring.module.js';
import { ServingProcesses } from '../platform/database/serving-processes.js';
import { Standby } from '../platform/database/standby.js';
import { OpenCalls } from '../platform/http/open-calls.js';
import { RateLimits } from '../platform/http/rate-limits.js';
import { RequestDurations } from '../platform/http/request-durations.js';
import { REFUSAL_FORMS, type RefusalForm } from '../platform/http/refusal-forms.js';
import { OutboundClient } from '../platform/outbound/outbound-client.js';
import { Readiness } from '../platform/readiness.js';
import { SheetFiles } from '../platform/spreadsheets/sheet-files.js';
import { openTracing, Tracing } from '../platform/tracing/tracing.js';
import { RemindersModule } from '../reminders/reminders.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { OPEN_CALLS } from '../tenancy/rights.js';
import { StatisticsModule } from '../statistics/statistics.module.js';
import { TenancyModule } from '../tenancy/tenancy.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { WorkCalendarModule } from '../work-calendar/work-calendar.module.js';
import { WorklistModule } from '../worklist/worklist.module.js';

/** Bodies of refusals in the standards that the program speaks beside its own API. */
export const REFUSALS: readonly RefusalForm[] = [FHIR_REFUSALS, OAUTH_REFUSALS];

/** The providers that every module can inject. */
@Module({})
class Foundation {}

/** What all other modules need. */
const foundation = (
  config: Config,
  dataSource: DataSource,
  processes: ServingProcesses,
  standby: Standby,
): DynamicModule => ({
  module: Foundation,
  global: true,
  providers: [
    { provide: CONFIG, useValue: config },
    { provide: DataSource, useValue: dataSource },
    { provide: ServingProcesses, useValue: processes },
    { provide: Standby, useValue: standby },
    { provide: TABLE_DECLARATIONS, useValue: ALL_TABLES },
    {
      provide: OutboundClient,
      useFactory: () => new OutboundClient({ loopback: config.webhookLoopback, proxy: config.outboundProxy }),
    },
    { provide: Tracing, useFactory: () => openTracing(config) },
    { provide: Registry, useFactory: () => new Registry() },
    { provide: REFUSAL_FORMS, useValue: REFUSALS },
    { provide: OpenCalls, useValue: new OpenCalls(OPEN_CALLS) },
    RateLimits,
    Readiness,
    RequestDurations,
    SheetFiles,
  ],
  exports: [
    ...[CONFIG, DataSource, TABLE_DECLARATIONS, REFUSAL_FORMS],
    ...[OutboundClient, RateLimits, Readiness, Registry, ServingProcesses, SheetFiles, Standby, Tracing],
  ],
});

/** The whole program with one validated Config and one migrated database. */
@Module({})
export class AppModule {
  static with(
    config: Config,
    dataSource: DataSource,
    processes = new ServingProcesses(),
    standby = new Standby(),
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        foundation(config, dataSource, processes, standby),
        TenancyModule,
        AuditModule,
        AccountsModule,
        AccessModule,
        HospitalsModule,
        PatientsModule,
        SchedulesModule,
        WorklistModule,
        WorkCalendarModule,
        PlanningModule,
        StatisticsModule,
        RemindersModule,
        WebhooksModule,
        PatientMessagesModule,
        MonitoringModule,
        KeyRotationModule,
        ExchangeModule,
      ],
    };
  }
}
