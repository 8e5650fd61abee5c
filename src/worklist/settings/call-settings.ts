import { z } from 'zod';
import { msg } from '../../platform/messages/dictionary.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';

const MOST_ACTIVITIES = 40;

const bothLanguages = (max: number): z.ZodObject<{ zh: z.ZodString; en: z.ZodString }, z.core.$strict> =>
  z.strictObject({ zh: text(max), en: text(max) });

/** The occasions for which a call has a text of its own. */
export const SCRIPTS = ['first', 'second', 'third', 'relative', 'gentle'] as const;
export type ScriptName = (typeof SCRIPTS)[number];

/** The words in braces that a text of the hospital may contain. */
export const SCRIPT_PLACEHOLDERS = ['patient', 'caller', 'hospital', 'examinations', 'relation'] as const;

const hasKnownPlaceholders = (written: string): boolean =>
  [...written.matchAll(/\{(\w*)\}/g)].every(([, name]) =>
    SCRIPT_PLACEHOLDERS.some((known) => known === name),
  );

const Script = bothLanguages(1000).refine(
  ({ zh, en }) => hasKnownPlaceholders(zh) && hasKnownPlaceholders(en),
  issue('script-placeholders', { known: SCRIPT_PLACEHOLDERS.map((name) => `{${name}}`) }),
);

/** How calls are announced by messages. */
const Announcements = z.strictObject({
  noticeHours: z
    .int()
    .min(0)
    .max(48)
    .default(2)
    .describe('So long after the message, call mode offers the patient'),
  waitAtMostHours: z
    .int()
    .min(1)
    .max(168)
    .default(24)
    .describe('After so long the patient is offered without an announcement, whatever keeps it from leaving'),
  ahead: z
    .int()
    .min(0)
    .max(50)
    .default(30)
    .describe('So many patients at the top of to_book are told before a nurse opens call mode'),
});

/** What a nurse reads and says when she calls a patient. */
export const CallSettings = z.strictObject({
  announce: Announcements.nullable()
    .default(null)
    .describe(
      'Call mode offers a patient who consents to messages only after a message has said who will call and why. null: at once',
    ),
  gentleAfterDays: z
    .int()
    .min(1)
    .max(3650)
    .default(180)
    .describe('So long after the last sign of life, a call begins with the gentle script'),
  preparation: z
    .record(text(61), bothLanguages(1000))
    .refine(
      (texts) => Object.keys(texts).length <= MOST_ACTIVITIES,
      issue('too-long', { limit: MOST_ACTIVITIES, unit: msg('unit-items') }),
    )
    .default({})
    .describe("What the patient prepares, by the activity, instead of the program's own text"),
  scripts: z
    .strictObject({ first: Script, second: Script, third: Script, relative: Script, gentle: Script })
    .partial()
    .default({})
    .describe(
      "What the nurse says at the first, second and every later attempt, to a relative, and after long silence, instead of the program's own text",
    ),
});
export type CallSettings = z.output<typeof CallSettings>;
