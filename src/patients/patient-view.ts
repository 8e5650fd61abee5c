import { z } from 'zod';
import type { PatientWithIdentity } from './patients.service.js';
import { nameOfNurse, NurseView } from './responsible-nurse.js';

/** A patient as the caller may see it. */
export const PatientView = z
  .object({
    id: z.uuid(),
    mrn: z.string(),
    name: z.string().nullable().describe('null for who may not see it'),
    sex: z.string(),
    birthDate: z.iso.date(),
    diagnosisDate: z.iso.date(),
    phone: z.string().nullable(),
    identityNumber: z.string().nullable(),
    responsibleNurse: z.string().nullable().describe('How the nurse is called'),
    nurse: NurseView.nullable(),
    department: z.string().nullable(),
    ward: z.string().nullable(),
    group: z.string().nullable(),
    distanceKm: z.int().nullable(),
    policy: z.object({ profile: z.string().nullable(), liverImaging: z.string().nullable() }),
    enrolledOn: z.iso.date(),
    toJudge: z.int().describe('Exams that a clinician has to judge and has not judged'),
    erasedAt: z.iso.datetime().nullable().describe('Since then nothing says any more who this is.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Patient' });

export function patientView({
  patient,
  identity,
  nurse,
  toJudge,
}: PatientWithIdentity): z.input<typeof PatientView> {
  const {
    id,
    mrn,
    sex,
    birthDate,
    diagnosisDate,
    department,
    ward,
    group,
    distanceKm,
    profile,
    liverImaging,
    enrolledOn,
    erasedAt,
    createdAt,
  } = patient;
  // After an erasure only an empty name remains.
  const name = erasedAt === null ? (identity?.name ?? null) : null;
  return {
    id,
    mrn,
    name,
    sex,
    birthDate,
    diagnosisDate,
    phone: identity?.phone ?? null,
    identityNumber: identity?.identityNumber ?? null,
    responsibleNurse: nameOfNurse(nurse),
    nurse,
    ...{ department, ward, group, distanceKm },
    policy: { profile, liverImaging },
    enrolledOn,
    toJudge,
    erasedAt: erasedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
