import { errorOf } from '../calls/problem.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import type { PolicyPart } from './policy-form.js';
import { policyWords } from './policy-words.js';

/** When reminders leave, how often, and when they go to another person. */
export function ReminderFields({ typed, put, error }: PolicyPart) {
  const words = useWords(policyWords);
  const at = (field: string): string | undefined => errorOf(error, `policy/reminders/${field}`);
  return (
    <details>
      <summary>{words.reminders}</summary>
      <p className="quiet small">{words.remindersHelp}</p>
      <div className="policy-fields">
        <TextField
          label={words.leadDays}
          help={words.leadDaysHelp}
          error={at('leadDays')}
          inputMode="numeric"
          value={typed.leadDays}
          onValue={(leadDays) => put({ leadDays })}
        />
        <TextField
          type="time"
          label={words.time}
          error={at('time')}
          value={typed.time}
          onValue={(time) => put({ time })}
        />
        <TextField
          type="time"
          label={words.until}
          error={at('until')}
          value={typed.until}
          onValue={(until) => put({ until })}
        />
        <TextField
          type="number"
          min={1}
          max={90}
          label={words.overdueEveryDays}
          error={at('overdueEveryDays')}
          value={typed.overdueEveryDays}
          onValue={(overdueEveryDays) => put({ overdueEveryDays })}
        />
        <TextField
          type="number"
          min={0}
          max={365}
          label={words.responsibleNurse}
          help={words.escalationHelp}
          error={at('escalation/responsibleNurseAfterDays')}
          value={typed.responsibleNurse}
          onValue={(responsibleNurse) => put({ responsibleNurse })}
        />
        <TextField
          type="number"
          min={0}
          max={365}
          label={words.headNurse}
          error={at('escalation/headNurseAfterDays')}
          value={typed.headNurse}
          onValue={(headNurse) => put({ headNurse })}
        />
      </div>
    </details>
  );
}
