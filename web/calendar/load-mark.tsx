import type { CalendarDay } from '../calls/calendar.js';
import { Chip, type Tone } from '../parts/chip.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';
import { filled, loadState, type LoadState } from './load-state.js';
import './load-mark.css';

const TONES: Partial<Record<LoadState, Tone>> = { filling: 'warning', full: 'warning', over: 'late' };

/** How full a day is: figures, a bar, and a word where room is short. The colour only repeats it. */
export function LoadMark({ day, isPast = false }: { readonly day: CalendarDay; readonly isPast?: boolean }) {
  const words = useWords(calendarWords);
  const state = loadState(day);
  const { booked, capacity, due, visible } = day;
  const tone = TONES[state];
  const isLimited = capacity !== null && capacity > 0;
  if (state === 'off' && due === 0) return null;
  return (
    <span className={`load-mark load-${state}`}>
      <span className="load-figures">
        <span className={booked === 0 ? 'quiet' : undefined}>
          {isLimited ? words.bookedOf(booked, capacity) : words.booked(booked)}
        </span>
        {due > 0 && <span className="quiet">{words.due(due)}</span>}
        {visible !== null && <span className="quiet">{words.mine(visible.booked + visible.due)}</span>}
        {tone !== undefined && !isPast && <Chip tone={tone}>{words.states[state]}</Chip>}
      </span>
      {isLimited && (
        <span className="load-bar" aria-hidden="true">
          <span className="load-bar-filled" style={{ width: `${100 * filled(day)}%` }} />
        </span>
      )}
    </span>
  );
}
