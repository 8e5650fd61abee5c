import pg from 'pg';
import { DataSource } from 'typeorm';
import { Surveillance1795424400000 } from '../../migrations/1795424400000-surveillance.js';
import { PlanChanges1795510800000 } from '../../migrations/1795510800000-plan-changes.js';
import { ClinicalDecisions1795597200000 } from '../../migrations/1795597200000-clinical-decisions.js';
import { People1795770400000 } from '../../migrations/1795770400000-people.js';
import { Audit1795856800000 } from '../../migrations/1795856800000-audit.js';
import { AuditKeeping1795860400000 } from '../../migrations/1795860400000-audit-keeping.js';
import { SingleSignOn1795946800000 } from '../../migrations/1795946800000-single-sign-on.js';
import { SurveillanceEvents1796205600000 } from '../../migrations/1796205600000-surveillance-events.js';
import { EndpointHealth1796292000000 } from '../../migrations/1796292000000-endpoint-health.js';
import { FieldEncryption1796378400000 } from '../../migrations/1796378400000-field-encryption.js';
import { ConsentAndErasure1796464800000 } from '../../migrations/1796464800000-consent-and-erasure.js';
import { OpenedNetworks1796637600000 } from '../../migrations/1796637600000-opened-networks.js';
import { PublicKeys1796724000000 } from '../../migrations/1796724000000-public-keys.js';
import { DueEndpoints1796810400000 } from '../../migrations/1796810400000-due-endpoints.js';
import { GroupRobots1796816400000 } from '../../migrations/1796816400000-group-robots.js';
import { ReminderPolicy1796896800000 } from '../../migrations/1796896800000-reminder-policy.js';
import { EndpointSettings1796983200000 } from '../../migrations/1796983200000-endpoint-settings.js';
import { CertificateEnds1797069600000 } from '../../migrations/1797069600000-certificate-ends.js';
import { StatusFigures1797156000000 } from '../../migrations/1797156000000-status-figures.js';
import { FewerIndexes1797242400000 } from '../../migrations/1797242400000-fewer-indexes.js';
import { SweepTimes1797328800000 } from '../../migrations/1797328800000-sweep-times.js';
import { ReceiverCertificates1797415200000 } from '../../migrations/1797415200000-receiver-certificates.js';
import { MeasuredValues1797600000000 } from '../../migrations/1797600000000-measured-values.js';
import { MessageFormats1797501600000 } from '../../migrations/1797501600000-message-formats.js';
import { PatientKeys1797700000000 } from '../../migrations/1797700000000-patient-keys.js';
import { ResponsiblePerson1797710000000 } from '../../migrations/1797710000000-responsible-person.js';
import { AccessLimits1797930000000 } from '../../migrations/1797930000000-access-limits.js';
import { KeyLookUp1798200000000 } from '../../migrations/1798200000000-key-look-up.js';
import { IdentityLinkers1798300000000 } from '../../migrations/1798300000000-identity-linkers.js';
import { NarrowItemKey1798400000000 } from '../../migrations/1798400000000-narrow-item-key.js';
import { ItemSteps1798500000000 } from '../../migrations/1798500000000-item-steps.js';
import { StepsAndAppointments1798510000000 } from '../../migrations/1798510000000-steps-and-appointments.js';
import { ListIndexes1798800000000 } from '../../migrations/1798800000000-list-indexes.js';
import { ChangeStream1798820000000 } from '../../migrations/1798820000000-change-stream.js';
import { SavedLists1798810000000 } from '../../migrations/1798810000000-saved-lists.js';
import { Results1798700000000 } from '../../migrations/1798700000000-results.js';
import { ResultIndexes1798710000000 } from '../../migrations/1798710000000-result-indexes.js';
import { WorklistBase1798600000000 } from '../../migrations/1798600000000-worklist-base.js';
import { Contacts1798610000000 } from '../../migrations/1798610000000-contacts.js';
import { OwnersAndHandovers1798910000000 } from '../../migrations/1798910000000-owners-and-handovers.js';
import { ActsOfMergedRecords1799200000000 } from '../../migrations/1799200000000-acts-of-merged-records.js';
import { WherePatientsAre1799220000000 } from '../../migrations/1799220000000-where-patients-are.js';
import { RecordMerges1798900000000 } from '../../migrations/1798900000000-record-merges.js';
import { ListConditions1799000000000 } from '../../migrations/1799000000000-list-conditions.js';
import { StatusIndexes1799020000000 } from '../../migrations/1799020000000-status-indexes.js';
import { Statistics1799600000000 } from '../../migrations/1799600000000-statistics.js';
import { StatisticsIndexes1799600010000 } from '../../migrations/1799600010000-statistics-indexes.js';
import { ItemsByHospitalKey1799700000000 } from '../../migrations/1799700000000-items-by-hospital-key.js';
import { ImportRuns1799720000000 } from '../../migrations/1799720000000-import-runs.js';
import { Hl7Retention1799800000001 } from '../../migrations/1799800000001-hl7-retention.js';
import { Hl7RetentionIndexes1799800000002 } from '../../migrations/1799800000002-hl7-retention-indexes.js';
import { Hl7Senders1799800000000 } from '../../migrations/1799800000000-hl7-senders.js';
import { Hl7Messages1799790000000 } from '../../migrations/1799790000000-hl7-messages.js';
import { BulkExports1799840000001 } from '../../migrations/1799840000001-bulk-exports.js';
import { SignedInClients1799840000000 } from '../../migrations/1799840000000-signed-in-clients.js';
import { Mappings1799810000000 } from '../../migrations/1799810000000-mappings.js';
import { Inbox1799810000001 } from '../../migrations/1799810000001-inbox.js';
import { LoadWithoutJoins1799870000000 } from '../../migrations/1799870000000-load-without-joins.js';
import { RareRows1799900000000 } from '../../migrations/1799900000000-rare-rows.js';
import { WhereStepsAre1799910000000 } from '../../migrations/1799910000000-where-steps-are.js';
import { NextDue1799920000000 } from '../../migrations/1799920000000-next-due.js';
import { PatientsOfItems1799930000000 } from '../../migrations/1799930000000-patients-of-items.js';
import { PatientsOfLists1799940000000 } from '../../migrations/1799940000000-patients-of-lists.js';
import { StepsByRule1799950000000 } from '../../migrations/1799950000000-steps-by-rule.js';
import { EventsOfPatient1799960000000 } from '../../migrations/1799960000000-events-of-patient.js';
import { VoidedEvents1799970000000 } from '../../migrations/1799970000000-voided-events.js';
import { NamedLookUps1799880000000 } from '../../migrations/1799880000000-named-look-ups.js';
import { HospitalMoves1799860000000 } from '../../migrations/1799860000000-hospital-moves.js';
import { FhirSources1799830000000 } from '../../migrations/1799830000000-fhir-sources.js';
import { Spreadsheets1799400000000 } from '../../migrations/1799400000000-spreadsheets.js';
import { FindingsFirst1799030000000 } from '../../migrations/1799030000000-findings-first.js';
import { SearchIndexes1799010000000 } from '../../migrations/1799010000000-search-indexes.js';
import { LoadWithoutPlaces1799320000000 } from '../../migrations/1799320000000-load-without-places.js';
import { WardLoad1799310000000 } from '../../migrations/1799310000000-ward-load.js';
import { CalendarFeeds1799340000000 } from '../../migrations/1799340000000-calendar-feeds.js';
import { WorkCalendar1799300000000 } from '../../migrations/1799300000000-work-calendar.js';
import { PatientMessages1799500000000 } from '../../migrations/1799500000000-patient-messages.js';
import { RemindersByTime1799501000000 } from '../../migrations/1799501000000-reminders-by-time.js';
import { RepliesOfPatients1799502000000 } from '../../migrations/1799502000000-replies-of-patients.js';
import { UncertainMessages1799710000000 } from '../../migrations/1799710000000-uncertain-messages.js';
import { EndpointSubscription1799770000000 } from '../../migrations/1799770000000-endpoint-subscription.js';
import { FirstRun1799750000000 } from '../../migrations/1799750000000-first-run.js';
import { WhoVoidedEvents1799850000000 } from '../../migrations/1799850000000-who-voided-events.js';
import { ProgramLeases1797800000000 } from '../../migrations/1797800000000-program-leases.js';
import { AnswersOfCallers1797920000000 } from '../../migrations/1797920000000-answers-of-callers.js';
import { EndpointLimits1797920100000 } from '../../migrations/1797920100000-endpoint-limits.js';
import { OneRelay1798000000000 } from '../../migrations/1798000000000-one-relay.js';
import { StoredGuidelines1798100000000 } from '../../migrations/1798100000000-stored-guidelines.js';
import { RowSecurity1795684000000 } from '../../migrations/1795684000000-row-security.js';
import { PlannerRevision1797588000000 } from '../../migrations/1797588000000-planner-revision.js';
import { SharedLimits1799890000000 } from '../../migrations/1799890000000-shared-limits.js';
import { APPLICATION_ROLE, LET_GO_WHEN_IDLE } from '../platform/database/roles.js';
import { EnduringConnection } from '../platform/database/enduring-connection.js';
import { ENTITIES, SUBSCRIBERS } from './entities.js';
import { SnakeCaseNaming } from '../platform/database/naming-strategy.js';
import { SlowStatements } from '../platform/database/slow-statements.js';
import type { Connecting } from '../platform/database/session.js';

// pg turns a `date` into a JavaScript Date at local midnight; a calendar day must stay a calendar day.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export const MIGRATIONS = [
  Surveillance1795424400000,
  PlanChanges1795510800000,
  ClinicalDecisions1795597200000,
  RowSecurity1795684000000,
  PlannerRevision1797588000000,
  People1795770400000,
  Audit1795856800000,
  AuditKeeping1795860400000,
  SingleSignOn1795946800000,
  SurveillanceEvents1796205600000,
  EndpointHealth1796292000000,
  FieldEncryption1796378400000,
  ConsentAndErasure1796464800000,
  OpenedNetworks1796637600000,
  PublicKeys1796724000000,
  DueEndpoints1796810400000,
  GroupRobots1796816400000,
  ReminderPolicy1796896800000,
  EndpointSettings1796983200000,
  CertificateEnds1797069600000,
  StatusFigures1797156000000,
  FewerIndexes1797242400000,
  SweepTimes1797328800000,
  ReceiverCertificates1797415200000,
  MessageFormats1797501600000,
  MeasuredValues1797600000000,
  PatientKeys1797700000000,
  ResponsiblePerson1797710000000,
  ProgramLeases1797800000000,
  AnswersOfCallers1797920000000,
  EndpointLimits1797920100000,
  AccessLimits1797930000000,
  OneRelay1798000000000,
  StoredGuidelines1798100000000,
  KeyLookUp1798200000000,
  IdentityLinkers1798300000000,
  NarrowItemKey1798400000000,
  ItemSteps1798500000000,
  StepsAndAppointments1798510000000,
  WorklistBase1798600000000,
  Contacts1798610000000,
  RecordMerges1798900000000,
  OwnersAndHandovers1798910000000,
  ActsOfMergedRecords1799200000000,
  WherePatientsAre1799220000000,
  ListIndexes1798800000000,
  SavedLists1798810000000,
  ChangeStream1798820000000,
  Results1798700000000,
  ResultIndexes1798710000000,
  ListConditions1799000000000,
  SearchIndexes1799010000000,
  StatusIndexes1799020000000,
  FindingsFirst1799030000000,
  WorkCalendar1799300000000,
  Statistics1799600000000,
  StatisticsIndexes1799600010000,
  ItemsByHospitalKey1799700000000,
  WardLoad1799310000000,
  PatientMessages1799500000000,
  RemindersByTime1799501000000,
  CalendarFeeds1799340000000,
  Spreadsheets1799400000000,
  ImportRuns1799720000000,
  LoadWithoutPlaces1799320000000,
  RepliesOfPatients1799502000000,
  UncertainMessages1799710000000,
  EndpointSubscription1799770000000,
  FirstRun1799750000000,
  Hl7Messages1799790000000,
  SignedInClients1799840000000,
  BulkExports1799840000001,
  WhoVoidedEvents1799850000000,
  HospitalMoves1799860000000,
  Hl7Senders1799800000000,
  Hl7Retention1799800000001,
  Hl7RetentionIndexes1799800000002,
  Mappings1799810000000,
  Inbox1799810000001,
  FhirSources1799830000000,
  LoadWithoutJoins1799870000000,
  NamedLookUps1799880000000,
  SharedLimits1799890000000,
  RareRows1799900000000,
  WhereStepsAre1799910000000,
  NextDue1799920000000,
  PatientsOfItems1799930000000,
  PatientsOfLists1799940000000,
  StepsByRule1799950000000,
  EventsOfPatient1799960000000,
  VoidedEvents1799970000000,
];

const CONNECTION_WITHIN_MS = 10_000;

interface Connection {
  /** Undefined: the login itself, with the role that it sets for itself. */
  readonly role?: typeof APPLICATION_ROLE;
  /** Through a pooler the login determines the role. */
  readonly connecting?: Connecting;
  /** Additional start-up options of a session. */
  readonly options?: string;
  /** A statement that takes longer is logged; 0: none. */
  readonly slowStatementMs?: number;
  readonly client?: typeof EnduringConnection;
}

/** A data source for the login of `url`, or for `role`. At most `poolSize` connections; sessions use UTC. */
export function createDataSource(
  url: string,
  poolSize: number,
  {
    role,
    connecting = 'session',
    options = '',
    slowStatementMs = 0,
    client = EnduringConnection,
  }: Connection = {},
): DataSource {
  const as = role ? `-c role=${role} ${LET_GO_WHEN_IDLE}` : '';
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    entities: ENTITIES,
    subscribers: SUBSCRIBERS,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeCaseNaming(),
    ...(slowStatementMs > 0 && {
      ...{ maxQueryExecutionTime: slowStatementMs, logger: new SlowStatements() },
    }),
    extra: {
      // A pooler accepts no options: the login determines the role, and `EnduringConnection` sets the time zone.
      ...(connecting === 'session' && { options: `-c timezone=UTC ${as} ${options}` }),
      application_name: 'nedwatch',
      // The wait for a free connection is limited too; migrations and commands of the owner have no limit.
      ...(role && { connectionTimeoutMillis: CONNECTION_WITHIN_MS }),
      Client: client,
    },
  });
}
