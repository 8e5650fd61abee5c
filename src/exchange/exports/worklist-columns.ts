import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { Guideline, Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { type ItemStatus, NEVER, statusOn } from '../../guideline/planned-item.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { type RosterCourse, rosterWord } from '../../guideline/roster-facts.js';
import type { Identity } from '../../patients/identity.js';
import { nameOfNurse } from '../../patients/responsible-nurse.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { ItemInView, ItemOfRow, PatientInView, PatientOfRow } from '../../worklist/lists/list-rows.js';
import { positionText } from '../../worklist/steps/step-views.js';
import { dayCell, type Sheet, type SheetCell } from '../../platform/spreadsheets/sheet.js';

/** What the cells of a file depend on beside its rows. */
export interface SheetContext {
  readonly language: Language;
  readonly guideline: Guideline | undefined;
  readonly today: CalendarDate;
}

type InContext<Row> = Row & {
  readonly identity: Identity | undefined;
  /** Undefined: no operation is recorded. */
  readonly course: Partial<RosterCourse> | undefined;
};

interface Column<Row> {
  readonly heading: Message;
  readonly width: number;
  readonly cell: (row: InContext<Row>, context: SheetContext) => SheetCell;
}

/** The columns of a patient. With `OF_COURSE` they are those of a roster, so that the file can be imported again. */
const OF_PATIENT: readonly Column<PatientOfRow>[] = [
  { heading: msg('heading-mrn'), width: 16, cell: ({ patient }) => patient.mrn },
  { heading: msg('heading-name'), width: 12, cell: ({ identity }) => identity?.name ?? null },
  {
    heading: msg('heading-sex'),
    width: 7,
    cell: ({ patient }, { language }) => render(msg(`sex-${patient.sex}`), language),
  },
  { heading: msg('heading-birth-date'), width: 12, cell: ({ patient }) => dayCell(patient.birthDate) },
  { heading: msg('heading-phone'), width: 18, cell: ({ identity }) => identity?.phone ?? null },
  {
    heading: msg('heading-diagnosis-date'),
    width: 12,
    cell: ({ patient }) => dayCell(patient.diagnosisDate),
  },
  { heading: msg('heading-department'), width: 14, cell: ({ patient }) => patient.department },
  {
    heading: msg('heading-nurse'),
    width: 14,
    cell: ({ patient, nurse }) => patient.responsibleNurse ?? nameOfNurse(nurse),
  },
  { heading: msg('template-ward'), width: 12, cell: ({ patient }) => patient.ward },
  { heading: msg('template-group'), width: 12, cell: ({ patient }) => patient.group },
  { heading: msg('template-distance_km'), width: 12, cell: ({ patient }) => patient.distanceKm },
];

const wordIn = (value: string | undefined, { language }: SheetContext): SheetCell =>
  value === undefined ? null : rosterWord(value, language);

/** The facts of the disease that a roster has: the last columns, because a nurse needs the others first. */
const OF_COURSE: readonly Column<PatientOfRow>[] = [
  {
    heading: msg('template-primary_site'),
    width: 10,
    cell: ({ course }, context) => wordIn(course?.site, context),
  },
  { heading: msg('template-stage'), width: 10, cell: ({ course }) => course?.stage ?? null },
  {
    heading: msg('template-resection_date'),
    width: 12,
    cell: ({ course }) => dayCell(course?.resectionDate ?? null),
  },
  {
    heading: msg('heading-intent'),
    width: 10,
    cell: ({ course }, context) => wordIn(course?.intent, context),
  },
  {
    heading: msg('template-preoperative_colonoscopy'),
    width: 12,
    cell: ({ course }, context) => wordIn(course?.preoperativeColonoscopy, context),
  },
  {
    heading: msg('template-lynch'),
    width: 12,
    cell: ({ course }, { language }) => (course?.lynch === true ? render(msg('roster-yes'), language) : null),
  },
];

const OF_CONTACTS: readonly Column<PatientOfRow>[] = [
  { heading: msg('heading-attempt'), width: 12, cell: ({ contact }) => contact?.attempt ?? null },
  {
    heading: msg('heading-last-tried'),
    width: 13,
    cell: ({ contact }) => dayCell(contact?.lastTriedOn ?? null),
  },
  {
    heading: msg('heading-next-action'),
    width: 13,
    cell: ({ contact }) => dayCell(contact?.nextActionOn ?? null),
  },
];

/** One row a patient, with the earliest of the dates of all that is open. */
const PATIENT_COLUMNS: readonly Column<PatientInView>[] = [
  ...OF_PATIENT,
  {
    heading: msg('heading-open-items'),
    width: 50,
    cell: ({ items }, context) => items.map((item) => openItem(item, context)).join('\n'),
  },
  {
    heading: msg('heading-due'),
    width: 12,
    cell: ({ items }) => dayCell(earliest(items.map(({ item }) => item.due))),
  },
  {
    heading: msg('heading-last-day'),
    width: 16,
    cell: ({ items }) => dayCell(earliest(items.flatMap(({ item }) => lastDays(item)))),
  },
  {
    heading: msg('heading-status'),
    width: 10,
    cell: ({ items }, { language, today }) => {
      const statuses = items.map(({ item }) => statusOn(today, item));
      const worst = MOST_URGENT_FIRST.find((status) => statuses.includes(status));
      return worst === undefined ? null : render(statusText(worst), language);
    },
  },
  {
    heading: msg('heading-booked-on'),
    width: 12,
    cell: ({ items }) => dayCell(earliest(items.flatMap(({ item }) => bookedDays(item)))),
  },
  ...OF_CONTACTS,
  ...OF_COURSE,
];

/** One row an item. */
const ITEM_COLUMNS: readonly Column<ItemInView>[] = [
  ...OF_PATIENT,
  {
    heading: msg('heading-activity'),
    width: 22,
    cell: ({ item }, { guideline, language }) => activityTitle(item.activity, guideline ?? {})[language],
  },
  { heading: msg('heading-earliest'), width: 12, cell: ({ item }) => dayCell(item.earliest) },
  { heading: msg('heading-due'), width: 12, cell: ({ item }) => dayCell(item.due) },
  { heading: msg('heading-last-day'), width: 16, cell: ({ item }) => dayCell(earliest(lastDays(item))) },
  {
    heading: msg('heading-status'),
    width: 10,
    cell: ({ item }, { language, today }) => render(statusText(statusOn(today, item)), language),
  },
  {
    heading: msg('heading-step'),
    width: 16,
    cell: ({ item }, { language }) =>
      item.state === 'active' ? render(positionText(item.step ?? 'to_book'), language) : null,
  },
  { heading: msg('heading-step-on'), width: 14, cell: ({ item }) => dayCell(item.stepOn) },
  { heading: msg('heading-returns-on'), width: 20, cell: ({ item }) => dayCell(item.stepUntil) },
  ...OF_CONTACTS,
  ...OF_COURSE,
];

const MOST_URGENT_FIRST: readonly ItemStatus[] = ['overdue', 'due', 'missed', 'upcoming', 'completed'];

const statusText = (status: ItemStatus): Message => msg(`status-${status}`);

const earliest = (days: readonly CalendarDate[]): CalendarDate | null => [...days].sort()[0] ?? null;

/** The last day on which the item is in time; none where it is never late. */
const lastDays = ({ overdue }: SurveillanceItem): CalendarDate[] =>
  overdue === NEVER ? [] : [addDays(overdue, -1)];

const bookedDays = ({ step, stepOn }: SurveillanceItem): CalendarDate[] =>
  step === 'booked' && stepOn !== null ? [stepOn] : [];

function openItem({ item }: ItemOfRow, { language, guideline, today }: SheetContext): string {
  const activity = activityTitle(item.activity, guideline ?? {})[language];
  const words = { activity, status: statusText(statusOn(today, item)), due: item.due };
  const [on] = bookedDays(item);
  return render(
    on === undefined ? msg('open-item', words) : msg('open-item-booked', { ...words, on }),
    language,
  );
}

const sheetOf =
  <Row>(columns: readonly Column<Row>[]) =>
  (context: SheetContext) => ({
    headings: columns.map(({ heading, width }) => ({
      heading: render(heading, context.language),
      width,
    })),
    row: (row: InContext<Row>): Sheet['rows'][number] => columns.map(({ cell }) => cell(row, context)),
  });

export const patientSheet = sheetOf(PATIENT_COLUMNS);
export const itemSheet = sheetOf(ITEM_COLUMNS);
