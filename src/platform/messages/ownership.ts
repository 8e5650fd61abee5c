import { texts } from '../../guideline/message.js';

/** Owners of patients, and handovers from one person to another. */
export const OWNERSHIP_MESSAGES = texts({
  'cannot-own': {
    en: '{name} cannot own patients: name somebody with an open account who is a nurse, head nurse or clinician.',
    zh: '{name} 不能负责患者：请指定账号有效的护士、护士长或医生。',
  },
  'owner-cannot-see': {
    en: '{name} does not see this patient, because of the departments of the account: name somebody who does.',
    zh: '{name} 的账号科室范围不包括该患者：请指定有权查看该患者的人员。',
  },
  'stand-in-cannot-see': {
    en: '{name} does not see {patients} of these patients, because of the departments of the account: name somebody who does, or hand over the others alone.',
    zh: '{name} 的账号科室范围不包括其中 {patients} 名患者：请指定有权查看的人员，或只交接其余患者。',
  },
  'unknown-patients': {
    en: 'There is no such patient in this hospital.',
    zh: '本院没有此患者。',
  },
  'handover-to-oneself': {
    en: 'Somebody cannot stand in for themselves: name another person.',
    zh: '不能交接给本人：请指定其他人员。',
  },
  'handover-days': {
    en: 'The last day {lastDay} must not lie before the first day {firstDay}.',
    zh: '结束日期 {lastDay} 不能早于开始日期 {firstDay}。',
  },
  'handover-over': {
    en: 'The last day {lastDay} is over: today is {today}.',
    zh: '结束日期 {lastDay} 已过：今天是 {today}。',
  },
  'handover-too-long': {
    en: 'A handover lasts {days} days at most: hand over again, or name another responsible nurse.',
    zh: '一次交接最长 {days} 天：请再次交接，或更换责任护士。',
  },
  'handover-overlaps': {
    en: 'Within these days the same patients are handed over already (by {author}, {id}): end that handover, or choose other days or patients.',
    zh: '这段时间内相同患者已有交接（{author} 登记，{id}）：请结束该交接，或选择其他日期或患者。',
  },
  'handover-circle': {
    en: 'With the handover {id} by {author} the patients would come back to the one who hands them over, on a day when nobody of the circle is there: choose another person or other days.',
    zh: '与 {author} 登记的交接 {id} 相接后，患者会回到交出者本人，当天将无人负责：请选择其他人员或日期。',
  },
  'handover-chains': {
    en: 'Too many handovers follow each other here to look at all of them, among them {id} by {author}: end some, or choose other days or another person.',
    zh: '此处相接的交接过多，无法逐一检查，其中包括 {author} 登记的 {id}：请先结束部分交接，或选择其他日期或人员。',
  },
  'patients-or-list': {
    en: 'Give the patients or a list, not both.',
    zh: '请填写患者或列表，不能同时填写。',
  },
  'handover-list-empty': {
    en: 'On this list nobody is a patient of the person who hands over: choose another list, or leave the list out.',
    zh: '此列表中没有交出者负责的患者：请选择其他列表，或不填列表。',
  },
  'handover-list-long': {
    en: 'On this list are more than {limit} patients of the person who hands over: filter it, or hand over all patients.',
    zh: '此列表中交出者负责的患者超过 {limit} 名：请加筛选条件，或交接全部患者。',
  },
  'too-many-handovers': {
    en: 'This hospital has {limit} handovers that are not over, and can have no more: end some of them.',
    zh: '本院未结束的交接已达 {limit} 个，不能再添加：请先结束一些交接。',
  },
  'handover-not-yours': {
    en: 'You hand over your own patients alone; a head nurse or an administrator hands over those of others.',
    zh: '您只能交接自己负责的患者；他人的患者由护士长或管理员交接。',
  },
});
