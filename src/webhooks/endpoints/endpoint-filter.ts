import { z } from 'zod';
import { text } from '../../platform/text.js';

/** Narrows the events that an endpoint subscribes to. */
export const EndpointFilter = z.strictObject({
  activities: z
    .array(text(100))
    .min(1)
    .max(50)
    .optional()
    .describe('Only these examinations. What is about a whole plan is told all the same.'),
  departments: z
    .array(text(100))
    .min(1)
    .max(50)
    .optional()
    .describe('Only patients of these departments, and patients who have none.'),
});
export type EndpointFilter = z.output<typeof EndpointFilter>;

/** Whether an event passes the filter; null: it is about no single activity, or its patient has no department. */
export function passes(
  filter: EndpointFilter | null,
  { activity, department }: { readonly activity: string | null; readonly department: string | null },
): boolean {
  const { activities, departments } = filter ?? {};
  return (
    (!activities || activity === null || activities.includes(activity)) &&
    (!departments || department === null || departments.includes(department))
  );
}
