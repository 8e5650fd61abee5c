/**
 * The words of wards, as data: what their headings mean, and what stands in their cells. Headings are compared without
 * spaces, brackets, signs and capitals. To teach the program a word, add it here.
 */

/** Headings of a roster, by what their column contains. */
export const ROSTER_HEADINGS = {
  mrn: words(`住院号 病案号 登记号 病历号 病人号 患者编号 患者id 病人id 病案号码 住院号码 住院病案号 档案号 门诊号 就诊卡号 卡号 id号
    mrn patientid patientno patientnumber hospitalno hospitalnumber medicalrecordno medicalrecordnumber recordno recordnumber chartno hospitalid admissionno`),
  name: words(`姓名 患者姓名 病人姓名 患者 病人 患者名字 名字 name patientname fullname patient`),
  sex: words(`性别 患者性别 性別 sex gender`),
  birth_date: words(
    `出生日期 出生年月 出生年月日 生日 出生时间 出生 birthdate dateofbirth dob birthday born birth`,
  ),
  diagnosis_date:
    words(`诊断日期 确诊日期 诊断时间 确诊时间 初诊日期 首诊日期 病理诊断日期 病理确诊日期 确诊年月日 诊断年月日 初次诊断日期
    diagnosisdate dateofdiagnosis diagnosed diagnosedon dxdate diagnosis`),
  resection_date:
    words(`手术日期 手术时间 手术年月日 原发灶手术日期 原发灶切除日期 根治术日期 根治手术日期 切除日期 手术日 原发灶手术时间 手术
    resectiondate dateofresection surgerydate dateofsurgery operationdate dateofoperation opdate surgery operation`),
  primary_site:
    words(`肿瘤部位 原发部位 部位 原发灶部位 病变部位 肿瘤位置 原发灶 原发肿瘤部位 原发灶位置 癌肿部位
    primarysite site tumoursite tumorsite tumourlocation tumorlocation location primary primarytumour primarytumor`),
  stage:
    words(`分期 病理分期 tnm分期 肿瘤分期 术后分期 术后病理分期 ptnm分期 ptnm 病理tnm分期 tnm 临床病理分期 ajcc分期 分期ajcc uicc分期
    stage tnmstage pathologicalstage pathologicstage pstage ajccstage uiccstage`),
  tnm_t: words(`t分期 pt分期 pt t tstage`),
  tnm_n: words(`n分期 pn分期 pn n nstage`),
  tnm_m: words(`m分期 pm分期 pm m mstage`),
  intent: words(
    `手术性质 根治性 切除性质 手术根治性 根治程度 切除程度 手术目的 intent surgeryintent resectionstatus`,
  ),
  preoperative_colonoscopy:
    words(`术前肠镜 术前结肠镜 术前肠镜是否完整 术前结肠镜是否完整 术前肠镜检查 术前全结肠镜 术前全结肠镜检查 术前肠镜完成情况 肠镜术前 术前结肠镜检查 术前肠镜情况
    preoperativecolonoscopy preopcolonoscopy colonoscopybeforesurgery colonoscopypreop preoperativecolonoscopycomplete`),
  lynch: words(
    `林奇 林奇综合征 lynch lynch综合征 lynch综合症 林奇综合症 lynchsyndrome 是否林奇 是否林奇综合征 遗传综合征lynch`,
  ),
  phone:
    words(`电话 联系方式 联系电话 手机 手机号 手机号码 电话号码 患者电话 本人电话 本人手机 联系号码 移动电话 家庭电话 家属电话 家属联系电话 家属手机 联系人电话 电话本人 电话家属
    phone tel telephone mobile mobilephone phonenumber telephonenumber contact contactnumber cell`),
  responsible_nurse: words(
    `责任护士 管床护士 随访护士 护士 负责护士 主管护士 个案管理师 随访人 随访员 随访人员 nurse responsiblenurse casemanager`,
  ),
  department: words(`科室 科别 病区 所在科室 科室病区 就诊科室 手术科室 住院科室 department ward dept unit`),
  ward: words(`病房 住院病区 病区名称 所在病区 wardname inpatientward`),
  group: words(
    `诊疗组 治疗组 医疗组 诊疗小组 治疗小组 医疗小组 主诊组 主诊医师组 group caregroup treatmentgroup treatmentteam doctorsgroup`,
  ),
  distance_km: words(
    `距离 距离km 距离公里 距离千米 距医院 距医院距离 距医院km 距医院公里 与医院距离 离院距离 家院距离 distance distancekm distanceinkm distancefromhospital distancefromhospitalkm kmfromhospital`,
  ),
  identity_number: words(
    `身份证号 身份证 身份证号码 证件号 证件号码 身份证件号 公民身份号码 身份号码 identitynumber idnumber idcard idcardno nationalid idno`,
  ),
  vital_status: words(
    `生存状态 生存情况 患者状态 随访状态 存活状态 是否死亡 是否存活 转归 结局 生存 末次随访状态 目前状态 vitalstatus survivalstatus alive dead status`,
  ),
  death_date: words(`死亡日期 死亡时间 去世日期 去世时间 死亡 deathdate dateofdeath died diedon death`),
  lost_date: words(`失访日期 失访时间 失访 是否失访 losttofollowup lostdate dateoflosstofollowup lost`),
  recurrence_date: words(
    `复发日期 复发时间 复发转移日期 复发转移时间 复发 是否复发 局部复发日期 recurrencedate dateofrecurrence recurrence relapsedate`,
  ),
  liver_metastasis: words(
    `肝转移 有无肝转移 是否肝转移 肝转移类型 肝转移情况 肝转移时相 livermetastasis livermetastases`,
  ),
  liver_metastasis_date: words(
    `肝转移日期 肝转移时间 肝转移诊断日期 肝转移诊断时间 肝转移确诊日期 肝转移确诊时间 肝转移发现日期 发现肝转移日期 livermetastasisdate livermetastasesdate`,
  ),
  liver_treatment:
    words(`肝切除射频日期 肝切除日期 肝转移灶切除日期 肝转移切除日期 肝转移手术日期 肝射频日期 射频日期 肝消融日期 肝转移治疗日期 肝切除消融日期 肝切除 肝转移治疗 肝手术日期
    liverresectiondate livertreatment livertreatmentdate liverresection`),
  ned_date: words(
    `ned日期 ned时间 ned 达到ned日期 达ned日期 肝脏ned日期 无瘤日期 无瘤状态日期 达到无瘤日期 liverned neddate dateofned`,
  ),
} as const;

/** These headings mean the ward where another column has the department, and otherwise the department. */
export const WARD_BESIDE_DEPARTMENT = words('病区 ward unit');

export type RosterField = keyof typeof ROSTER_HEADINGS;

/** Headings of what repeats: a visit, and what was measured then. `code` as in the measurements of the guideline. */
export const VISIT_HEADINGS = {
  day: words(
    `复查日期 复查时间 随访日期 随访时间 复诊日期 复诊时间 检查日期 检查时间 检验日期 化验日期 采血日期 复查 复诊 随访 visit visitdate dateofvisit followupdate followup examdate testdate`,
  ),
  measured: [
    { code: 'CEA', words: words('cea 癌胚抗原 cea值 cea结果 癌胚抗原cea') },
    { code: 'CA19-9', words: words('ca199 糖类抗原199 ca199值 ca199结果 糖类抗原ca199') },
  ],
} as const;

/** Words that say nothing alone: what they are of stands in the heading above. */
export const GENERIC_HEADINGS = words(
  '日期 时间 结果 值 数值 名称 情况 年月日 类型 方式 date time result value type',
);

/** Headings of columns that a roster has and that are not read. Any other unknown heading is named as unknown. */
export const UNREAD_HEADINGS =
  words(`序号 编号 no number 备注 说明 年龄 age 下次复查 下次复查日期 下次随访 下次随访日期 预约日期 remark remarks note notes comment index 地址 家庭住址 住址 民族 籍贯 职业 医保 医保类型 费别 床号 入院日期 出院日期 医生 主刀 主刀医生 主管医生 术者 随访次数
  退回原因 原行号 reasonforrejection originalrow`);

/** What stands at the beginning of a row that sums up, explains or is signed. */
export const NOT_A_PATIENT =
  words(`合计 总计 小计 共计 总数 总例数 平均 均值 例数 合 计 total subtotal sum average count 填表 填表人 填报人 制表 制表人 审核 审核人 统计 统计人 负责人 打印 打印日期 打印时间 导出 导出时间 签名 签字
  注 备注 说明 第页 以上 本表 数据来源 制表日期 日期 护士长 科主任`);

/** A cell that says that the same stands above. */
export const SAME_AS_ABOVE = words('同上 〃 ″ " ditto 同前');

/** Words of wards for what is not known, and for nothing. */
export const NOTHING_KNOWN = words(
  `不详 不祥 不明 未详 未知 未留 未填 未提供 无 没有 暂无 无电话 na n/a nil none null unknown 缺失 缺 待补 待查 待定 空`,
);

/** Cells of the sex; 0, 1, 2 and 9 are those of GB/T 2261.1, where 0 and 9 are not known and not stated. */
export const SEX_WORDS = {
  male: words('男 男性 男士 m male 1 ♂'),
  female: words('女 女性 女士 f female 2 ♀'),
  unknown: words('9 未说明 未说明的性别 notstated'),
  other: words('other 其他'),
} as const;

export const YES = words('是 有 已 y yes true 1 √ ✓ ☑ ✔ + 阳性 (+)');
export const NO = words('否 无 未 没有 n no false 0 × ✗ ☐ - 阴性 (-)');

/** What a cell of the site says, the first match counting; `ask`: neither colon nor rectum, or either. */
export const SITE_WORDS: readonly { readonly pattern: RegExp; readonly site: 'colon' | 'rectum' | 'ask' }[] =
  [
    {
      pattern:
        /直乙|乙直|直肠乙状|乙状结肠?[\s/、和与及-]*直肠|直肠[\s/、和与及-]*乙状结肠?交界|结直肠|大肠|rectosigmoid|colorect|c19/gu,
      site: 'ask',
    },
    {
      pattern:
        /阑尾|appendi|c18\.?1(?!\d)|肛管|肛门|anal|anus|c21|小肠|十二指肠|空肠|回肠末|胃|肝(?!曲)|c(?!18|19|20)\d\d/gu,
      site: 'ask',
    },
    {
      pattern:
        /回盲部|回盲瓣|盲肠|升结肠|横结肠|降结肠|乙状结肠|左半结肠|右半结肠|左半|右半|结肠|肝曲|脾曲|升横交界|降乙交界|乙状|colon|sigmoid|c(?:a|e)?ecum|c(?:a|e)?ecal|flexure|ileoc(?:a|e)?ecal|c18/gu,
      site: 'colon',
    },
    { pattern: /直肠|rectum|rectal|c20/gu, site: 'rectum' },
  ];

/** Colonoscopy before the operation; the first match counts. */
export const COLONOSCOPY_WORDS: readonly {
  readonly pattern: RegExp;
  readonly value: 'complete' | 'incomplete';
}[] = [
  {
    pattern: /^(?:完整|全结肠完成|全结肠镜完成|全程完成|已完成|完成|全结肠|全程|complete)(?!不|率)/u,
    value: 'complete',
  },
  {
    pattern: /^(?:未|不完整|不完全|没|仅|部分|梗阻|肠镜未|失败|incomplete|notdone|none)/u,
    value: 'incomplete',
  },
  { pattern: /(?:到达|达|至|进至)(?:回盲部|回盲瓣|盲肠|回肠末端)/u, value: 'complete' },
  { pattern: /(?:无法通过|不能通过|未能通过|未通过)/u, value: 'incomplete' },
];

/** Lynch syndrome: only what is confirmed is an event. */
export const LYNCH_WORDS: readonly { readonly pattern: RegExp; readonly value: 'yes' | 'no' | 'ask' }[] = [
  { pattern: /疑|待|可能|\?|？|考虑|dmmr|缺失|msi/iu, value: 'ask' },
  { pattern: /^(?:否|无|未|排除|已排除|阴性|不是|没|no|negative|n|-|\(-\)|0|×|pmmr|mss)/iu, value: 'no' },
  {
    pattern: /^(?:是|确诊|已确诊|阳性|有|yes|y|confirmed|positive|\+|\(\+\)|1|√|✓|lynch|林奇)/iu,
    value: 'yes',
  },
];

/** Whether a resection was to cure. */
export const INTENT_WORDS: readonly {
  readonly pattern: RegExp;
  readonly value: 'curative' | 'palliative';
}[] = [
  { pattern: /非根治|姑息|palliative|r2/iu, value: 'palliative' },
  { pattern: /根治|curative|r0/iu, value: 'curative' },
];

/** When liver metastases were found: by the diagnosis, later, or not at all. */
export const LIVER_WORDS: readonly {
  readonly pattern: RegExp;
  readonly value: 'synchronous' | 'metachronous' | 'none' | 'ask';
}[] = [
  { pattern: /疑|待|可能|\?|？|考虑/u, value: 'ask' },
  { pattern: /同时|synchron/iu, value: 'synchronous' },
  { pattern: /异时|metachron/iu, value: 'metachronous' },
  { pattern: /^(?:无|否|未|没有|阴性|no|none|-|0)$/iu, value: 'none' },
];

/** How the liver became free of disease. */
export const TREATMENT_WORDS: readonly {
  readonly pattern: RegExp;
  readonly value: 'resection' | 'ablation' | 'sbrt' | 'systemic';
}[] = [
  { pattern: /切除|手术|resect|hepatectomy/iu, value: 'resection' },
  { pattern: /射频|消融|微波|rfa|ablat|mwa/iu, value: 'ablation' },
  { pattern: /放疗|sbrt|立体定向/iu, value: 'sbrt' },
  { pattern: /化疗|靶向|免疫|systemic|chemo/iu, value: 'systemic' },
];

/** What a cell says of whether the patient lives; anything else is asked. */
export const ALIVE = words(
  '存活 健在 生存 活 在世 良好 无瘤生存 alive living 随访中 正常 稳定 无复发 无瘤 否',
);
export const DEAD = /死|亡|故|去世|逝|dead|died|deceased/iu;

/** Cells of an events file: the type of event by its words. */
export const EVENT_WORDS: Readonly<Record<string, readonly string[]>> = {
  recurrence: words('复发 局部复发 复发转移 recurrence relapse'),
  death: words('死亡 去世 已故 死 death died'),
  lost_to_follow_up: words('失访 losttofollowup lost'),
  transferred_out: words('转出 转院 外院随访 transferredout'),
  consent_withdrawn: words('退出 拒绝随访 撤回同意 consentwithdrawn'),
  liver_metastasis_diagnosed: words('肝转移 发现肝转移 肝转移诊断 livermetastasisdiagnosed livermetastasis'),
  liver_ned: words('ned 肝脏ned 达到ned 无瘤 liverned'),
  lynch_syndrome_confirmed: words('林奇综合征 林奇 lynch lynch综合征 lynchsyndromeconfirmed'),
  conversion_therapy_started: words('转化治疗开始 开始转化治疗 conversiontherapystarted'),
  conversion_therapy_ended: words('转化治疗结束 结束转化治疗 conversiontherapyended'),
  exam: words('检查 复查 检验 exam'),
};

/** Headings of an events file, by its column. */
export const EVENT_HEADINGS: Readonly<Record<string, readonly string[]>> = {
  mrn: ROSTER_HEADINGS.mrn,
  type: words('事件 事件类型 类型 事件名称 event eventtype type'),
  date: words('日期 事件日期 发生日期 时间 发生时间 检查日期 检查时间 date eventdate'),
  site: words('部位 复发部位 site'),
  activity: words('检查项目 项目 检查名称 activity exam'),
  outcome: words('结果 结论 检查结果 outcome result'),
  confirmed: words('已确认 确认 confirmed'),
};

function words(list: string): readonly string[] {
  return list.trim().split(/\s+/);
}
