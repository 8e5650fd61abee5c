import { texts } from '../../guideline/message.js';

/** FHIR resources that the hospital's systems write. */
export const FHIR_IN_MESSAGES = texts({
  'fhir-no-human': {
    en: 'The resource is about an animal; nothing was recorded.',
    zh: '该资源描述的是动物；未录入。',
  },
  'fhir-inactive': {
    en: 'The Patient is not active; nothing was changed.',
    zh: '该 Patient 不是 active；未作更改。',
  },
  'fhir-number-required': {
    en: 'Send the number of the patient as an identifier of type MR, or another that the mapping file of the hospital names.',
    zh: '请用类型为 MR 的 identifier（或医院对照表所指定的类型）发送患者编号。',
  },
  'fhir-whole-day-required': {
    en: 'Send the whole date, with month and day: a missing part is never guessed.',
    zh: '请发送含月和日的完整日期：缺少的部分不会猜测。',
  },
  'fhir-day-required': {
    en: 'Send the date, with month and day.',
    zh: '请发送日期，须含月和日。',
  },
  'fhir-phone-left-out': {
    en: 'A phone number of Patient.telecom cannot be called, and was left out.',
    zh: 'Patient.telecom 中有一个电话号码无法拨打，未录入。',
  },
  'fhir-identity-left-out': {
    en: 'An identity number of Patient.identifier is not valid, and was left out.',
    zh: 'Patient.identifier 中有一个身份证件号码无效，未录入。',
  },
  'fhir-merge-elsewhere': {
    en: 'Merge the two records by POST /api/v1/patients/{id}/merge or ADT A40, and send the Patient without this link.',
    zh: '请通过 POST /api/v1/patients/{id}/merge 或 ADT A40 合并两条记录，并发送不含此 link 的 Patient。',
  },
  'fhir-other-condition': {
    en: 'The diagnosis changes nothing in the follow-up.',
    zh: '该诊断不影响随访。',
  },
  'fhir-not-confirmed': {
    en: 'The diagnosis is not confirmed; nothing was recorded.',
    zh: '该诊断未确诊；未录入。',
  },
  'fhir-recurrence-by-event': {
    en: 'The resource does not say on which day the recurrence was found. Record it as an event, or send it with the extension urn:nedwatch:extension:event.',
    zh: '该资源未说明复发的发现日期。请作为事件录入，或附 urn:nedwatch:extension:event 扩展发送。',
  },
  'fhir-other-procedure': {
    en: 'The mapping file of the hospital does not have this procedure ({code}); nothing was recorded.',
    zh: '医院对照表中没有此操作（{code}）；未录入。',
  },
  'fhir-not-completed': {
    en: 'The procedure is not completed; nothing was recorded.',
    zh: '该操作尚未完成；未录入。',
  },
  'fhir-other-report': {
    en: 'The mapping file of the hospital does not have this report ({code}); nothing was recorded.',
    zh: '医院对照表中没有此报告（{code}）；未录入。',
  },
  'fhir-not-final': { en: 'The result is not final yet.', zh: '尚无最终结果。' },
  'fhir-other-observation': {
    en: 'The guideline of the hospital does not follow this measurement; nothing was recorded.',
    zh: '本院指南不关注此项检测；未录入。',
  },
  'fhir-no-value': {
    en: 'The observation has no value; nothing was recorded.',
    zh: '该观察没有数值；未录入。',
  },
  'fhir-quantity-required': {
    en: 'Send the result of {code} as valueQuantity with value and UCUM code.',
    zh: '请用含 value 和 UCUM 代码的 valueQuantity 发送 {code} 的结果。',
  },
  'fhir-patient-required': {
    en: 'Name the patient: Patient/ID, or a conditional reference Patient?identifier=SYSTEM|NUMBER.',
    zh: '请指明患者：Patient/ID，或条件引用 Patient?identifier=系统|编号。',
  },
  'fhir-not-agreed': {
    en: 'The appointment is not agreed yet; nothing was booked.',
    zh: '该预约尚未确定；未登记。',
  },
  'fhir-no-item': {
    en: 'No open item of the patient fits. Name it: basedOn ServiceRequest/ID, or serviceType with a code that the mapping file has.',
    zh: '没有符合的待办检查。请指明：basedOn ServiceRequest/ID，或对照表中有的 serviceType 代码。',
  },
  'fhir-appointment-unknown': {
    en: 'Send the appointment as booked first.',
    zh: '请先发送状态为 booked 的预约。',
  },
  'fhir-reference-unknown': {
    en: 'The reference {reference} names nothing that is known here.',
    zh: '引用 {reference} 在本系统中不存在。',
  },
  'fhir-not-followed': {
    en: 'The patient is not in follow-up here. A patient is added by a Condition with a code of C18 to C20 and its date in the same Bundle.',
    zh: '该患者不在本处随访。同一 Bundle 中含有 C18 至 C20 代码及日期的 Condition 时，会加入随访。',
  },
  'fhir-diagnosis-kept': {
    en: 'The diagnosis is recorded as of {day}. Update the Condition {id} to change the day.',
    zh: '诊断日期已录入为 {day}。如需更改，请更新 Condition {id}。',
  },
  'fhir-diagnosis-stays': {
    en: 'A patient in follow-up has a diagnosis. Correct it, or erase the patient.',
    zh: '随访中的患者必须有诊断。请更正诊断，或删除该患者。',
  },
  'fhir-death-without-day': {
    en: 'The resource says that the patient has died, but not on which day: record the death by hand.',
    zh: '资源称患者已去世，但没有日期：请人工录入死亡日期。',
  },
  'fhir-death-differs': {
    en: 'The death is recorded as of {day}. Correct the recorded one first.',
    zh: '死亡日期已录入为 {day}。请先更正已录入的记录。',
  },
  'fhir-in-inbox': {
    en: 'Kept in the inbox: a person decides what it means.',
    zh: '已存入待处理箱：由人工判断其含义。',
  },
  'fhir-superseded': {
    en: 'A later version of this resource was received before; nothing changed.',
    zh: '此前已收到该资源的更新版本；未作更改。',
  },
  'fhir-taken-back-before': {
    en: 'The resource says that it was entered in error, and nothing of it is recorded here.',
    zh: '该资源标明为误录，而本系统中没有它的内容。',
  },
  'fhir-type-not-read': {
    en: 'Resources of type {type} are not stored here.',
    zh: '本系统不存储 {type} 类型的资源。',
  },
  'fhir-not-a-resource': {
    en: 'A FHIR resource with its resourceType.',
    zh: '须为带 resourceType 的 FHIR 资源。',
  },
  'fhir-other-type': { en: 'The address asks for {expected}.', zh: '该地址要求 {expected}。' },
  'fhir-unknown-element': { en: 'FHIR R4 has no such element here.', zh: 'FHIR R4 在此处没有该元素。' },
  'fhir-wrong-type': { en: 'Expected: {expected}.', zh: '应为：{expected}。' },
  'fhir-required': { en: 'FHIR R4 requires this element.', zh: 'FHIR R4 要求此元素。' },
  'fhir-empty': { en: 'An element must not be empty: leave it out.', zh: '元素不得为空：请省略。' },
  'fhir-not-in-list': { en: 'One of {expected}.', zh: '可选值：{expected}。' },
  'fhir-wrong-format': {
    en: 'A value in the format of {expected} in FHIR R4.',
    zh: '须符合 FHIR R4 的 {expected} 格式。',
  },
  'fhir-one-of-choice': { en: 'Only one of these elements may be present.', zh: '这些元素只能出现一个。' },
  'fhir-modifier-extension': {
    en: 'This modifier extension is not known, so the resource cannot be read safely. Send it without.',
    zh: '不认识该 modifierExtension，无法安全读取此资源。请不带它发送。',
  },
  'fhir-implicit-rules': {
    en: 'These rules are not known, so the resource cannot be read safely. Send it without.',
    zh: '不认识该 implicitRules，无法安全读取此资源。请不带它发送。',
  },
  'fhir-nested-contained': {
    en: 'A contained resource contains no other.',
    zh: '被包含的资源不得再包含其他资源。',
  },
  'fhir-missing-contained': {
    en: 'The resource contains nothing with the id of this reference.',
    zh: '资源中没有该引用所指的被包含资源。',
  },
  'fhir-invariant': {
    en: 'The rule {expected} of FHIR R4 does not hold.',
    zh: '不满足 FHIR R4 的规则 {expected}。',
  },
  'fhir-bundle-type': {
    en: 'Send a Bundle of type transaction or batch.',
    zh: '请发送类型为 transaction 或 batch 的 Bundle。',
  },
  'fhir-too-many-entries': { en: 'At most {limit} entries.', zh: '最多 {limit} 个条目。' },
  'fhir-entry-twice': {
    en: 'Two entries of a transaction are about the same resource.',
    zh: 'transaction 中有两个条目针对同一资源。',
  },
  'fhir-method': {
    en: 'An entry creates (POST Type) or updates (PUT Type/ID or Type?identifier=SYSTEM|VALUE).',
    zh: '条目只能新建（POST 类型）或更新（PUT 类型/ID 或 类型?identifier=系统|值）。',
  },
  'fhir-criteria': {
    en: 'Search by identifier=SYSTEM|VALUE, and nothing else.',
    zh: '只能用 identifier=系统|值 查找。',
  },
  'fhir-criteria-differ': {
    en: 'The resource has to have the identifier by which it is searched.',
    zh: '资源须带有查找所用的 identifier。',
  },
  'fhir-id-differs': { en: 'The id has to be that of the address.', zh: 'id 须与地址中的一致。' },
  'fhir-id-unknown': {
    en: 'There is no {type} {id}. Create it by POST, or update it by PUT {type}?identifier=SYSTEM|VALUE.',
    zh: '没有 {type} {id}。请用 POST 新建，或用 PUT {type}?identifier=系统|值 更新。',
  },
  'fhir-version-differs': {
    en: 'The resource has changed since: its version is {version}. Read it again.',
    zh: '资源已被更改：当前版本为 {version}。请重新读取。',
  },
  'fhir-registered-differently': {
    en: 'A patient with this number is registered with other data. Update the Patient {id} by PUT.',
    zh: '已有此编号的患者，但资料不同。请用 PUT 更新 Patient {id}。',
  },
});
