import { writeAddress } from '../routing/address.js';

/** The parts of the page. The first one is shown when the address names none. */
export const VIEWS = ['plan', 'course', 'visits', 'agreed', 'history'] as const;
export type View = (typeof VIEWS)[number];

export const viewIn = ({ view }: Readonly<Record<string, string>>): View =>
  VIEWS.find((one) => one === view) ?? 'plan';

export const addressOfView = (id: string, view: View): string =>
  writeAddress(`/patients/${id}`, { view: view === 'plan' ? undefined : view });
