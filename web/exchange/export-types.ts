/** The FHIR resources about patients, as the capability statement lists them. */
export const EXPORT_TYPES: readonly string[] = [
  ...['Patient', 'Condition', 'Procedure', 'Observation', 'DiagnosticReport', 'CarePlan'],
  ...['ServiceRequest', 'Task', 'Appointment', 'Communication', 'Consent'],
];
