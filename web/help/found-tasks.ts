/** A task as it is written. */
export interface Task {
  readonly title: string;
  readonly steps: Readonly<Record<string, string>>;
}

/** The tasks that contain every word that was typed, in their order. */
export function foundTasks<Found extends Task>(tasks: readonly Found[], typed: string): readonly Found[] {
  const words = typed.toLowerCase().split(/\s+/);
  return tasks.filter(({ title, steps }) => {
    const text = [title, ...Object.values(steps)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
