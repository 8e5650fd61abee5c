import type { Language } from '../guideline/guideline.js';
import { msg, render } from '../platform/messages/dictionary.js';
import { ITEM_STEPS } from '../schedules/surveillance-item.entity.js';
import { STEP_REASONS } from '../worklist/steps/step-reasons.js';

const REASONS: readonly string[] = Object.values(STEP_REASONS).flat();

/** Where an item stands and why, in words: `declined:cost`, `booked`, `no_step`. */
export function reasonText(reason: string, language: Language): string {
  const [step = '', why] = reason.split(':');
  const known = ITEM_STEPS.find((one) => one === step);
  const where = render(known ? msg(`item-position-${known}`) : msg('statistics-no-step'), language);
  if (why === undefined || !REASONS.includes(why)) return where;
  const because = render({ key: `step-reason-${why}` }, language);
  return language === 'zh' ? `${where}：${because}` : `${where}: ${because}`;
}
