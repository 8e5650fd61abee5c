import type { ListName } from '../calls/lists.js';
import { dictionary } from '../words/dictionary.js';

const zhLists: Record<ListName, string> = {
  unowned: '无人负责',
  overdue: '逾期',
  due: '到期',
  this_week: '七天内',
  to_book: '待预约',
  booked: '已预约',
  booked_passed: '预约日已过',
  awaiting_result: '等待结果',
  unseen_result: '结果未看',
  to_judge: '待医生判断',
  to_decide: '待医生决定',
  not_attended: '爽约未检',
  returned: '延期后返回',
  ask_again: '再次询问',
  contact_lost: '建议失访',
  withheld: '不发消息',
};
const enLists: Record<ListName, string> = {
  unowned: 'No owner',
  overdue: 'Overdue',
  due: 'Due',
  this_week: 'Next 7 days',
  to_book: 'To book',
  booked: 'Booked',
  booked_passed: 'Booking passed',
  awaiting_result: 'Awaiting result',
  unseen_result: 'Unseen results',
  to_judge: 'To judge',
  to_decide: 'To decide',
  not_attended: 'Not attended',
  returned: 'Returned',
  ask_again: 'Ask again',
  contact_lost: 'Loss proposed',
  withheld: 'No messages',
};

/** The names of the lists of the worklist. */
export const listWords = dictionary(zhLists, enLists);
