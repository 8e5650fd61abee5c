import { dictionary } from '../words/dictionary.js';

export const panelWords = dictionary(
  {
    openItems: '未完成项目',
    noOpenItems: '目前没有未完成的项目。',
    contacts: '最近联系',
    noContacts: '还没有联系记录。',
    lastAlive: '最近确认存活',
    nextStep: '联系阶梯下一步',
    born: '出生',
    diagnosed: '确诊',
    phone: '电话',
    nurse: '责任护士',
    next24: '以后的项目',
  },
  {
    openItems: 'Open items',
    noOpenItems: 'No item is open now.',
    contacts: 'Latest contacts',
    noContacts: 'No contact is recorded.',
    lastAlive: 'Known alive on',
    nextStep: 'Next step of the ladder',
    born: 'Born',
    diagnosed: 'Diagnosed',
    phone: 'Telephone',
    nurse: 'Nurse',
    next24: 'Later items',
  },
);
