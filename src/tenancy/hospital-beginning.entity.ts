import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { HospitalTransaction } from './hospital-scope.js';

/** How a hospital began: its first run, or a demonstration. A hospital without a row has neither behind it. */
@Entity({ name: 'hospital_beginning' })
export class HospitalBeginning {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'hospital_beginning_pkey' })
  hospitalId!: string;

  /** SHA-256 of the token in the link that the last start of an empty program printed. */
  @Column('bytea', { nullable: true })
  firstRunHash!: Buffer | null;

  @Column('timestamptz', { nullable: true })
  firstRunUntil!: Date | null;

  /** When its administrator finished the first run; null: the pages lead through it. */
  @Column('timestamptz', { nullable: true })
  setUpAt!: Date | null;

  /** The logins of the people of a demonstration, whose password is public; null: no demonstration. */
  @Column('text', { array: true, nullable: true })
  demonstrationLogins!: string[] | null;
}

type Beginning = Omit<HospitalBeginning, 'hospitalId'>;

const NOTHING: Beginning = {
  ...{ firstRunHash: null, firstRunUntil: null, setUpAt: null, demonstrationLogins: null },
};

/** Of the hospital in scope. */
export async function beginningOf({ db, hospital }: HospitalTransaction): Promise<Beginning> {
  return (await db.findOneBy(HospitalBeginning, { hospitalId: hospital.id })) ?? NOTHING;
}

/** Changes some of it, in the hospital in scope. */
export async function noteBeginning(
  { db, hospital }: HospitalTransaction,
  changed: Partial<Beginning>,
): Promise<void> {
  await db.upsert(HospitalBeginning, { hospitalId: hospital.id, ...changed }, ['hospitalId']);
}
