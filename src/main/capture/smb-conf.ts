/** What `check password script` is to be; Samba gives it to a shell, which has nothing more to do then. */
export function hookCommand(hook: { readonly program: string; readonly configuration: string }): string {
  return `exec ${hook.program} ${hook.configuration}`;
}

/** Samba takes parameter names without regard to case and spaces. */
function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/\s+/g, '');
}

const parameter = foldName('check password script');
/** Keeps what an administrator had there before, so that it can be put back. */
const keptPrefix = '\t# before carillon: ';
const note =
  '\t# Holds new passwords against the complexity rule and captures them: carillon capture uninstall';

interface Setting {
  readonly first: number;
  /** One past the last line, continuation lines included. */
  readonly end: number;
  readonly value: string;
}

/** Every setting of the parameter in [global], with the lines that it takes. */
function findSettings(lines: readonly string[], name: string): readonly Setting[] {
  const found: Setting[] = [];
  let inGlobal = true;
  for (let index = 0; index < lines.length; index += 1) {
    const first = index;
    let line = lines[index] ?? '';
    while (line.endsWith('\\') && index + 1 < lines.length) {
      index += 1;
      line = `${line.slice(0, -1)}${lines[index] ?? ''}`;
    }
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) inGlobal = foldName(section) === 'global';
    const [, key, value] = /^\s*([^#;[=][^=]*)=(.*)$/s.exec(line) ?? [];
    if (inGlobal && key !== undefined && foldName(key) === name)
      found.push({ first, end: index + 1, value: (value ?? '').trim() });
  }
  return found;
}

/** The value of a [global] parameter of smb.conf; the last setting counts. Included files are not read. */
export function readGlobalParameter(text: string, name: string): string | undefined {
  return findSettings(text.split('\n'), foldName(name)).at(-1)?.value;
}

/** Sets `check password script`; what was set before stays as a comment. Changes nothing where it is set already. */
export function addPasswordScript(text: string, command: string): string {
  if (readGlobalParameter(text, parameter) === command) return text;
  const lines = removePasswordScript(text).split('\n');
  const kept: string[] = [];
  for (const { first, end, value } of findSettings(lines, parameter).toReversed()) {
    lines.splice(first, end - first);
    kept.unshift(`${keptPrefix}${value}`);
  }
  const global = lines.findIndex((line) => foldName(/^\s*\[([^\]]*)\]/.exec(line)?.[1] ?? '') === 'global');
  const added = [note, ...kept, `\tcheck password script = ${command}`];
  if (global < 0) lines.unshift('[global]', ...added, '');
  else lines.splice(global + 1, 0, ...added);
  return lines.join('\n');
}

/** Takes out what {@link addPasswordScript} put in, and puts back what was there before. */
export function removePasswordScript(text: string): string {
  const lines = text.split('\n');
  const at = lines.indexOf(note);
  if (at < 0) return text;
  let end = at + 1;
  const restored: string[] = [];
  while (lines[end]?.startsWith(keptPrefix)) {
    restored.push(`\tcheck password script = ${lines[end]?.slice(keptPrefix.length)}`);
    end += 1;
  }
  const [own] = findSettings(lines.slice(0, end + 1), parameter).filter(({ first }) => first === end);
  lines.splice(at, (own?.end ?? end) - at, ...restored);
  return lines.join('\n');
}
