import { quoteWord } from '../../configuration/quote-word.ts';

/** A command line of a tool: `carillon ssomanage -enableapp SAP`. */
export function toolCommand(tool: 'ssomanage' | 'ssops' | 'ssoconfig', ...words: readonly string[]): string {
  return ['carillon', tool, ...words.map(quoteWord)].join(' ');
}

/** The lines that write a file and give it to a tool. */
export function commandWithFile(
  tool: 'ssomanage' | 'ssops',
  verb: string,
  file: string,
  text: string,
): string {
  return `cat > ${quoteWord(file)} <<'END'\n${text.trimEnd()}\nEND\n${toolCommand(tool, verb, file)}`;
}
