// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /\u001B\[[\d;]*m|[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/**
 * Text for a terminal. What a directory holds is shown and never obeyed: a name must not move the cursor, clear the
 * screen or answer for the keyboard. Colours, line ends and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(controls, (found) => (found.length > 1 ? found : '\uFFFD'));
}
