/**
 * The address of a list with this state; what is empty does not stand in it. `names` gives the order and what may stand there:
 * nothing else of `query` does.
 */
export function listPath<Name extends string>(
  base: string,
  names: readonly Name[],
  query: Readonly<Partial<Record<Name, string>>>,
): string {
  const parameters = new URLSearchParams();
  for (const name of names) {
    const value = query[name];
    if (value) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text ? `${base}?${text}` : base;
}
