/** A change of a patient that the server sent over the stream. */
export interface Change {
  readonly patientId: string;
  readonly kind: string;
  /** Of `presence`: who works on the patient now. */
  readonly workingNow?: readonly string[];
}

export interface ChangeListener {
  readonly onChange: (change: Change) => void;
  /** So much was missed that everything is read again. */
  readonly onReload: () => void;
  /** From here on no change is missed. */
  readonly onReady: () => void;
}

const RETRY_MS = 10_000;

/** Follows the changes of the hospital until the returned function is called. The browser resumes where it left off. */
export function followChanges({ onChange, onReload, onReady }: ChangeListener): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    source = new EventSource('/api/v1/stream');
    source.addEventListener('change', ({ data }) => {
      onChange(JSON.parse(data as string) as Change);
    });
    source.addEventListener('ready', onReady);
    source.addEventListener('reload', onReload);
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it connects again by itself
      retry = setTimeout(() => {
        open();
        onReload(); // the position is lost with the closed source
      }, RETRY_MS);
    });
  };
  open();
  return () => {
    clearTimeout(retry);
    source?.close();
  };
}
