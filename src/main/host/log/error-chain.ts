/** An error and its causes as messages alone: stacks and fields may hold what a log must not. */
export function describeErrorChain(error: unknown): readonly string[] {
  const messages: string[] = [];
  for (let at = error; at !== undefined && at !== null && messages.length < 8; ) {
    if (!(at instanceof Error)) {
      messages.push(`A ${typeof at} was thrown`);
      break;
    }
    messages.push(at.name === 'Error' ? at.message : `${at.name}: ${at.message}`);
    at = at.cause;
  }
  return messages;
}
