import { texts } from '../../guideline/message.js';

/** Cards in the chart of another system, and the link from there. */
export const CDS_HOOKS_MESSAGES = texts({
  'cds-title': { en: 'Follow-up after colorectal cancer', zh: '结直肠癌术后随访' },
  'cds-description': {
    en: 'Shows which examinations of follow-up are due or overdue, by which recommendation, and how the date was computed.',
    zh: '显示哪些随访检查已到期或逾期、依据哪条推荐、日期如何推算。',
  },
  'cds-overdue': {
    en: '{activity} is overdue: it was due on {due}, {days} days ago',
    zh: '{activity}已逾期：应于 {due} 完成，已过 {days} 天',
  },
  'cds-due': { en: '{activity} is due on {due}', zh: '{activity}应于 {due} 完成' },
  'cds-booked': {
    en: '{activity} is booked for {day}; it is due on {due}',
    zh: '{activity}已预约 {day}；应于 {due} 完成',
  },
  'cds-window': {
    en: 'Possible from {earliest}, due on {due}, late from {late}.',
    zh: '{earliest} 起可做，应于 {due} 完成，{late} 起逾期。',
  },
  'cds-never-late': {
    en: 'Possible from {earliest}, due on {due}.',
    zh: '{earliest} 起可做，应于 {due} 完成。',
  },
  'cds-more': {
    en: '{count} more examinations are due: open the plan',
    zh: '另有 {count} 项检查到期：请打开随访计划',
  },
  'cds-link': { en: 'Open the plan', zh: '打开随访计划' },
  'link-title': { en: 'Open a patient', zh: '打开患者' },
  'link-on-its-way': { en: 'The patient is being opened.', zh: '正在打开患者页面。' },
  'link-malformed': {
    en: 'This link names no patient: it has to be /open/patient?hospital=CODE&identifier=NUMBER. Ask the administrator of the other system.',
    zh: '此链接没有指明患者：应为 /open/patient?hospital=医院代码&identifier=患者编号。请联系发出链接的系统的管理员。',
  },
  'link-unknown-hospital': {
    en: 'There is no hospital with the code {code}. Ask the administrator of the other system.',
    zh: '没有代码为 {code} 的医院。请联系发出链接的系统的管理员。',
  },
  'link-unknown-patient': {
    en: 'No patient with this number is in follow-up here, or you may not see the patient. Look for the name in the worklist, or add the patient.',
    zh: '随访名单中没有此编号的患者，或您无权查看。请在工作列表中按姓名查找，或登记该患者。',
  },
  'link-other-hospital': {
    en: 'You are signed in at another hospital. Sign out there, and open the link again.',
    zh: '您当前登录的是另一家医院。请先退出登录，再重新打开链接。',
  },
  'link-not-allowed': {
    en: 'Your account may not see patients. Ask an administrator of the hospital.',
    zh: '您的账号无权查看患者。请联系本院管理员。',
  },
  'link-choose-provider': { en: 'Choose how you sign in.', zh: '请选择登录方式。' },
  'link-sign-in-first': {
    en: 'Sign in, and then open the link again.',
    zh: '请先登录，然后重新打开链接。',
  },
  'link-not-signed-in': {
    en: 'The sign-in has left no session in this browser. Allow cookies for this address, and open the link again.',
    zh: '登录后浏览器未保存会话。请允许此网址使用 Cookie，然后重新打开链接。',
  },
  'link-again': { en: 'Open the link again', zh: '重新打开链接' },
  'link-home': { en: 'To the worklist', zh: '前往工作列表' },
  'cds-service-not-found': {
    en: 'There is no CDS service {id}: GET /cds-services lists them.',
    zh: '没有 CDS 服务 {id}：GET /cds-services 列出全部服务。',
  },
  'prefetch-required': {
    en: 'Send the Patient resource as prefetch.patient: this service reads nothing from the FHIR server of the sender.',
    zh: '请在 prefetch.patient 中发送 Patient 资源：本服务不会读取发送方的 FHIR 服务器。',
  },
});
