import { dialled, phonesIn } from './phones.js';

/** Numbers that one click dials. Text without a number is shown as it is. */
export function Phones({ text }: { readonly text: string }) {
  const phones = phonesIn(text);
  if (phones.length === 0) return <>{text}</>;
  return (
    <span className="phones">
      {phones.map(({ number, note }) => (
        <span key={number}>
          <a href={dialled(number)}>{number}</a> {note}
        </span>
      ))}
    </span>
  );
}
