import { texts } from '../../guideline/message.js';

/** Sign-in, local or by single sign-on; passwords and second factors. */
export const SIGN_IN_MESSAGES = texts({
  'first-run-link-invalid': {
    en: 'This link is not valid. It counts once, for 24 hours, until the next start of the program, and only while there are no people. Start the program again and open the link that it prints; with an account, sign in.',
    zh: '此链接无效。链接只能使用一次，24 小时内、程序下次启动之前、且尚无用户时有效。请重新启动程序并打开它显示的链接；已有账号者请直接登录。',
  },
  'sign-in-failed': {
    en: 'Hospital, login, password or code is not right. Whoever has forgotten theirs asks an administrator.',
    zh: '医院代码、登录名、密码或验证码有误。忘记密码请联系管理员。',
  },
  'second-factor-required': {
    en: 'Send the code of your authenticator as totp.',
    zh: '请在 totp 中填写动态口令。',
  },
  'new-password-required': {
    en: 'Choose a new password: send it as newPassword too.',
    zh: '请设置新密码，并在 newPassword 中一并提交。',
  },
  'too-many-attempts': {
    en: 'This was tried too often: wait, and check login and password.',
    zh: '尝试次数过多：请稍候，并核对登录名和密码。',
  },
  'grant-type-unsupported': {
    en: 'Send grant_type=client_credentials.',
    zh: '请发送 grant_type=client_credentials。',
  },
  'assertion-required': {
    en: 'Send client_assertion_type={type}, and the signed token as client_assertion.',
    zh: '请发送 client_assertion_type={type}，并在 client_assertion 中发送签名的令牌。',
  },
  'scope-required': {
    en: 'Send in scope what is wanted, divided by spaces, such as system/Patient.rs.',
    zh: '请在 scope 中写明所需权限，以空格分隔，例如 system/Patient.rs。',
  },
  'too-many-scopes': { en: 'At most {limit} scopes.', zh: '最多 {limit} 项权限。' },
  'no-scope-granted': {
    en: 'The client may have none of {wanted}: ask for system/TYPE.rs or a scope of keys that its roles and its limits include.',
    zh: '此客户端不能获得 {wanted} 中的任何一项：请申请其角色和权限范围之内的 system/资源类型.rs 或密钥权限。',
  },
  'assertion-unknown-client': {
    en: 'No client of this id may sign in from here: check that iss and sub are the id of the registration, that it is neither revoked nor expired, and that it may be used from this address.',
    zh: '没有可从此处登录的该客户端：请核对 iss 和 sub 是否为登记所得的 id、登记是否已撤销或到期、是否允许从此地址使用。',
  },
  'assertion-claim': {
    en: 'The claim {claim} of the assertion is not as it has to be: iss and sub are the client, aud is the address that is called, exp is at most five minutes away, and jti is at most 500 characters.',
    zh: '断言中的 {claim} 不符合要求：iss 与 sub 为客户端 id，aud 为所调用的地址，exp 不超过五分钟，jti 最多 500 个字符。',
  },
  'assertion-too-long': {
    en: 'The assertion is valid for too long: its exp is at most {seconds} seconds away.',
    zh: '断言有效期过长：exp 距今最多 {seconds} 秒。',
  },
  'assertion-expired': {
    en: 'The assertion has expired: make a new one for each request, and look at the clocks.',
    zh: '断言已过期：每次请求请生成新的断言，并检查双方时钟。',
  },
  'assertion-no-key': {
    en: 'None of the registered keys fits: name in the header the kid of a registered key, and as jku, if at all, the registered address.',
    zh: '没有匹配的已登记公钥：请在头部写明已登记密钥的 kid；若写 jku，须为已登记的地址。',
  },
  'assertion-algorithm': {
    en: 'Sign by RS384 or ES384.',
    zh: '请使用 RS384 或 ES384 签名。',
  },
  'assertion-signature': {
    en: 'The signature is not by the registered key.',
    zh: '签名与已登记的公钥不符。',
  },
  'assertion-keys-unread': {
    en: 'The assertion could not be verified: send a signed JSON Web Token, and look whether the registered address answers a key set within five seconds.',
    zh: '无法验证断言：请发送签名的 JSON Web Token，并检查登记的公钥地址能否在五秒内返回密钥集。',
  },
  'assertion-used': {
    en: 'This assertion was used before: give each its own jti.',
    zh: '此断言已被使用：每个断言须有各自的 jti。',
  },
  'password-or-setup-code': {
    en: 'Send either a password or a set-up code.',
    zh: '密码与设置码，请只填其中一项。',
  },
  'six-digits': {
    en: 'Six digits, as the authenticator shows them.',
    zh: '动态口令为 6 位数字。',
  },
  'wrong-code': {
    en: 'Not the code that the authenticator shows now; look at the clocks.',
    zh: '动态口令与当前显示的不符；请检查双方时钟。',
  },
  'code-required': {
    en: 'Send the code of your authenticator as code, or one of your recovery codes as recoveryCode.',
    zh: '请在 code 中填写动态口令，或在 recoveryCode 中填写一个恢复码。',
  },
  'step-up-required': {
    en: '{call} changes access rights: prove who you are again, by POST /me/step-up with password and code, or, with single sign-on, at /sso/HOSPITAL/PROVIDER/start?reauthenticate=true. It holds for five minutes.',
    zh: '{call} 会更改访问权限：请再次证明身份，用 POST /me/step-up 提交密码和动态口令；使用统一登录的，请打开 /sso/医院代码/登录系统代码/start?reauthenticate=true 重新登录。五分钟内有效。',
  },
  'second-factor-needed': {
    en: 'The hospital requires a second factor for your roles: enrol an authenticator by POST /me/totp and POST /me/totp/confirm. If one is enrolled, sign in again with its code; with single sign-on, sign in there with a second factor.',
    zh: '本院要求您的角色使用第二因素：请用 POST /me/totp 和 POST /me/totp/confirm 绑定动态口令。已绑定的请用动态口令重新登录；使用统一登录的，请在那里以第二因素登录。',
  },
  'wrong-password': { en: 'Not your present password.', zh: '当前密码不正确。' },
  'no-password': {
    en: 'You sign in elsewhere, and have no password here.',
    zh: '您通过统一登录进入，在此没有密码。',
  },
  'totp-enrolled': {
    en: 'An authenticator is enrolled already: take it away first, by DELETE /me/totp.',
    zh: '已绑定动态口令：请先用 DELETE /me/totp 解除绑定。',
  },
  'totp-not-waiting': {
    en: 'No authenticator waits for its first code.',
    zh: '没有等待确认的动态口令绑定。',
  },
  'password-too-short-alone': {
    en: 'The password is too short to stand alone: choose a longer one first.',
    zh: '不使用动态口令时此密码过短：请先改为更长的密码。',
  },
  'password-too-short': { en: 'At least {shortest} characters.', zh: '密码至少 {shortest} 个字符。' },
  'password-shorter-with-code': {
    en: 'At least {shortest} characters: a sentence of your own is easily remembered. {withCode} do where a code is asked for as well.',
    zh: '密码至少 {shortest} 个字符：自编一句话便于记忆。绑定动态口令后 {withCode} 个字符即可。',
  },
  'password-too-long': { en: 'At most {longest} characters.', zh: '密码最多 {longest} 个字符。' },
  'password-common': {
    en: 'This is one of the passwords that are tried first: choose another.',
    zh: '这是最容易被猜中的常见密码之一，请另选一个。',
  },
  'password-obvious': {
    en: 'It contains the login, a name or the hospital: choose another.',
    zh: '密码含有登录名、姓名或医院名称，请另选一个。',
  },
  'password-too-simple': {
    en: 'At least three of: small letters, capital letters, digits, other characters.',
    zh: '小写字母、大写字母、数字、其他字符四类中至少含三类。',
  },
  'password-used': {
    en: 'This password was used before: choose another.',
    zh: '此密码以前用过，请另选一个。',
  },

  'sso-failed': {
    en: 'Signing in elsewhere did not come to its end here: begin anew, in the same browser.',
    zh: '统一登录未能完成：请在同一浏览器中重新开始。',
  },
  'no-such-sign-in': {
    en: 'The hospital has no such way of signing in: look at the address.',
    zh: '本院没有这种登录方式，请核对地址。',
  },
  'provider-unreachable': {
    en: 'The system that vouches for you does not answer as it should: try again, or tell an administrator.',
    zh: '统一登录系统未正常应答：请重试，或告知管理员。',
  },
  'logout-token-refused': {
    en: 'The logout token is not valid here.',
    zh: '登出令牌无效。',
  },
  'not-known-here': {
    en: 'Nobody here is linked to this account: ask an administrator of the hospital.',
    zh: '此账号尚未关联到本院人员，请联系本院管理员。',
  },
  'account-disabled': { en: 'This account is disabled here.', zh: '此账号在本院已停用。' },
  'no-role-here': {
    en: 'Your account there gives you no role here: ask an administrator.',
    zh: '您的统一登录账号在此没有任何角色，请联系管理员。',
  },
  'issuer-form': {
    en: 'An issuer is reached by https, and its address has no query.',
    zh: '签发者（issuer）须用 https 地址，且不带查询参数。',
  },
  'not-an-address': { en: 'Not an address.', zh: '不是有效的网址。' },
  'too-many-values': { en: 'At most {limit} values.', zh: '最多 {limit} 项。' },
  'provider-code-taken': {
    en: 'The hospital has a provider with this code already.',
    zh: '本院已有使用此代码的统一登录系统。',
  },
  'issuer-taken': {
    en: 'The hospital has a provider with this issuer already.',
    zh: '本院已有使用此签发者的统一登录系统。',
  },
  'unknown-provider': {
    en: 'There is no provider {code} in this hospital.',
    zh: '本院没有统一登录系统 {code}。',
  },
  'identity-of-provider': {
    en: 'The account came into being by a sign-in there, and the next one would make another account: disable the account instead.',
    zh: '该账号由那里的登录自动建立；解除关联后，再次登录会另建账号。请改为停用账号。',
  },
  'subject-taken': {
    en: 'Somebody else in the hospital is this one already.',
    zh: '此账号已关联到本院的另一位人员。',
  },
});
