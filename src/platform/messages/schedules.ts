import { texts } from '../../guideline/message.js';

/** Plans, clinicians' decisions, and the hospital's policy. */
export const SCHEDULE_MESSAGES = texts({
  'item-cancelled': {
    en: 'The item was cancelled; record the examination as an event of the patient instead.',
    zh: '此随访项目已取消；请把该检查作为患者的事件登记。',
  },
  'already-completed': {
    en: 'The item was completed on {date}; void that event to correct it.',
    zh: '此随访项目已于 {date} 完成；如需更正，请作废该事件。',
  },
  'completed-on': { en: 'The item was completed on {date}.', zh: '此随访项目已于 {date} 完成。' },
  'beyond-worklist': {
    en: 'The worklist holds upcoming items due up to {last}. Give that day or an earlier one; later items are in the schedule of each patient.',
    zh: '工作清单只列出 {last} 及之前到期的待办项目。请填写该日或更早的日期；更晚的项目见各患者的随访计划。',
  },
  'before-worklist': {
    en: 'The worklist does not list before_enrolment, because nobody has to act on those items. They are in the schedule of each patient.',
    zh: '工作清单不列出 before_enrolment（纳入随访之前）的项目，因为无需处理；请在各患者的随访计划中查看。',
  },
  'outcomes-of-activity': {
    en: 'The outcome of {activity} is one of: {known}.',
    zh: '{activity}的结果只能是：{known}。',
  },
  'outcome-of-activity-needed': {
    en: 'The outcome of {activity} is required, because the next date depends on it. It is one of: {known}.',
    zh: '{activity}的结果必须填写，下一次的日期取决于它。可填：{known}。',
  },

  'guideline-too-large': {
    en: 'The file has {characters} characters; {limit} are allowed. Split the protocol, or shorten its texts.',
    zh: '文件有 {characters} 个字符，最多 {limit} 个。请拆分方案或缩短其中的文字。',
  },
  'guideline-id-published': {
    en: '{id} is the id of a published guideline: give your own protocol another id.',
    zh: '{id} 是已发布指南的 id：请为本院方案另取 id。',
  },
  'guideline-too-dense': {
    en: 'The rules together ask for up to {items} examinations a year of one patient; {limit} are allowed. Lengthen intervals.',
    zh: '各规则合计每年最多要求一名患者做 {items} 次检查，上限为 {limit} 次。请延长间隔。',
  },
  'too-many-guidelines': {
    en: 'The hospital has stored {limit} protocol files, which is the most it can. Stored files are never deleted.',
    zh: '本院已存有 {limit} 份方案文件，已达上限。已存的文件不会删除。',
  },
  'guideline-version-taken': {
    en: '{guideline} is stored with other content (SHA-256 {digest}), and never changes: give the correction a new version.',
    zh: '{guideline} 已以其他内容存储（SHA-256 {digest}），不可更改：请为更正后的文件使用新的版本号。',
  },

  'too-many-decisions': {
    en: 'This patient has {limit} decisions in force, and a patient can have no more. Revoke those that are superseded.',
    zh: '该患者已有 {limit} 项有效决定，不能再添加。请撤销已被取代的决定。',
  },
  'clinician-decides': {
    en: 'Only somebody with the role clinician decides this; what others may decide is an assignment.',
    zh: '此决定只能由 clinician（医生）角色作出；其他人员只能归并检查（assignment）。',
  },
  'unknown-rule': {
    en: 'There is no rule {rule}; there are {known}.',
    zh: '没有规则 {rule}；现有规则：{known}。',
  },
  'rule-without-interval': {
    en: '{rule} has no interval: it is due once, after a finding.',
    zh: '{rule} 没有间隔：它只在有发现之后做一次。',
  },
  'rule-without-phases': {
    en: '{rule} has no phases: leave it out.',
    zh: '{rule} 没有阶段，请勿填写此项。',
  },
  'interval-required': { en: 'Say the interval, such as P24M.', zh: '请填写间隔，例如 P24M。' },
  'phase-required': {
    en: 'Say which phase of {rule}, 0 to {last}.',
    zh: '请填写 {rule} 的阶段，0 到 {last}。',
  },
  'unknown-phase': { en: '{rule} has the phases 0 to {last}.', zh: '{rule} 的阶段为 0 到 {last}。' },
  'phase-without-interval': {
    en: 'That phase has single dates, and no interval.',
    zh: '该阶段只有单独的日期，没有间隔。',
  },
  'interval-or-duration': {
    en: 'Say the interval (every), how long the phase lasts (until), or both.',
    zh: '请填写间隔（every）、阶段时长（until），或两者都填。',
  },
  'not-routine': { en: 'The guideline says: {sentence}', zh: '指南原文：{sentence}' },
  'unknown-activity-here': {
    en: 'There is no activity {activity}; there are {known}.',
    zh: '没有检查 {activity}；可用的检查：{known}。',
  },
  'unknown-item': {
    en: 'This patient has no such item, or it was cancelled.',
    zh: '该患者没有此随访项目，或此项目已取消。',
  },
  'not-assignable': {
    en: 'Only an examination can be assigned; a colonoscopy counts by its own date and finding.',
    zh: '只有检查可以归并；结肠镜按其自身的日期和结果计算。',
  },
  'other-activity': { en: 'That examination is no {activity}.', zh: '该检查不是{activity}。' },
  'period-in-one-unit': {
    en: 'Write an ISO 8601 period in one unit, such as P4M or P6W.',
    zh: '请填写单一单位的 ISO 8601 时长，例如 P4M 或 P6W。',
  },
  'period-too-long': { en: '20 years at most.', zh: '最长 20 年。' },
  'unknown-guideline': {
    en: 'There is no guideline {name}; there are {known}.',
    zh: '没有指南 {name}；现有：{known}。',
  },

  'plan-change-previewing': {
    en: 'The plan change {id} is still being previewed: wait until it is previewed, or discard it (POST to its address with /discard).',
    zh: '计划变更 {id} 仍在预览中：请等待其完成，或将其放弃（对其地址加 /discard 发送 POST）。',
  },
  'plan-change-running': {
    en: 'Another plan change is being applied or taken back: wait for it, then preview this one again.',
    zh: '另一项政策变更正在执行或撤回：请等它结束，再重新预览。',
  },
  'policy-moved': {
    en: 'Another policy has been put in force since: version {version}. Ask for a new plan change.',
    zh: '其间已有另一项政策生效（第 {version} 版）：请重新发起政策变更。',
  },
  'plan-change-not-previewed': {
    en: 'The plan change is {state}; this wants it previewed.',
    zh: '政策变更当前状态为 {state}；此操作要求状态为 previewed（已预览）。',
  },
  'plan-change-not-applied': {
    en: 'The plan change is {state}; this wants it applying or applied.',
    zh: '政策变更当前状态为 {state}；此操作要求状态为 applying（执行中）或 applied（已执行）。',
  },
  'plan-change-not-discardable': {
    en: 'The plan change is {state}; this wants it previewing or previewed.',
    zh: '政策变更当前状态为 {state}；此操作要求状态为 previewing（预览中）或 previewed（已预览）。',
  },
  'unknown-guideline-here': {
    en: 'There is no guideline {name}; see GET /guidelines.',
    zh: '没有指南 {name}；请查看 GET /guidelines。',
  },
  'guideline-without-rule': {
    en: '{guideline} has no rule {rule}; it has {known}.',
    zh: '{guideline} 没有规则 {rule}；其规则为：{known}。',
  },
  'guideline-without-activity': {
    en: 'The guideline asks for no {activity}; it asks for {known}.',
    zh: '指南不要求检查 {activity}；要求的检查为：{known}。',
  },
  'until-before-time': {
    en: 'Reminders leave from {time} on: give a later time.',
    zh: '提醒自 {time} 起发出：请填写更晚的时刻。',
  },
  'head-nurse-later': {
    en: 'The head nurse is told after the responsible nurse: give more days.',
    zh: '护士长须晚于责任护士得到通知：请填写更多天数。',
  },
  'time-of-day-form': {
    en: 'Write a time of day: HH:MM, from 00:00 to 23:59.',
    zh: '请按 HH:MM 填写时刻，00:00 到 23:59。',
  },
  'period-form': {
    en: 'Write a whole number of years, months, weeks or days: P1Y, P6M, P6W or P90D.',
    zh: '请填写整数的年、月、周或日：P1Y、P6M、P6W 或 P90D。',
  },
  'deviation-field': {
    en: 'A deviation from the text needs its {field}.',
    zh: '偏离指南原文时必须填写 {field}。',
  },
  deviation: {
    en: '{value} is not what the text prints ({printed}): somebody has to answer for it.',
    zh: '{value} 与指南原文（{printed}）不符：须有人负责。',
  },
  'deviation-off': {
    en: 'Section {section} asks for {rule}: somebody has to answer for leaving it out.',
    zh: '指南 {section} 要求 {rule}：停用须有人负责。',
  },
  'no-end': { en: 'no end', zh: '无期限' },
  'period-range': { en: '{short} to {long}', zh: '{short} 至 {long}' },
  'policy-without-phases': { en: 'The rule {rule} has no phases.', zh: '规则 {rule} 没有阶段。' },
  'policy-phases': { en: 'The phases of {rule} are 0 to {last}.', zh: '{rule} 的阶段为 0 到 {last}。' },
  'intervals-of-phases': {
    en: 'The intervals of {rule} are those of its phases.',
    zh: '{rule} 的间隔由其各阶段规定。',
  },
  'plan-too-large': {
    en: 'By these intervals the plan of the patient could have {items} items; {limit} at most: choose longer intervals, or let them end sooner (until).',
    zh: '按这些间隔，该患者的随访计划可能有 {items} 个项目，最多允许 {limit} 个：请选择更长的间隔，或让其更早结束（until）。',
  },
  'policy-too-dense': {
    en: 'These intervals ask for up to {items} examinations of each patient a year; {limit} at most: choose longer ones.',
    zh: '按这些间隔，每位患者每年最多需做 {items} 次检查，最多允许 {limit} 次：请选择更长的间隔。',
  },
  'below-a-week': { en: 'Not below one week.', zh: '不得短于一周。' },
});
