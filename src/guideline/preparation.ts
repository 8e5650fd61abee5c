import type { KNOWN_ACTIVITIES } from './activities.js';
import type { ActivityCode, Text } from './guideline.js';

const CONTRAST: Text = {
  zh: '如需增强扫描：请提前告知肾病、甲状腺疾病、造影剂过敏史；正在服用二甲双胍者请告知医生，由医生根据肾功能决定检查当日及之后 48 小时是否停药。',
  en: 'With contrast medium: tell us about kidney or thyroid disease and about reactions to contrast medium. If you take metformin, tell the doctor, who decides by your kidney function whether to pause it on the day and for 48 hours after.',
};

const withContrast = ({ zh, en }: Text): Text => ({
  zh: `${zh}${CONTRAST.zh}`,
  en: `${en} ${CONTRAST.en}`,
});

const BEFORE_CT: Text = withContrast({
  zh: '检查前 4 小时禁食，可少量饮水。请取下金属物品，并携带既往影像资料和近期肌酐结果。',
  en: 'No food for 4 hours before; small amounts of water are allowed. Take off metal objects; bring earlier images and a recent creatinine result.',
});

const PREPARATION: Readonly<Record<keyof typeof KNOWN_ACTIVITIES, Text>> = {
  clinical_review: {
    zh: '请携带既往病历、检查报告和正在服用的药物清单。',
    en: 'Bring earlier records and reports, and a list of the medicines that you take.',
  },
  liver_ultrasound: {
    zh: '检查前空腹 8 小时，可少量饮水，常规药物照常服用。',
    en: 'No food for 8 hours before; small amounts of water and your usual medicines are allowed.',
  },
  tumour_markers: {
    zh: '肿瘤标志物抽血无需空腹；如同日还有其他抽血项目，请空腹 8 小时。正在服用生物素请告知。',
    en: 'No fasting is needed for tumour markers; if other blood tests are taken the same day, fast for 8 hours. Tell us if you take biotin.',
  },
  ct_chest_abdomen_pelvis: BEFORE_CT,
  ct_abdomen_pelvis: BEFORE_CT,
  ct_chest_abdomen: BEFORE_CT,
  mri_liver: withContrast({
    zh: '检查前禁食 6 小时。体内有心脏起搏器、支架、金属植入物，或有幽闭恐惧者请提前告知；请取下所有金属物品。',
    en: 'No food for 6 hours before. Tell us in advance about a pacemaker, stents, metal implants or fear of narrow spaces; take off all metal objects.',
  }),
  colonoscopy: {
    zh: '检查前 1 至 3 天低渣饮食，前一晚及当日按医嘱服用泻药清洁肠道，之后禁食。服用抗凝药、抗血小板药、降糖药或铁剂者请提前咨询医生；无痛肠镜须有家属陪同，当日不可驾车。',
    en: 'Low-residue diet for 1 to 3 days; take the bowel cleansing solution the evening before and on the day as prescribed, then no food. Ask the doctor in advance about anticoagulants, antiplatelet drugs, diabetes medicines and iron. With sedation, bring somebody who accompanies you, and do not drive that day.',
  },
};

const find = (texts: Readonly<Record<string, Text>>, activity: string): Text | null =>
  Object.hasOwn(texts, activity) ? (texts[activity] ?? null) : null;

/** What a patient prepares for the activity, as hospitals usually say it; null for an activity that a guideline declares. */
export const preparationFor = (activity: ActivityCode): Text | null => find(PREPARATION, activity);
