import { texts } from '../../guideline/message.js';

/** A requested object that does not exist: `notFound('patient', id)`. */
export const NOT_FOUND_MESSAGES = texts({
  'guideline-not-found': {
    en: 'There is no guideline {id} in this hospital.',
    zh: '本院没有指南 {id}。',
  },
  'import-file-not-found': {
    en: 'No rejected rows are kept under {id}. They are kept for seven days after the import.',
    zh: '没有保存编号为 {id} 的退回行。退回行在导入后保存七天。',
  },
  'contact-not-found': { en: 'There is no contact {id} in this hospital.', zh: '本院没有联系记录 {id}。' },
  'relative-not-found': { en: 'There is no relative {id} in this hospital.', zh: '本院没有联系人 {id}。' },
  'inspection-report-not-found': {
    en: 'There is no inspection report {id} that you can see.',
    zh: '没有您可以查看的随访质量报告 {id}。',
  },
  'decision-not-found': { en: 'There is no decision {id} in this hospital.', zh: '本院没有决定 {id}。' },
  'item-not-found': { en: 'There is no item {id} in this hospital.', zh: '本院没有随访项目 {id}。' },
  'appointment-not-found': {
    en: 'There is no appointment {id} in this hospital.',
    zh: '本院没有预约 {id}。',
  },
  'saved-list-not-found': {
    en: 'There is no saved list {id} that you can see.',
    zh: '没有您可以查看的已保存列表 {id}。',
  },
  'calendar-feed-not-found': {
    en: 'There is no calendar feed {id} that you can see.',
    zh: '没有您可以查看的日历订阅 {id}。',
  },
  'patient-not-found': { en: 'There is no patient {id} in this hospital.', zh: '本院没有患者 {id}。' },
  'plan-change-not-found': {
    en: 'There is no plan-change {id} in this hospital.',
    zh: '本院没有政策变更 {id}。',
  },
  'event-not-found': { en: 'There is no event {id} in this hospital.', zh: '本院没有事件 {id}。' },
  'event-type-not-found': {
    en: 'There is no event-type {id} in this hospital.',
    zh: '没有事件类型 {id}。',
  },
  'webhook-endpoint-not-found': {
    en: 'There is no webhook-endpoint {id} in this hospital.',
    zh: '本院没有接收地址 {id}。',
  },
  'delivery-not-found': { en: 'There is no delivery {id} in this hospital.', zh: '本院没有投递 {id}。' },
  'person-not-found': { en: 'There is no person {id} in this hospital.', zh: '本院没有人员 {id}。' },
  'sso-provider-not-found': {
    en: 'There is no sso-provider {id} in this hospital.',
    zh: '本院没有统一登录系统 {id}。',
  },
  'api-key-not-found': { en: 'There is no api-key {id} in this hospital.', zh: '本院没有 API 密钥 {id}。' },
  'session-not-found': { en: 'There is no session {id} in this hospital.', zh: '本院没有会话 {id}。' },
  'merge-not-found': { en: 'There is no merge {id} in this hospital.', zh: '本院没有合并 {id}。' },
  'handover-not-found': { en: 'There is no handover {id} in this hospital.', zh: '本院没有交接 {id}。' },
  'hospital-not-found': { en: 'There is no hospital {id}.', zh: '没有医院 {id}。' },
});
