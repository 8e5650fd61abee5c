import type { ItemOfRow } from '../calls/lists.js';
import type { Item } from '../calls/items.js';
import { dictionary } from '../words/dictionary.js';

type Status = ItemOfRow['status'];
type Step = Item['item']['step'];

const zhStatus: Record<Status, string> = {
  before_enrolment: '入组前',
  missed: '已错过',
  overdue: '逾期',
  due: '到期',
  upcoming: '未到期',
  completed: '已完成',
};
const enStatus: Record<Status, string> = {
  before_enrolment: 'before enrolment',
  missed: 'missed',
  overdue: 'overdue',
  due: 'due',
  upcoming: 'upcoming',
  completed: 'completed',
};
const zhStep: Record<Step, string> = {
  to_book: '待预约',
  booked: '已预约',
  attended: '已检查，待结果',
  not_attended: '爽约未检',
  deferred: '已延期',
  declined: '患者拒绝',
  contraindicated: '有禁忌',
  completed: '已完成',
  cancelled: '已取消',
};
const enStep: Record<Step, string> = {
  to_book: 'to book',
  booked: 'booked',
  attended: 'attended, no result yet',
  not_attended: 'not attended',
  deferred: 'deferred',
  declined: 'declined',
  contraindicated: 'contraindicated',
  completed: 'completed',
  cancelled: 'cancelled',
};

export const itemWords = dictionary(
  {
    status: zhStatus,
    step: zhStep,
    overdueBy: (days: number) => `逾期 ${days} 天`,
    dueToday: '今天到期',
    dueIn: (days: number) => `${days} 天后到期`,
    dueSince: (days: number) => `到期 ${days} 天`,
    missedOn: '已错过',
    until: (day: string) => `至 ${day}`,
    window: '时间窗',
    due: '应做日',
    neverLate: '无最后期限',
    why: '为何是这一天',
    source: '依据',
    arithmetic: '推算',
    clock: '计时起点',
    range: '范围',
    decision: '医生决定',
    windowFrom: '时间窗来源',
    covers: '同时满足',
    assumption: '假定',
    interpretation: '条文解读',
    caution: '注意',
    wouldChange: '以下情况会改变日期',
    loading: '正在读取…',
  },
  {
    status: enStatus,
    step: enStep,
    overdueBy: (days: number) => `${days} d overdue`,
    dueToday: 'due today',
    dueIn: (days: number) => `due in ${days} d`,
    dueSince: (days: number) => `due for ${days} d`,
    missedOn: 'missed',
    until: (day: string) => `until ${day}`,
    window: 'Window',
    due: 'Due',
    neverLate: 'no last day',
    why: 'Why on this day',
    source: 'Source',
    arithmetic: 'Arithmetic',
    clock: 'Counted from',
    range: 'Range',
    decision: 'Decision',
    windowFrom: 'Window',
    covers: 'Also answers',
    assumption: 'Assumed',
    interpretation: 'How the text is read',
    caution: 'Caution',
    wouldChange: 'What would change the day',
    loading: 'Loading…',
  },
);
