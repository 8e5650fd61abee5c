import { Button } from '../parts/button.js';
import { SelectField, TextField } from '../parts/field.js';
import { HOSPITAL_ROLES, roleWords } from '../words/role-words.js';
import { useWords } from '../words/use-words.js';
import { accessWords } from './access-words.js';
import type { RoleLine } from './role-lines.js';

export function RoleMapField({
  lines,
  onLines,
}: {
  readonly lines: readonly RoleLine[];
  readonly onLines: (lines: readonly RoleLine[]) => void;
}) {
  const words = useWords(accessWords);
  const roleNames = useWords(roleWords);
  const put = (place: number, line: RoleLine): void =>
    onLines(lines.map((one, index) => (index === place ? line : one)));
  return (
    <fieldset className="fields">
      <legend className="field-legend">{words.roleMap}</legend>
      <p className="quiet small">{words.roleMapHelp}</p>
      {lines.map((line, place) => (
        <div key={place} className="toolbar">
          <TextField
            label={words.claimValue}
            value={line.value}
            onValue={(value) => put(place, { ...line, value })}
          />
          <SelectField
            label={words.roles}
            value={line.role}
            options={HOSPITAL_ROLES.map((role) => ({ value: role, text: roleNames[role] }))}
            onValue={(role) => put(place, { ...line, role })}
          />
          <Button onClick={() => onLines(lines.filter((_, index) => index !== place))}>
            {words.removeValue}
          </Button>
        </div>
      ))}
      <p>
        <Button onClick={() => onLines([...lines, { value: '', role: 'nurse' }])}>{words.addValue}</Button>
      </p>
    </fieldset>
  );
}
