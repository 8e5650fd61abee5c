import './progress.css';

/** How far long work is. Screen readers hear the text. */
export function Progress({
  text,
  done,
  total,
}: {
  readonly text: string;
  readonly done: number;
  readonly total: number;
}) {
  return (
    <div className="progress">
      <p role="status">{text}</p>
      <progress value={done} max={total} aria-label={text} />
    </div>
  );
}
