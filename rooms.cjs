/**
 * The rooms of `src`, the lowest first, and the rooms that each may import. A room may also import the rooms that those
 * may import.
 */
const ROOMS = {
  guideline: [],
  interop: [],
  platform: [], // and GUIDELINE_FOR_PLATFORM
  encryption: ['platform', 'guideline'],
  tenancy: ['encryption'],
  audit: ['tenancy'],
  accounts: ['tenancy'],
  hospitals: ['accounts'],
  access: ['accounts'],
  patients: ['tenancy'],
  'work-calendar': ['tenancy'],
  schedules: ['patients', 'work-calendar'],
  worklist: ['schedules'],
  planning: ['worklist', 'work-calendar'],
  statistics: ['worklist', 'audit'],
  reminders: ['schedules', 'worklist'],
  webhooks: ['reminders', 'interop'],
  'patient-messages': ['webhooks', 'worklist'],
  'key-rotation': ['accounts', 'patients'],
  monitoring: ['webhooks'],
  exchange: ['patient-messages', 'statistics', 'worklist', 'audit', 'access'],
  demonstration: ['exchange'],
  app: ['exchange', 'monitoring', 'key-rotation', 'hospitals', 'planning'],
  backup: ['app'],
  commands: ['backup', 'demonstration'],
};

/** Calendar dates, messages and languages: values of the core that the machinery words and passes on. */
const GUIDELINE_FOR_PLATFORM = ['calendar', 'guideline', 'message', 'messages', 'measurement-messages'];

/**
 * The parts of a room, the lowest first: its sub-rooms, and '.' for its own files. A part may import the parts before it;
 * parts in one group do not import each other. The room's module puts all parts together.
 */
const PARTS = {
  guideline: [['.'], ['published']],
  interop: [['hl7v2', 'fhir']],
  platform: [
    ['messages'],
    ['.'],
    ['database/embedded-postgres', 'spreadsheets'],
    ['outbound', 'database'],
    ['http', 'queues', 'tracing'],
  ],
  tenancy: [['policy'], ['.']],
  accounts: [['.'], ['sign-in'], ['people', 'api-keys'], ['signed-in-clients'], ['single-sign-on']],
  schedules: [['.'], ['policy-changes', 'previews']],
  worklist: [
    ['settings', 'changes'],
    ['steps', 'ownership', 'contacts'],
    ['appointments', 'results'],
    ['lists', 'record-merges'],
    ['calls', 'bulk', 'handovers'],
    ['.'],
  ],
  planning: [['capacity'], ['visits', 'calendar-feeds'], ['.']],
  webhooks: [['messages'], ['sending'], ['endpoints'], ['deliveries'], ['.']],
  'patient-messages': [['settings'], ['templates', 'gateways'], ['sending', 'replies'], ['.']],
  exchange: [
    ['.'],
    ['mappings', 'hl7/reading', 'fhir/resources'],
    ['inbound'],
    ['imports/tables', 'imports/rows'],
    ['imports/roster'],
    ['exports', 'imports', 'patient-data', 'printed-pages', 'hl7', 'fhir', 'cds-hooks', 'patient-link'],
    ['mllp', 'fhir/inbound/reading', 'bulk-export'],
    ['fhir/inbound'],
  ],
  backup: [['.'], ['hospital-moves']],
};

/**
 * The rooms of the pages, `web`, the lowest first, and those that each may import, also indirectly. Screens import no
 * other screen. Of `src` every room imports types alone.
 */
const WEB_ROOMS = {
  words: [],
  parts: ['words'],
  plots: ['parts'],
  routing: [],
  calls: ['parts'],
  commands: ['parts'],
  items: ['calls'],
  acts: ['items', 'commands'],
  'sign-in': ['calls'],
  gallery: ['items', 'plots'],
  worklist: ['acts', 'routing'],
  'call-mode': ['acts', 'routing'],
  patient: ['acts', 'routing', 'plots'],
  calendar: ['acts', 'plots', 'routing'],
  importing: ['calls', 'routing'],
  import: ['importing'],
  'first-run': ['importing'],
  statistics: ['items', 'plots', 'routing', 'commands'],
  guideline: ['items', 'routing'],
  exchange: ['acts', 'routing'],
  systems: ['exchange'],
  administration: ['items', 'commands', 'routing'],
  account: ['calls', 'routing'],
  help: ['parts'],
  app: [
    ...['sign-in', 'gallery', 'worklist', 'call-mode', 'patient', 'calendar', 'import', 'first-run'],
    ...['statistics', 'guideline', 'systems', 'administration', 'account', 'help'],
  ],
};

/** The rooms that `room` may import, without itself. Throws when the table has a loop. */
function allowedFor(room, rooms = ROOMS) {
  const found = new Set();
  const add = (name) => {
    for (const next of rooms[name]) {
      if (next === room) throw new Error(`The rooms have a loop through ${room}.`);
      if (found.has(next)) continue;
      found.add(next);
      add(next);
    }
  };
  add(room);
  return [...found];
}

module.exports = { ROOMS, WEB_ROOMS, PARTS, GUIDELINE_FOR_PLATFORM, allowedFor };
