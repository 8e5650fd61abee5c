import bookEn from './pictures/calendar.en.png';
import bookZh from './pictures/calendar.zh.png';
import callEn from './pictures/call.en.png';
import callZh from './pictures/call.zh.png';
import patientEn from './pictures/patient.en.png';
import patientZh from './pictures/patient.zh.png';
import worklistEn from './pictures/worklist.en.png';
import worklistZh from './pictures/worklist.zh.png';
import type { Language } from '../words/language.js';

type Pictured = Readonly<Record<Language, string>>;

/** The pages on which a task is done, as `npm run pictures` shows them; most tasks need none. */
export const TASK_PICTURES: Readonly<Partial<Record<string, Pictured>>> = {
  due: { zh: worklistZh, en: worklistEn },
  why: { zh: patientZh, en: patientEn },
  book: { zh: bookZh, en: bookEn },
  contact: { zh: callZh, en: callEn },
};
