import { createCipheriv, randomBytes } from 'node:crypto';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { revealIdentities } from '../../patients/identity.js';
import { Patient } from '../../patients/patient.entity.js';
import { nameOfNurse, nursesOf } from '../../patients/responsible-nurse.js';
import { Any } from 'typeorm';
import { isAboutPatient, type WebhookMessage } from './json-message.js';

/** The data of an endpoint's messages: ids, dates and the hospital's own number; the patient's identity too; or encrypted so that only the endpoint can read it. */
export const PAYLOADS = ['thin', 'full', 'encrypted'] as const;
export type Payload = (typeof PAYLOADS)[number];

/** The settings of an endpoint that decide the data of its messages. */
export interface PayloadForm {
  readonly payload: Payload;
  /** Whether an administrator has approved that it receives patients' identities. */
  readonly identityApproved: boolean;
  /** For `encrypted`: the key of 32 bytes, and the id by which the receiver knows it. */
  readonly key: { readonly id: string; readonly bytes: Buffer } | null;
}

/** A patient's identity, as far as messages disclose it. */
export interface DisclosedPatient {
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string;
  readonly phone: string | null;
  readonly department: string | null;
  readonly responsibleNurse: string | null;
}

/** `data`, encrypted for the holder of the key. */
export interface EncryptedData {
  readonly resource: {
    readonly algorithm: 'AES-256-GCM';
    readonly keyId: string;
    /** 12 bytes in base64. */
    readonly nonce: string;
    /** The message's id. */
    readonly associatedData: string;
    /** In base64, with the tag of 16 bytes at its end. */
    readonly ciphertext: string;
  };
}

type Data = WebhookMessage['data'];

/** The identities of those patients, where the endpoint may receive them; at most three queries. */
export async function disclosedPatients(
  tx: HospitalTransaction,
  { payload, identityApproved }: PayloadForm,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, DisclosedPatient>> {
  if (payload === 'thin' || !identityApproved || patientIds.length === 0)
    return new Map<string, DisclosedPatient>();
  const patients = await tx.db.findBy(Patient, {
    hospitalId: tx.hospital.id,
    id: Any([...new Set(patientIds)]),
  });
  const identities = await revealIdentities(tx, patients);
  const nurses = await nursesOf(tx, patients);
  return new Map(
    patients.flatMap(({ id, sex, birthDate, department }) => {
      const identity = identities.get(id);
      if (!identity) return [];
      const { name, phone } = identity;
      const responsibleNurse = nameOfNurse(nurses.get(id));
      return [[id, { name, sex, birthDate, phone, department, responsibleNurse }]];
    }),
  );
}

/** The data of the message `id` for the endpoint. */
export function dataFor(
  { payload, key }: PayloadForm,
  id: string,
  data: Data,
  patients: ReadonlyMap<string, DisclosedPatient>,
): object {
  const patient = isAboutPatient(data) ? patients.get(data.patientId) : undefined;
  const disclosed = patient ? { ...data, patient } : data;
  return payload === 'encrypted' && key ? encrypted(key, id, disclosed) : disclosed;
}

/** NIST SP 800-38D; a nonce of 96 random bits, a new one for each message. */
function encrypted(
  key: { readonly id: string; readonly bytes: Buffer },
  id: string,
  data: object,
): EncryptedData {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(Buffer.from(id));
  const ciphertext = Buffer.concat([
    cipher.update(JSON.stringify(data), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return {
    resource: {
      algorithm: 'AES-256-GCM',
      keyId: key.id,
      nonce: nonce.toString('base64'),
      associatedData: id,
      ciphertext: ciphertext.toString('base64'),
    },
  };
}
