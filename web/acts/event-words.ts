import { dictionary } from '../words/dictionary.js';

/** The fields of an event. */
export const eventWords = dictionary(
  {
    type: '事件',
    chooseType: '请选择事件',
    typesOfPlan: '改变计划的事件',
    typesOfExams: '检查（计划外或外院）',
    date: '日期',
    optional: '（可不填）',
    choose: '请选择',
  },
  {
    type: 'Event',
    chooseType: 'Choose an event',
    typesOfPlan: 'Events that change the plan',
    typesOfExams: 'Exams outside of the plan or elsewhere',
    date: 'Day',
    optional: '(optional)',
    choose: 'Choose',
  },
);
