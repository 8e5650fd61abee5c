import { differencesOf, readingOf } from './comparison.js';
import { type History, historyOf } from './histories.js';

const SEEDS = Array.from({ length: Number(process.env.HISTORIES ?? 3000) }, (_, index) => index + 1);

const GRID = ['before_enrolment', 'completed', 'due', 'missed', 'overdue', 'upcoming'];
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  postoperative_review: GRID,
  postoperative_liver_ultrasound: GRID,
  postoperative_markers: GRID,
  postoperative_ct: GRID,
  ned_review: GRID,
  ned_liver_ultrasound: GRID,
  ned_markers: GRID,
  ned_imaging_ct: GRID,
  ned_imaging_mri: GRID,
  ned_chest_ct: GRID,
  conversion_liver_ultrasound: GRID,
  conversion_ct: GRID,
  colonoscopy: GRID,
  suspicious_finding_mri: GRID.filter((status) => status !== 'upcoming'),
};

/** The first history without the events that the difference does not depend on, to be read by a person. */
function smallest(history: History): History {
  const shorter = history.events
    .map((left) => ({ ...history, events: history.events.filter((event) => event !== left) }))
    .find((one) => one.events.length > 0 && differencesOf(one).length > 0);
  return shorter ? smallest(shorter) : history;
}

describe('a second reading of the planning rules, written without knowledge of the planner', () => {
  it('plans the same dates, windows, states and covered examinations', () => {
    const other = SEEDS.map(historyOf).find((history) => differencesOf(history).length > 0);
    const shortest = other && smallest(other);
    expect(
      shortest && { history: JSON.stringify(shortest), differences: differencesOf(shortest) },
    ).toBeUndefined();
  });

  it('is held against histories in which every rule has every status', () => {
    const seen = new Set(
      SEEDS.flatMap((seed) => readingOf(historyOf(seed))).map((line) => {
        const [rule, , , , , status] = line.split(' ');
        return `${rule} ${status}`;
      }),
    );
    const expected = Object.entries(STATUSES).flatMap(([rule, all]) =>
      all.map((status) => `${rule} ${status}`),
    );
    expect([...seen].sort()).toEqual(expected.sort());
  });
});
