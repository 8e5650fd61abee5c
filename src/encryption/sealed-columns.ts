/** A column of free text, or of secrets, that is sealed. */
export interface SealedText {
  readonly table: string;
  /** Its name in the place for which it is sealed. */
  readonly column: string;
  /** The SQL that reads it, and what it is set to. */
  readonly stored?: string;
  readonly set?: (text: string) => string;
  readonly where?: string;
}

/** All of them beside the identities of patients. Each row is named by its `id`. */
export const SEALED_TEXTS: readonly SealedText[] = [
  { table: 'clinical_event', column: 'void_reason' },
  {
    table: 'clinical_event',
    column: 'detail.site',
    stored: `detail->>'site'`,
    set: (text) => `detail = jsonb_set(detail, '{site}', to_jsonb(${text}))`,
    where: `type = 'recurrence'`,
  },
  { table: 'patient_consent', column: 'note' },
  { table: 'clinical_decision', column: 'reason' },
  { table: 'clinical_decision', column: 'revoke_reason' },
  { table: 'webhook_endpoint', column: 'secret' },
  { table: 'webhook_endpoint', column: 'transport' },
  { table: 'webhook_endpoint', column: 'payload_key' },
  { table: 'delivery', column: 'body', where: `body LIKE 'sealed:%'` },
  {
    table: 'webhook_endpoint',
    column: 'secret',
    stored: 'previous_secret',
    set: (text) => `previous_secret = ${text}`,
  },
  { table: 'webhook_endpoint', column: 'url', where: `kind <> 'webhook'` },
];

/** Of patients: `identity.ts` seals them, because they are also found by them. */
const SEALED_IDENTITY = ['name', 'phone', 'identity_number'];

/**
 * Whether a text of this column is sealed. Only the column says so: what people write elsewhere may begin like a sealed
 * value. `column` of a value inside JSON: `detail.site`.
 */
export const isSealedColumn = (table: string, column: string): boolean =>
  table === 'patient'
    ? SEALED_IDENTITY.includes(column)
    : SEALED_TEXTS.some((text) => text.table === table && text.column === column);
