import { dictionary } from '../words/dictionary.js';

export const failureWords = dictionary(
  {
    unreachable: '服务器没有应答。请检查网络后重试；已输入的内容仍在。',
    unexpected: '页面出错。请重新载入；若再次出现，请告知管理员。',
    notProven: '没有保存：您没有确认身份。已输入的内容仍在，请再试一次。',
    enrol: '到“我的账户”设置身份验证器',
    retry: '重试',
  },
  {
    unreachable: 'The server does not answer. Check the network and try again; what you typed is kept.',
    unexpected: 'The page failed. Load it again; if it fails once more, inform your administrator.',
    notProven:
      'Nothing was saved, because you did not confirm who you are. What you typed is kept: try again.',
    enrol: 'Set up an authenticator in “My account”',
    retry: 'Try again',
  },
);
