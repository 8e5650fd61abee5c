import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A machine's credential. The key itself is shown once and never stored. */
@Entity('api_key')
export class ApiKey {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  hospitalId!: string;

  @Column('text')
  name!: string;

  /** SHA-256 of the key: it has 256 random bits, so a slow hash would add nothing. */
  @Column('bytea')
  keyHash!: Buffer;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
