import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A hospital that moves to another database, or came from one. While it has a state, the database refuses every
 * transaction that enters the hospital, and the work over all hospitals does not see it.
 */
@Entity({ name: 'hospital_move' })
export class HospitalMove {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'hospital_move_pkey' })
  hospitalId!: string;

  /**
   * `leaving`: its rows here are in force; `left`: the other database's are; `arriving`: not yet in force here; null: no
   * move is under way.
   */
  @Column('text', { nullable: true })
  state!: 'leaving' | 'left' | 'arriving' | null;

  /** The other database: host, port and name. */
  @Column('text')
  other!: string;

  @Column('timestamptz')
  beganAt!: Date;

  /** Whether it came from another database: however old it is, it is not the first hospital of this one. */
  @Column('boolean', { default: false })
  arrived!: boolean;
}
