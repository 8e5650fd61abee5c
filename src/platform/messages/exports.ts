import { texts } from '../../guideline/message.js';

/** Lists as files: the headings and words of their columns, and what a file refuses. */
export const EXPORT_MESSAGES = texts({
  'heading-mrn': { en: 'MRN', zh: '病案号' },
  'heading-name': { en: 'Name', zh: '姓名' },
  'heading-sex': { en: 'Sex', zh: '性别' },
  'heading-birth-date': { en: 'Birth date', zh: '出生日期' },
  'heading-diagnosis-date': { en: 'Diagnosis date', zh: '确诊日期' },
  'heading-phone': { en: 'Phone', zh: '联系电话' },
  'heading-department': { en: 'Department', zh: '科室' },
  'heading-nurse': { en: 'Responsible nurse', zh: '责任护士' },
  'heading-intent': { en: 'Intent', zh: '手术性质' },
  'heading-open-items': { en: 'To do', zh: '待办项目' },
  'heading-activity': { en: 'To do', zh: '待办项目' },
  'heading-earliest': { en: 'From', zh: '可做起始日' },
  'heading-due': { en: 'Due', zh: '应检日期' },
  'heading-last-day': { en: 'Last day in time', zh: '最晚日期' },
  'heading-status': { en: 'Due status', zh: '状态' },
  'heading-step': { en: 'Progress', zh: '进展' },
  'heading-step-on': { en: 'Day of progress', zh: '进展日期' },
  'heading-booked-on': { en: 'Booked on', zh: '预约日期' },
  'heading-returns-on': { en: 'To be booked again on', zh: '再次预约日' },
  'heading-attempt': { en: 'Next attempt', zh: '下次联系次序' },
  'heading-last-tried': { en: 'Last contacted', zh: '最近联系日' },
  'heading-next-action': { en: 'Next action', zh: '下次联系日' },

  'sex-male': { en: 'male', zh: '男' },
  'sex-female': { en: 'female', zh: '女' },
  'roster-yes': { en: 'yes', zh: '是' },
  'sex-other': { en: 'other', zh: '其他' },
  'sex-unknown': { en: 'not stated', zh: '未说明' },

  'status-before_enrolment': { en: 'before enrolment', zh: '入组前' },
  'status-missed': { en: 'missed', zh: '漏检' },
  'status-overdue': { en: 'overdue', zh: '逾期' },
  'status-due': { en: 'due', zh: '到期' },
  'status-upcoming': { en: 'upcoming', zh: '未到期' },
  'status-completed': { en: 'completed', zh: '已完成' },

  'open-item': { en: '{activity} ({status}, due {due})', zh: '{activity}（{status}，应检 {due}）' },
  'open-item-booked': {
    en: '{activity} ({status}, due {due}, booked on {on})',
    zh: '{activity}（{status}，应检 {due}，已约 {on}）',
  },
  'sheet-worklist': { en: 'Worklist', zh: '工作清单' },

  'export-too-large': {
    en: 'A file has at most {limit} rows, and this list has more. Choose fewer: by department, owner, activity, or from and to.',
    zh: '一个文件最多 {limit} 行，此列表超出了上限。请缩小范围：按科室、责任人、项目或起止日期筛选。',
  },
  'export-too-slow': {
    en: 'The file could not be written within {seconds} seconds. Choose fewer rows, or try again later.',
    zh: '文件未能在 {seconds} 秒内生成。请减少行数，或稍后再试。',
  },
});
