/** A setting's value as people read it; a list has a line for each element. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'Not set';
  if (value === true) return 'Yes';
  if (value === false) return 'No';
  if (Array.isArray(value)) return value.length === 0 ? 'None' : value.map(describeElement).join('\n');
  return typeof value === 'object' ? describeElement(value) : String(value);
}

function describeElement(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeElement).join(', ');
  if (typeof value !== 'object' || value === null) return describeValue(value);
  const bag = value as Readonly<Record<string, unknown>>;
  // Both are the two ends of a flow or of a join's condition.
  if (
    typeof bag['connector'] === 'string' &&
    typeof bag['person'] === 'string' &&
    Object.keys(bag).length === 2
  )
    return `${bag['connector']} → ${bag['person']}`;
  return Object.entries(bag)
    .map(([key, inner]) =>
      Array.isArray(inner) ? describeElement(inner) : `${key} ${describeElement(inner)}`,
    )
    .join(', ');
}
