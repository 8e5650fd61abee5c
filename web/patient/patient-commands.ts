import { ACT_KEYS, ACT_KINDS } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import { type Command, useCommands } from '../commands/commands.js';
import { goBack, goTo } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { addressOfView, VIEWS } from './patient-address.js';
import type { PatientActs } from './patient-acts.js';
import { patientWords } from './patient-words.js';

export const WORKLIST = '/worklist';

/** What keys do on the page: the acts, the parts by their number, and the way back. */
export function usePatientCommands({
  patientId,
  acts,
}: {
  readonly patientId: string;
  readonly acts: PatientActs | undefined;
}): void {
  const words = useWords(patientWords);
  const names = useWords(actWords);
  const ofActs = ACT_KINDS.map((kind): Command => ({
    ...{ id: kind, title: names[kind], group: words.acting, keys: [ACT_KEYS[kind]] },
    run: () => acts?.start(kind),
  }));
  const views = VIEWS.map((view, place): Command => ({
    ...{ id: `view-${view}`, title: words.views[view], group: words.viewing, keys: [String(place + 1)] },
    run: () => goTo(addressOfView(patientId, view), { replace: true }),
  }));
  const back: Command = {
    ...{ id: 'back', title: words.back, group: words.viewing, keys: ['escape'] },
    run: () => goBack(WORKLIST),
  };
  useCommands([...(acts ? ofActs : []), ...views, back]);
}
