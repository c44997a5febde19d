const reading =
  /\b(?:object|values)\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*(?:"([^"\\]{1,256})"|'([^'\\]{1,256})')\s*\])/g;

/** The attributes that an expression may read, as it spells them: an agent imports these. */
export function attributesIn(expression: string): readonly string[] {
  const names = [...expression.matchAll(reading)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  return [...new Set(names.filter((name) => name !== ''))];
}
