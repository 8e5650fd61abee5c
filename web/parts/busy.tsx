import './busy.css';

/** Work that takes a moment. It appears after a short while, so that fast answers do not flicker. */
export function Busy({ text }: { readonly text: string }) {
  return (
    <p className="busy" role="status">
      {text}
    </p>
  );
}
