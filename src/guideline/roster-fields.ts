import type { Text } from './guideline.js';
import { MEASUREMENTS } from './measurements.js';
import type { RosterField } from './roster-dictionary.js';

/** A field of an imported file, as a person chooses it for a column. */
export interface ImportField {
  readonly field: string;
  readonly title: Text;
  /** Once for each visit: a mapping names it with a number, `cea_2`. */
  readonly repeats: boolean;
}

const ROSTER_TITLES: Readonly<Record<RosterField, Text>> = {
  mrn: { zh: '住院号', en: 'MRN' },
  name: { zh: '姓名', en: 'Name' },
  sex: { zh: '性别', en: 'Sex' },
  birth_date: { zh: '出生日期', en: 'Date of birth' },
  diagnosis_date: { zh: '确诊日期', en: 'Date of diagnosis' },
  resection_date: { zh: '手术日期', en: 'Date of resection' },
  primary_site: { zh: '肿瘤部位', en: 'Primary site' },
  stage: { zh: '病理分期', en: 'Stage' },
  tnm_t: { zh: 'T 分期', en: 'T' },
  tnm_n: { zh: 'N 分期', en: 'N' },
  tnm_m: { zh: 'M 分期', en: 'M' },
  intent: { zh: '手术性质（根治或姑息）', en: 'Intent of the surgery' },
  preoperative_colonoscopy: { zh: '术前肠镜是否完整', en: 'Preoperative colonoscopy' },
  lynch: { zh: '林奇综合征', en: 'Lynch syndrome' },
  phone: { zh: '电话', en: 'Telephone' },
  responsible_nurse: { zh: '责任护士', en: 'Responsible nurse' },
  department: { zh: '科室', en: 'Department' },
  ward: { zh: '病区', en: 'Ward' },
  group: { zh: '诊疗组', en: 'Group of doctors' },
  distance_km: { zh: '距医院（公里）', en: 'Distance (km)' },
  identity_number: { zh: '身份证号', en: 'Identity number' },
  vital_status: { zh: '生存状态', en: 'Vital status' },
  death_date: { zh: '死亡日期', en: 'Date of death' },
  lost_date: { zh: '失访日期', en: 'Date of loss to follow-up' },
  recurrence_date: { zh: '复发日期', en: 'Date of recurrence' },
  liver_metastasis: { zh: '有无肝转移', en: 'Liver metastases' },
  liver_metastasis_date: { zh: '肝转移日期', en: 'Date of liver metastases' },
  liver_treatment: { zh: '肝转移治疗日期', en: 'Date of liver treatment' },
  ned_date: { zh: '达到 NED 的日期', en: 'Date of NED' },
};

const EVENT_TITLES: Readonly<Record<string, Text>> = {
  mrn: ROSTER_TITLES.mrn,
  type: { zh: '事件', en: 'Event' },
  date: { zh: '日期', en: 'Date' },
  site: { zh: '部位', en: 'Site' },
  activity: { zh: '检查项目', en: 'Exam' },
  outcome: { zh: '结果', en: 'Result' },
  confirmed: { zh: '是否确认', en: 'Confirmed' },
};

const MEASURED = [...new Set(Object.values(MEASUREMENTS).flatMap((all) => all.map(({ code }) => code)))];
const fieldsOf = (titles: Readonly<Record<string, Text>>): ImportField[] =>
  Object.entries(titles).map(([field, title]) => ({ field, title, repeats: false }));

/** The fields of a roster: those of the patient, and those of each visit. */
export const TITLED_ROSTER_FIELDS: readonly ImportField[] = [
  ...fieldsOf(ROSTER_TITLES),
  { field: 'visit_date', title: { zh: '复查日期', en: 'Date of visit' }, repeats: true },
  ...MEASURED.map((code) => ({ field: code.toLowerCase(), title: { zh: code, en: code }, repeats: true })),
];

export const TITLED_EVENT_FIELDS: readonly ImportField[] = fieldsOf(EVENT_TITLES);
