import { dictionary } from '../words/dictionary.js';

/** The tasks of a day, in the order in which they come up. The keys of the steps keep their order. */
export const helpWords = dictionary(
  {
    title: '使用帮助',
    find: '在帮助中查找',
    found: (count: number) => `共 ${count} 项`,
    nothing: '没有找到这样的内容',
    nothingHelp: '请换一个更短的词，例如“预约”。按 ? 可查看全部按键。',
    pictureOf: (task: string) => `图：${task}`,
    tasks: {
      due: {
        title: '看今天该处理谁',
        steps: {
          a: '打开工作清单。左侧是各清单及人数，最急的患者排在最前面。',
          b: '按 M 只看自己的患者；按 G 再按 O 到“逾期”，按 G 再按 D 到“到期”。',
          c: '按 J、K 上下移动，按 Enter 在旁边打开患者，不离开清单。',
        },
      },
      why: {
        title: '看某个日期的依据',
        steps: {
          a: '在患者行上按 Enter。',
          b: '在项目下点“为何是这一天”：显示指南原文、计时起点、推算过程，以及哪些情况会改变日期。',
        },
      },
      book: {
        title: '预约检查',
        steps: {
          a: '在患者行上按 B。清单中的项目已经选好。',
          b: '填写日期，按 Enter 保存。该行显示预约日期。',
          c: '日期超出时间窗时，会要求填写原因。',
        },
      },
      result: {
        title: '录入结果',
        steps: {
          a: '在患者行上按 R，选择项目和检查日期，填写结果。',
          b: '按 Enter 保存。提示中会显示下一次的应做日。',
          c: '异常结果会进入“待医生判断”。',
        },
      },
      contact: {
        title: '打电话并记录联系',
        steps: {
          a: '按 Enter 打开患者，点电话号码即可拨打。',
          b: '按 C 记录联系：方式、结果，没接通时选择原因。',
          c: '可以填写下次联系的日期，到那天患者会回到清单。',
        },
      },
      defer: {
        title: '延期，或记录患者拒绝',
        steps: {
          a: '按 S 延期：选择到哪一天和原因。到期后项目回到“延期后返回”。',
          b: '按 D 记录患者拒绝，并写明何时再次询问。',
        },
      },
      undo: {
        title: '撤销',
        steps: {
          a: '操作之后十秒内按 Z，或点提示中的“撤销”。',
          b: '十秒之后，在患者的记录中更正。原记录会保留，并注明由谁更正。',
        },
      },
      many: {
        title: '一次处理多位患者',
        steps: {
          a: '按 X 选择一行，移动后按 Shift X 选到这一行，最多 200 位。',
          b: '再按操作的按键。未完成的患者会逐一列出原因。',
        },
      },
      owner: {
        title: '把患者交给同事',
        steps: {
          a: '在患者行上按 A，选择同事，按 Enter。',
          b: '选择多行时，会一并交接；按 Z 可撤销。',
        },
      },
      search: {
        title: '查找患者',
        steps: {
          a: '在任何页面按 /，输入完整的病案号、姓名或电话，按 Enter。',
          b: '输入的内容不会出现在网址中。按 Esc 回到清单。',
        },
      },
      list: {
        title: '筛选，并保存自己的清单',
        steps: {
          a: '点“筛选”，选择项目、负责人、科室或日期。每个条件显示为一个标签，点 × 去掉。',
          b: '点“保存清单”，起一个名字；也可以与同事共享。',
          c: '点“列”选择要看的列。',
        },
      },
      changed: {
        title: '看到 ↻ 或同事的姓名',
        steps: {
          a: '↻ 表示其他人改过这位患者。行不会移动；按 U 重新读取清单。',
          b: '姓名表示该同事正在处理这位患者，请先与其确认。',
        },
      },
      paper: {
        title: '打印和导出',
        steps: {
          a: '点“打印”，纸上会写明清单、医院和日期。',
          b: '点“导出 Excel”，得到带同样筛选条件的表格。',
        },
      },
      lock: {
        title: '页面锁定了',
        steps: {
          a: '一段时间没有操作，或登录已过期时，页面会锁定。已输入的内容仍在。',
          b: '输入密码即可继续。换人使用时，请先退出登录。',
        },
      },
    },
  },
  {
    title: 'Help',
    find: 'Find in the help',
    found: (count: number) => (count === 1 ? '1 task' : `${count} tasks`),
    nothing: 'Nothing like this was found',
    nothingHelp: 'Try a shorter word, such as "book". Press ? for all keys.',
    pictureOf: (task: string) => `Picture: ${task}`,
    tasks: {
      due: {
        title: 'Find out who is due',
        steps: {
          a: 'Open the worklist. The lists and their counts are at the left; the most urgent patient comes first.',
          b: 'Press M for your own patients only. Press G then O for Overdue, G then D for Due.',
          c: 'Press J and K to move, and Enter to open the patient beside the list.',
        },
      },
      why: {
        title: 'See why a date is what it is',
        steps: {
          a: 'Press Enter on the row of the patient.',
          b: 'Choose "Why on this day": it shows the sentence of the guideline, the start, the arithmetic, and what would change the date.',
        },
      },
      book: {
        title: 'Book an examination',
        steps: {
          a: 'Press B on the row of the patient. The items of the list are already chosen.',
          b: 'Enter the date and press Enter. The row shows the booking.',
          c: 'A date outside of the window needs a reason.',
        },
      },
      result: {
        title: 'Record a result',
        steps: {
          a: 'Press R on the row of the patient. Choose the item and the day of the examination, and enter the result.',
          b: 'Press Enter. The message shows when the next one is due.',
          c: 'An abnormal result goes to the list To judge.',
        },
      },
      contact: {
        title: 'Call a patient and record it',
        steps: {
          a: 'Press Enter to open the patient. Click the phone number to dial.',
          b: 'Press C to record the contact: how, with which result, and why it failed.',
          c: 'You may enter the day of the next contact. The patient returns to the list on that day.',
        },
      },
      defer: {
        title: 'Defer an item, or record that the patient declines',
        steps: {
          a: 'Press S to defer: choose the day and the reason. Then the item is in the list Returned.',
          b: 'Press D when the patient declines, and enter when to ask again.',
        },
      },
      undo: {
        title: 'Undo',
        steps: {
          a: 'Press Z within ten seconds, or choose Undo in the message.',
          b: 'Later, correct the record of the patient. The earlier entry is kept with the name of the person who corrected it.',
        },
      },
      many: {
        title: 'Handle many patients at once',
        steps: {
          a: 'Press X to select a row, move, and press Shift X to select up to that row. 200 patients at most.',
          b: 'Press the key of the act. Patients for whom it failed are listed with the reason.',
        },
      },
      owner: {
        title: 'Hand patients over to a colleague',
        steps: {
          a: 'Press A on the row, choose the colleague, and press Enter.',
          b: 'All selected rows are handed over together. Press Z to undo.',
        },
      },
      search: {
        title: 'Find a patient',
        steps: {
          a: 'Press / on any page. Enter the whole number, name or phone, and press Enter.',
          b: 'What you enter is never part of the address. Press Esc to return to the list.',
        },
      },
      list: {
        title: 'Filter, and save a list of your own',
        steps: {
          a: 'Choose Filter, and then the activity, the nurse, the department or the dates. Each filter is a chip; × removes it.',
          b: 'Choose Save list and enter a name. You may share it with colleagues.',
          c: 'Choose Columns to select what the rows show.',
        },
      },
      changed: {
        title: 'A row shows ↻ or the name of a colleague',
        steps: {
          a: '↻: another person changed this patient. The row does not move; press U to read the list again.',
          b: 'The name: this colleague works on the patient now. Ask before you act.',
        },
      },
      paper: {
        title: 'Print and export',
        steps: {
          a: 'Choose Print. The paper names the list, the hospital and the day.',
          b: 'Choose Export to Excel for a table with the same filters.',
        },
      },
      lock: {
        title: 'The page is locked',
        steps: {
          a: 'The page is locked after some time without use, and when the session has ended. What you typed is kept.',
          b: 'Enter your password to continue. Sign out before another person uses the computer.',
        },
      },
    },
  },
);
