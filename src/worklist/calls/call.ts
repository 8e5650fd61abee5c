import type { CalendarDate } from '../../guideline/calendar.js';
import type { Text } from '../../guideline/guideline.js';
import type { Patient } from '../../patients/patient.entity.js';
import type { Placed } from '../lists/list-query.js';
import type { ListName } from '../lists/list-sources.js';
import type { ContactState } from '../contacts/contact-state.js';
import type { Contact } from '../contacts/contact.entity.js';
import type { ScriptName } from '../settings/call-settings.js';
import type { CallItem } from './call-items.js';
import type { CallNumber } from './call-numbers.js';

/** All that a nurse needs to call one patient. */
export interface Call {
  readonly patient: Patient;
  readonly name: string;
  readonly attempt: number;
  readonly script: { readonly name: ScriptName; readonly text: Text };
  readonly numbers: readonly (CallNumber & { readonly script: Text })[];
  readonly items: readonly CallItem[];
  readonly silentDays: number;
  readonly state: ContactState;
  readonly lastContacts: readonly Contact[];
  readonly claimedUntil: Date;
}

/** The next call of a list, and the place up to which the list was looked through. */
export interface NextCall {
  /** Null: no patient up to that place can be called. */
  readonly call: Call | null;
  /** Null: the list has ended. */
  readonly at: Placed | null;
  readonly list: ListName;
  readonly today: CalendarDate;
}
