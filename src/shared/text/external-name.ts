import type { NameRules } from '../model/sso-name-rules.ts';

/** The external name that the rules make of `DOMAIN\user`; empty where they leave nothing. */
export function makeExternalName(rules: NameRules, windowsAccount: string): string {
  const split = windowsAccount.indexOf('\\');
  const parts = [
    writePart(rules.domain, windowsAccount.slice(0, Math.max(0, split)), rules.remove),
    writePart(rules.user, windowsAccount.slice(split + 1), rules.remove),
  ].filter((part) => part !== undefined);
  const name = `${rules.prepend}${parts.join(rules.separator)}${rules.append}`;
  return [...name].slice(0, rules.limit ?? name.length).join('');
}

function writePart(letters: NameRules['user'], text: string, remove: string): string | undefined {
  if (letters === 'omit') return undefined;
  const kept = [...text].filter((character) => !remove.includes(character)).join('');
  if (letters === 'upper') return kept.toUpperCase();
  return letters === 'lower' ? kept.toLowerCase() : kept;
}
