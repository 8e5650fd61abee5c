import type { DataSource } from 'typeorm';
import { Hospital } from './hospital.entity.js';

/** The id of the hospital that the first start made: whom a command works for when nobody says otherwise. */
export async function firstHospital(dataSource: DataSource): Promise<string> {
  const [hospital] = await dataSource.getRepository(Hospital).find({ order: { createdAt: 'ASC' }, take: 1 });
  if (!hospital) throw new Error('The database has no hospital yet.');
  return hospital.id;
}
