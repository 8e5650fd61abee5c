import { z } from 'zod';
import { Login } from '../accounts/person-schemas.js';
import { Password } from '../accounts/sign-in/sign-in-schemas.js';
import { text } from '../platform/text.js';
import { HospitalInput } from './hospital-schemas.js';

const { code, timeZone, language } = HospitalInput.shape;

export const FirstRunInput = z
  .strictObject({
    token: text(100).describe('From the link that the start of the program prints'),
    hospital: text(200).describe('The name of the hospital'),
    ...{ code, timeZone, language },
    login: Login,
    name: text(100),
    newPassword: Password,
    leadsWard: z
      .boolean()
      .default(true)
      .describe('The administrator is a head nurse too, who imports the roster and sees the worklist'),
  })
  .meta({ id: 'FirstRunInput' });
export type FirstRunInput = z.output<typeof FirstRunInput>;

export const FirstRunView = z
  .object({
    people: z.int().describe('The accounts of the hospital'),
    hasPatients: z.boolean(),
    setUpAt: z.iso.datetime().nullable().describe('When the first run was finished'),
  })
  .meta({ id: 'FirstRun' });
export type FirstRunView = z.output<typeof FirstRunView>;
