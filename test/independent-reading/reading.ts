import { colonoscopies } from './colonoscopy.js';
import { type Day, dayOf, NEVER, plusMonths } from './days.js';
import { answering, type Finding, findingItems, findingsOf, isOpen } from './finding.js';
import {
  type Done,
  CHEST_CT,
  CONVERSION,
  fulfil,
  gridOf,
  NED_IMAGING,
  NED_MARKERS,
  lateFrom,
  type Phase,
  REVIEWS,
  type GridDate,
} from './grid.js';
import type { Item, Situation } from './item.js';
import { type Event, type Run, runsOf } from './pathways.js';

const CHEST = 'ct_chest_abdomen_pelvis';
const ABDOMEN = 'ct_abdomen_pelvis';
const MRI = 'mri_liver';
const LIVE = ['upcoming', 'due', 'overdue'];

/** A rule on one run of its pathway, with its dates. */
interface Planned {
  readonly rule: string;
  readonly activity: string;
  readonly run: Run;
  readonly gridDates: GridDate[];
  /** The days of exams that could have completed a date. */
  readonly examined: Day[];
}

/** The rules of section 3 on `run`, with their activities and intervals. */
function rulesOn({ pathway, clock }: Run, liverImaging: 'ct' | 'mri'): [string, string, readonly Phase[]][] {
  if (pathway === 'crc_postoperative')
    return [
      ['postoperative_review', 'clinical_review', REVIEWS],
      ['postoperative_liver_ultrasound', 'liver_ultrasound', REVIEWS],
      ['postoperative_markers', 'tumour_markers', REVIEWS],
      ...(clock.stage === 'I'
        ? []
        : [['postoperative_ct', CHEST, CHEST_CT] satisfies [string, string, unknown]]),
    ];
  if (pathway === 'crlm_ned')
    return [
      ['ned_review', 'clinical_review', REVIEWS],
      ['ned_liver_ultrasound', 'liver_ultrasound', REVIEWS],
      ['ned_markers', 'tumour_markers', NED_MARKERS],
      liverImaging === 'ct'
        ? ['ned_imaging_ct', ABDOMEN, NED_IMAGING]
        : ['ned_imaging_mri', MRI, NED_IMAGING],
      ['ned_chest_ct', CHEST, CHEST_CT],
    ];
  if (clock.mmr !== 'pMMR') return [];
  return [
    ['conversion_liver_ultrasound', 'liver_ultrasound', CONVERSION],
    ['conversion_ct', ABDOMEN, CONVERSION],
  ];
}

/** Matches the recorded exams with the dates, one after another. */
function match(planned: readonly Planned[], events: readonly Event[], findings: readonly Finding[]): void {
  const answeredFinding = answering(findings);
  const exams = events
    .filter(({ type }) => type === 'exam')
    .map(({ date, activity }) => ({ day: dayOf(date), activity: activity as string }))
    .sort((a, b) => a.day - b.day)
    .filter(
      // Two records of one exam count once.
      ({ day, activity }, index, all) =>
        all.findIndex((one) => one.day === day && one.activity === activity) === index,
    );
  for (const exam of exams) {
    // An exam on the day on which a pathway ends belongs to it.
    const running = planned.filter(({ run }) => run.start <= exam.day && exam.day <= run.end);
    const own = running.filter(
      // A CT of chest, abdomen and pelvis is also a CT of abdomen and pelvis.
      ({ activity }) => activity === exam.activity || (exam.activity === CHEST && activity === ABDOMEN),
    );
    const fulfilled = own.filter((rule) => examine(rule, exam)).length > 0;
    const tookAnother = fulfilled || (exam.activity === MRI && answeredFinding.has(exam.day));
    if (tookAnother || ![MRI, CHEST, ABDOMEN].includes(exam.activity)) continue;
    const otherMethod = exam.activity === MRI ? 'ned_imaging_ct' : 'ned_imaging_mri';
    for (const one of running) if (one.rule === otherMethod) examine(one, exam);
  }
}

function examine({ gridDates, examined, run }: Planned, exam: Done): boolean {
  examined.push(exam.day);
  return fulfil(gridDates, exam, run.end);
}

interface Shown extends Item {
  readonly gridDate: GridDate;
  readonly planned: Planned;
}

function itemsOf(planned: Planned, situation: Situation): Shown[] {
  const { asOf, enrolledOn, until } = situation;
  const { rule, activity, run, gridDates, examined } = planned;
  return gridDates.flatMap((gridDate, index) => {
    const { earliest, due, done } = gridDate;
    if (!done && due >= run.end) return []; // cancelled
    if (due > until) return [];
    const overtaken = gridDates[index + 1]?.earliest ?? NEVER;
    // A window never reaches into the window of the next date.
    const overdue = Math.max(Math.min(lateFrom(gridDate, run.start, examined), overtaken), due + 1);
    let status;
    if (done) status = 'completed';
    else if (due < enrolledOn) status = 'before_enrolment';
    else if (run.end <= asOf || overtaken <= asOf) status = 'missed';
    else if (asOf < due) status = 'upcoming';
    else status = asOf < overdue ? 'due' : 'overdue';
    return [{ rule, activity, covers: [], earliest, due, overdue, status, gridDate, planned }];
  });
}

/**
 * A chest CT and the abdomen CT due on the same day are one item. It stays one when another method imaged the abdomen
 * (the product's choice; the page leaves it open). A chest CT that did not count for the abdomen CT leaves that item
 * open (docs/guideline-reading.md).
 */
function withCovered(items: readonly Shown[], { asOf }: Situation): Shown[] {
  const covered = new Set<Shown>();
  const joined = items.map((chest) => {
    if (chest.activity !== CHEST) return chest;
    const abdomen = items.find(
      (other) =>
        other.activity === ABDOMEN && sameDay(chest, other) && (!chest.gridDate.done || other.gridDate.done),
    );
    if (!abdomen) return chest;
    covered.add(abdomen);
    const due = Math.min(chest.due, abdomen.due);
    const overdue = Math.min(chest.overdue, abdomen.overdue);
    const live = LIVE.includes(chest.status);
    const status = !live ? chest.status : asOf < due ? 'upcoming' : asOf < overdue ? 'due' : 'overdue';
    const earliest = Math.max(chest.earliest, abdomen.earliest);
    return { ...chest, earliest, due, overdue, covers: [ABDOMEN], status };
  });
  return joined.filter((item) => !covered.has(item));
}

/** Due on one day, or moved forward from one and still within each other's window. */
function sameDay(chest: Shown, abdomen: Shown): boolean {
  if (chest.due === abdomen.due) return true;
  const due = Math.min(chest.due, abdomen.due);
  const moved = chest.planned.run === abdomen.planned.run && chest.gridDate.grid === abdomen.gridDate.grid;
  return moved && [chest, abdomen].every(({ earliest, overdue }) => earliest <= due && due < overdue);
}

/**
 * Whether `item` is a routine MRI that is open beside a finding's MRI: it is merged into that one live item (section
 * 5).
 */
function isBehind(item: Shown, findings: readonly Finding[], { asOf }: Situation): boolean {
  const open = findings.some((finding) => isOpen(finding, asOf));
  return item.activity === MRI && open && LIVE.includes(item.status) && item.earliest <= asOf;
}

/**
 * A routine MRI that was due before the finding did not open "meanwhile": the finding's item overtakes it like the
 * grid dates of one rule (docs/guideline-reading.md), while it is not answered.
 */
function overtakenByFinding(item: Shown, findings: readonly Finding[]): Shown {
  if (item.activity !== MRI || ![...LIVE, 'missed'].includes(item.status)) return item;
  const { gridDates } = item.planned;
  const next = gridDates[gridDates.indexOf(item.gridDate) + 1]!;
  const finding = findings.find(
    ({ day, answered }) => day > item.due && day < next.earliest && answered === NEVER,
  );
  // An item merged into a finding's item is merged into the one that replaces it.
  const wasBehind = findings.some(
    ({ day, placeTaken, answered }) => day <= item.due && placeTaken === finding?.day && answered === NEVER,
  );
  if (!finding || wasBehind) return item;
  return { ...item, status: 'missed', overdue: Math.min(item.overdue, finding.day) };
}

/**
 * The plan by `planning-rules.md`, without regard for speed. The page does not say what happens to one rule's items
 * when another pathway, recorded as running at the same time, plans the same activity.
 */
export function read(situation: Situation): Item[] {
  const runs = runsOf(situation.events);
  const findings = findingsOf(situation, runs);
  const planned = runs.flatMap((run) =>
    rulesOn(run, situation.liverImaging).map(([rule, activity, phases]): Planned => {
      const horizon = Math.min(run.end, Math.max(situation.until, situation.asOf));
      return {
        rule,
        activity,
        run,
        gridDates: gridOf(run.start, phases, situation.profile, horizon),
        examined: [],
      };
    }),
  );
  match(planned, situation.events, findings);
  const shown = withCovered(
    planned.flatMap((one) => itemsOf(one, situation)),
    situation,
  ).map((item) => overtakenByFinding(item, findings));
  const behind = shown.filter((item) => isBehind(item, findings, situation));
  return [
    ...shown.filter((item) => !behind.includes(item)),
    ...findingItems(findings, behind, situation).filter(({ due }) => due <= situation.until),
    ...colonoscopies(situation, runs),
  ];
}

/** Section 3, end: the later of ten years after the newest clock start and three years after the day of planning. */
export function horizonOf(events: readonly Event[], asOf: Day): Day {
  const starts = runsOf(events).map(({ start }) => start);
  return Math.max(...starts.map((start) => plusMonths(start, 120)), plusMonths(asOf, 36));
}
