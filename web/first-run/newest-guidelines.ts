interface Version {
  readonly id: string;
  readonly version: string;
}

/** The newest version of each guideline, which the server lists last, and the one in force. */
export const newestOf = <Listed extends Version>(
  guidelines: readonly Listed[],
  inForce: string,
): readonly Listed[] =>
  guidelines.filter(
    ({ id, version }, at) =>
      `${id}@${version}` === inForce || !guidelines.slice(at + 1).some((later) => later.id === id),
  );
