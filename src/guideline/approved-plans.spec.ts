import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Case, PATIENTS } from '../../test/support/approved-patients.js';
import { OWN_PROTOCOLS } from '../../test/support/approved-protocols.js';
import { plannedBy } from '../../test/support/planned.js';
import type { Choices } from './choices.js';
import { explanationOf, reasonFor } from './reason.js';
import { type PlannedItem, statusOn } from './planned-item.js';

const line = (item: PlannedItem, asOf: Parameters<typeof statusOn>[0]): string => {
  const { earliest, due, overdue, rule, activity, covers, sequence, phase, measuredFrom, missedOn } = item;
  const marks = [
    covers.length > 0 && `+ ${covers.join(' ')}`,
    `from ${measuredFrom}`,
    missedOn && `missed ${missedOn}`,
    item.completedOn && `done ${item.completedOn}`,
    item.otherMethod && 'other method',
    item.projected && 'projected',
    item.deviates && 'deviates',
  ].filter(Boolean);
  const window = `${earliest} [${due}] ${overdue}`;
  return `  ${window} ${statusOn(asOf, item)} ${rule}.${phase}#${sequence} ${activity}, ${marks.join(', ')}`;
};

function written({ guideline, events, given }: Case, explained: Set<string>): string {
  const plan = plannedBy(guideline, events, given);
  const choices: Choices = { profile: 'intensive', liverImaging: 'ct', ...given };
  const reasons: string[] = [];
  for (const item of plan.items) {
    const zh = reasonFor(guideline, item, choices, 'zh');
    // One sentence for each kind of reason, over all patients.
    const kind = zh.replace(/\d{4}-\d\d-\d\d/g, '').replace(/\d+ ?个月/, '');
    if (explained.has(kind)) continue;
    explained.add(kind);
    const { window, anchor, clock, decision, caution } = explanationOf(guideline, item, choices, 'en');
    reasons.push(
      `  ${item.due} ${item.rule}`,
      `    ${zh}`,
      `    ${reasonFor(guideline, item, choices, 'en')}`,
      `    ${[clock?.event, clock?.date, anchor, window, decision, caution].join(' | ')}`,
    );
  }
  const flags = plan.flags.map(({ code, message }) => `  ${code}: ${message.zh} / ${message.en}`);
  const lasts = `  stands until ${plan.validUntil ?? 'an event'}`;
  return [...plan.items.map((item) => line(item, plan.asOf)), lasts, ...flags, ...reasons].join('\n');
}

test('the plans of these patients are what was approved', () => {
  const approved = new URL('./approved-plans.txt', import.meta.url);
  const received = new URL('approved-plans.received.txt', import.meta.url);
  const explained = new Set<string>();
  const text = Object.entries({ ...PATIENTS, ...OWN_PROTOCOLS })
    .map(
      ([name, one]) => `${name} (${one.guideline.id}@${one.guideline.version})\n${written(one, explained)}\n`,
    )
    .join('\n');
  // To approve a change, read the difference and replace the approved file by the received one.
  if (text !== readFileSync(approved, 'utf8')) writeFileSync(received, text);
  else rmSync(received, { force: true });
  expect(text.split('\n')).toEqual(readFileSync(approved, 'utf8').split('\n'));
});
