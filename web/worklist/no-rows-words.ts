import type { ListName } from '../calls/lists.js';
import { dictionary } from '../words/dictionary.js';

/** What would fill an empty list. */
const zhEmpty: Record<ListName, string> = {
  unowned: '有未完成项目而没有指定负责人的患者会出现在这里。',
  overdue: '过了时间窗仍无人处理的项目会出现在这里。',
  due: '已进入时间窗、尚未逾期且无人处理的项目会出现在这里。',
  this_week: '今后七天内到期的项目会出现在这里。',
  to_book: '即将到期、尚未预约的项目会出现在这里。',
  booked: '预约之后，项目在检查日之前显示在这里。',
  booked_passed: '预约日已过、还没有登记是否到院的项目会出现在这里。',
  awaiting_result: '检查做完几天后仍没有结果的项目会出现在这里。',
  unseen_result: '登记后无人查看的结果会出现在这里。',
  to_judge: '异常结果须由医生判断，判断之前显示在这里。',
  to_decide: '指南未规定、须由医生决定的患者会出现在这里。',
  not_attended: '预约后未到院的患者会出现在这里。',
  returned: '延期或禁忌到期后，项目会回到这里。',
  ask_again: '曾经拒绝、到了再次询问日的患者会出现在这里。',
  contact_lost: '联系阶梯走完、或长期没有音讯的患者会出现在这里，由人决定是否失访。',
  withheld: '撤回同意、因此不发送消息的患者会出现在这里。',
};
const enEmpty: Record<ListName, string> = {
  unowned: 'Patients with open items and without an owner appear here.',
  overdue: 'Items appear here when their window has passed and no person has acted.',
  due: 'Items inside their window, on which no person has acted, appear here.',
  this_week: 'Items that fall due within seven days appear here.',
  to_book: 'Items that fall due soon and are not booked appear here.',
  booked: 'Booked items stay here until the day of the appointment.',
  booked_passed: 'Items appear here when the appointment has passed and its outcome is not recorded.',
  awaiting_result: 'Items appear here when there is no result some days after the examination.',
  unseen_result: 'Results that no person has looked at appear here.',
  to_judge: 'Abnormal results stay here until a clinician has judged them.',
  to_decide: 'Patients appear here when the guideline leaves a decision to a clinician.',
  not_attended: 'Patients who did not come to an appointment appear here.',
  returned: 'Items come back here after a deferral or a temporary contraindication.',
  ask_again: 'Patients who declined come back here on the day on which to ask again.',
  contact_lost: 'Patients whom no attempt has reached appear here; a person decides whether they are lost.',
  withheld: 'Patients without consent to messages appear here.',
};

export const noRowsWords = dictionary(
  {
    empty: zhEmpty,
    nothing: '这里没有患者',
    nothingFound: '没有找到',
    nothingFoundHelp: '请输入完整的病案号、姓名、姓或电话号码。',
    noneWithFilter: '去掉一个筛选条件，或换一个清单。',
  },
  {
    empty: enEmpty,
    nothing: 'No patient is on this list',
    nothingFound: 'Nothing was found',
    nothingFoundHelp: 'Type a whole number, name, surname or telephone number.',
    noneWithFilter: 'Remove a filter, or choose another list.',
  },
);
