import type { WardSettings } from '../calls/ward-settings.js';
import { Button } from '../parts/button.js';
import { DataTable } from '../parts/data-table.js';
import { SelectField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { wardWords } from './ward-words.js';

type Ladder = WardSettings['contacts']['ladder'];
type Channel = Ladder[number]['channel'];

/** The channels in the order in which they are tried, each once. */
export function LadderField({
  ladder,
  isDisabled,
  onLadder,
}: {
  readonly ladder: Readonly<Ladder>;
  readonly isDisabled: boolean;
  readonly onLadder: (ladder: Readonly<Ladder>) => void;
}) {
  const words = useWords(wardWords);
  const free = (Object.keys(words.channels) as Channel[]).filter(
    (channel) => !ladder.some((step) => step.channel === channel),
  );
  const move = (place: number, by: -1 | 1): void => {
    const moved = [...ladder];
    const [step] = moved.splice(place, 1);
    if (step) moved.splice(place + by, 0, step);
    onLadder(moved);
  };
  return (
    <>
      <DataTable label={words.ladder} head={['', words.step, words.attempts, '']}>
        {ladder.map(({ channel, attempts }, place) => (
          <tr key={channel}>
            <td>{place + 1}</td>
            <th scope="row">{words.channels[channel]}</th>
            <td>
              <input
                type="number"
                aria-label={`${words.attempts} · ${words.channels[channel]}`}
                required
                min={1}
                max={20}
                disabled={isDisabled}
                value={attempts}
                onChange={({ target }) =>
                  onLadder(
                    ladder.map((step, index) =>
                      index === place ? { channel, attempts: target.valueAsNumber || 1 } : step,
                    ),
                  )
                }
              />
            </td>
            <td className="row-acts">
              {!isDisabled && (
                <>
                  <Button disabled={place === 0} onClick={() => move(place, -1)}>
                    {words.up}
                  </Button>
                  <Button disabled={place === ladder.length - 1} onClick={() => move(place, 1)}>
                    {words.down}
                  </Button>
                  <Button
                    disabled={ladder.length === 1}
                    onClick={() => onLadder(ladder.filter((_, index) => index !== place))}
                  >
                    {words.take}
                  </Button>
                </>
              )}
            </td>
          </tr>
        ))}
      </DataTable>
      {!isDisabled && free.length > 0 && (
        <SelectField
          label={words.addChannel}
          value=""
          options={[
            { value: '', text: '' },
            ...free.map((channel) => ({ value: channel, text: words.channels[channel] })),
          ]}
          onValue={(channel) => onLadder([...ladder, { channel: channel as Channel, attempts: 1 }])}
        />
      )}
    </>
  );
}
