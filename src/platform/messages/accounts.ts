import { texts } from '../../guideline/message.js';

/** People, keys, rights and hospitals. */
export const ACCOUNT_MESSAGES = texts({
  'key-required': {
    en: 'Sign in, or send a valid API key as "Authorization: Bearer KEY".',
    zh: '请登录，或发送有效的 API 密钥：“Authorization: Bearer 密钥”。',
  },
  'people-only': {
    en: '{call} is for people who have signed in.',
    zh: '{call} 仅供已登录的人员使用。',
  },
  'not-allowed': {
    en: 'This {kind} ({roles}) may not call {call}. Ask an administrator of the hospital for the right.',
    zh: '此{kind}（{roles}）无权调用 {call}。如需权限，请联系本院管理员。',
  },
  'not-in-scope': {
    en: 'This {kind} ({roles}) is limited to {scopes} and may not call {call}, which wants {scope}. Ask an administrator of the hospital for the right.',
    zh: '此{kind}（{roles}）的权限仅限 {scopes}，无权调用 {call}（需要 {scope}）。如需权限，请联系本院管理员。',
  },
  'caller-person': { en: 'person', zh: '人员' },
  'caller-key': { en: 'key', zh: '密钥' },
  'caller-program': { en: 'program', zh: '程序' },
  'role-platform-operator': {
    en: 'Only a platform operator gives the role platform_operator, and changes whoever has it.',
    zh: '只有平台运营者可以授予 platform_operator 角色，或修改拥有该角色的账号。',
  },
  'departments-not-yours': {
    en: 'You see the departments {departments}, and give no others.',
    zh: '您的权限限于 {departments} 科室，不能授予其他科室的权限。',
  },
  'scopes-not-yours': {
    en: 'This key is limited to {scopes}, and gives no more.',
    zh: '此密钥的权限限于 {scopes}，不能授予更多权限。',
  },
  'roles-not-yours': {
    en: 'You give the roles {roles}, and no others: ask an administrator of the hospital.',
    zh: '您只能授予 {roles} 角色；如需其他角色，请联系本院管理员。',
  },
  'roles-beyond-scopes': {
    en: 'This key is limited to {scopes}. The roles {roles} can do more ({missing}): ask an administrator, or use a key with these scopes.',
    zh: '此密钥的权限限于 {scopes}，而 {roles} 角色还可以使用 {missing}：请联系管理员，或改用具有这些权限的密钥。',
  },
  'own-patients-not-yours': {
    en: 'You see your own patients alone: register people with ownPatientsOnly, and no keys.',
    zh: '您只能查看自己负责的患者：登记的人员须设 ownPatientsOnly 为 true，且不能创建密钥。',
  },
  'addresses-not-yours': {
    en: 'Your access is limited to the addresses {addresses}: give addresses within these.',
    zh: '您的权限限于地址 {addresses}：所授予的 addresses 须在此范围内。',
  },
  'expiry-not-yours': {
    en: 'Your access ends at {expiresAt}: give nothing that ends later.',
    zh: '您的权限于 {expiresAt} 到期：所授予的权限不能晚于此时到期。',
  },
  'unlimited-only': {
    en: 'Only administrators without a limit of departments, patients, scopes, addresses or expiry change this: it applies to the whole hospital.',
    zh: '此项适用于全院，只有不受科室、患者、权限范围、地址和有效期限制的管理员可以更改。',
  },
  'name-not-yours': {
    en: 'Patients beyond your departments have a nurse of this name: choose another name, or ask an administrator of the whole hospital.',
    zh: '您的科室以外有患者的责任护士使用此姓名：请另选姓名，或联系全院管理员。',
  },
  'own-reset': {
    en: 'Nobody resets their own account: change the password by POST /me/password, or ask another administrator.',
    zh: '不能重置自己的账号：请用 POST /me/password 修改密码，或请另一位管理员重置。',
  },
  csrf: {
    en: 'Send the header "X-Requested-With: nedwatch" with every request that changes something.',
    zh: '凡是修改数据的请求，都须带请求头“X-Requested-With: nedwatch”。',
  },
  'idempotency-key-too-long': {
    en: 'An Idempotency-Key has at most {limit} characters.',
    zh: 'Idempotency-Key 最多 {limit} 个字符。',
  },
  'request-in-progress': {
    en: 'The first request with this Idempotency-Key is still being carried out.',
    zh: '使用此 Idempotency-Key 的第一个请求仍在处理中。',
  },
  'idempotency-key-reused': {
    en: 'This Idempotency-Key was used for another request: choose a new one.',
    zh: '此 Idempotency-Key 已用于另一个请求，请换一个新的。',
  },
  'idempotent-limits-changed': {
    en: 'This request was carried out before, and is not again. What you may see has changed since, so its answer is not repeated: read what it was about anew.',
    zh: '此请求此前已执行，不再重复执行。您可查看的范围此后已改变，因此不再返回当时的应答：请重新读取相关数据。',
  },
  'answer-not-kept': {
    en: 'This request was carried out before, and is not again. Its answer is not kept, because it was lost, was too large or has been removed: read what it was about, or choose a new Idempotency-Key to carry it out once more.',
    zh: '此请求此前已执行，不再重复执行。当时的应答已丢失、过大或已被清除，无法再次返回：请读取相关数据；如需再次执行，请换一个新的 Idempotency-Key。',
  },
  'too-many-requests': {
    en: 'More requests than this program takes from one key or address: wait, and ask less often.',
    zh: '同一密钥或地址的请求过多：请稍候，并降低请求频率。',
  },
  'too-many-failed-sign-ins': {
    en: 'Wrong credentials came from this address too often: wait, and check the key.',
    zh: '此地址多次使用错误的凭证：请稍候，并核对密钥。',
  },
  'author-required': {
    en: 'A key says whom it speaks for; only people who have signed in leave this out.',
    zh: '使用密钥时须写明代表谁；只有已登录的人员可以省略。',
  },

  'key-set-private': {
    en: 'This is a private key: send its public part alone, without d, and make a new key, because this one has left its owner.',
    zh: '这是私钥：请只提交公钥部分（不含 d），并另生成一对密钥，因为此私钥已经外泄。',
  },
  'key-set-weak': {
    en: 'This is no public key that counts: send RSA with at least 2048 bits, or EC on the curve P-384.',
    zh: '不是可用的公钥：请提交至少 2048 位的 RSA 公钥，或 P-384 曲线的 EC 公钥。',
  },
  'key-ids-once': { en: 'Give each key a kid of its own.', zh: '每个密钥的 kid 不能重复。' },
  'keys-or-url': {
    en: 'Send either keys, or the url at which the machine serves them.',
    zh: 'keys 与 url 请只填其中一项：直接给出公钥，或给出公钥所在的地址。',
  },
  'key-set-https': {
    en: 'Send an address that begins with https and has neither a query nor a fragment.',
    zh: '请填写以 https 开头、不带查询参数和片段的地址。',
  },
  'login-taken': {
    en: 'Somebody in the hospital has this login already: add what tells them apart.',
    zh: '本院已有人使用此登录名，请加以区分。',
  },
  'own-rights': {
    en: 'Nobody changes their own roles, departments or state: another administrator does.',
    zh: '不能修改自己的角色、科室或状态，须由另一位管理员修改。',
  },
  'last-administrator': {
    en: 'This is the last active administrator of the hospital: make somebody else one first.',
    zh: '这是本院最后一位在用的管理员，请先另设一位管理员。',
  },
  'login-form': {
    en: 'Two to 64 letters, digits, or . _ - @.',
    zh: '2 到 64 个字符：字母、汉字、数字或 . _ - @。',
  },
  'roles-once': { en: 'Each role once.', zh: '每个角色只写一次。' },
  'address-range-form': {
    en: 'Write an address or a range: 10.1.2.0/24, 2001:db8::/32.',
    zh: '请填写 IP 地址或网段，例如 10.1.2.0/24、2001:db8::/32。',
  },
  'code-form': {
    en: 'Two to 20 letters a to z, digits or hyphens.',
    zh: '2 到 20 个字符：小写字母 a 到 z、数字或连字符。',
  },
  'code-taken': {
    en: 'Another hospital has this code: choose one of its own.',
    zh: '此代码已被另一家医院使用，请另选一个。',
  },
  'time-zone-form': {
    en: 'Not an IANA time zone: write Asia/Shanghai.',
    zh: '不是有效的 IANA 时区，例如 Asia/Shanghai。',
  },
  'private-network-form': {
    en: 'Not a private network: write 10.20.30.0/24, 192.168.1.7 or fd12:3456::/32.',
    zh: '不是内网地址，例如 10.20.30.0/24、192.168.1.7 或 fd12:3456::/32。',
  },
});
