import { dictionary } from '../words/dictionary.js';

export const stepUpWords = dictionary(
  {
    title: '请确认是您本人',
    why: '此操作会更改访问权限。确认后五分钟内不再询问。',
    password: '您的密码',
    code: '动态口令（6 位）',
    recoveryCode: '恢复码',
    useRecoveryCode: '身份验证器不在手边',
    confirm: '确认并继续',
    close: '取消',
    sso: '您用统一登录？请在新窗口重新登录，然后回到这里。',
    again: (provider: string) => `在${provider}重新登录`,
    signedInAgain: '已重新登录，继续',
  },
  {
    title: 'Confirm that it is you',
    why: 'This changes access rights. For five minutes you are not asked again.',
    password: 'Your password',
    code: 'Code of your authenticator (6 digits)',
    recoveryCode: 'Recovery code',
    useRecoveryCode: 'My authenticator is not at hand',
    confirm: 'Confirm and continue',
    close: 'Cancel',
    sso: 'You use single sign-on? Sign in again in a new window, then come back here.',
    again: (provider: string) => `Sign in again at ${provider}`,
    signedInAgain: 'I signed in again: continue',
  },
);
