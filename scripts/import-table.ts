import { posix } from 'node:path';

/** Who may import whom: the table of ARCHITECTURE.md, folder to allowed folders, both below `src`. */
export type ImportTable = ReadonlyMap<string, ReadonlySet<string>>;

export interface ImportViolation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Aliases that stand for a folder of the page; the others stand for one of the main side. */
const renderedFolders = new Set(['console', 'ui', 'state', 'nodes']);
const pureFolders = new Set(['shared', 'main/engine', 'main/identity', 'main/sso']);
const importLine =
  /^(?:import|export)\b[^'"]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

export function readImportTable(architecture: string): ImportTable {
  const rows = architecture.matchAll(
    /^\| (shared|main(?:\/[a-z-]+)?|renderer(?:\/[a-z-]+)?) \|[^|]*\| ([^|]+) \|$/gm,
  );
  const table = new Map<string, Set<string>>();
  const folderOf = (word: string) =>
    word === 'shared' || word.startsWith('renderer') ? word : `main/${word}`;
  for (const [, folder, allowed] of rows) {
    if (folder && allowed)
      table.set(folder, new Set(allowed.split(',').map((word) => folderOf(word.trim()))));
  }
  if (table.size < 5) throw new Error('ARCHITECTURE.md has no import table');
  return table;
}

/** The innermost folder of the table that holds `path`, a path below `src`. */
function roomOf(path: string, table: ImportTable): string | undefined {
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    if (table.has(folder)) return folder;
  }
  return undefined;
}

function resolveImport(specifier: string, file: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  const [alias = '', ...rest] = specifier.slice(1).split('/');
  const home = renderedFolders.has(alias)
    ? `renderer/${alias}`
    : alias === 'shared'
      ? alias
      : `main/${alias}`;
  return [home, ...rest].join('/');
}

/** Every import of `source` that the table does not allow; `file` is a path below `src`. */
export function findImportViolations(table: ImportTable, file: string, source: string): ImportViolation[] {
  const room = roomOf(file, table);
  const violations: ImportViolation[] = [];
  if (room === undefined) return [{ file, line: 1, message: 'Lies in no folder of the import table' }];
  for (const match of source.matchAll(importLine)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const line = source.slice(0, match.index).split('\n').length;
    const refuse = (message: string) => violations.push({ file, line, message });
    // Its own version is the one thing that the program reads from outside `src`.
    if (specifier.endsWith('/package.json')) continue;
    if (specifier.startsWith('.') || specifier.startsWith('#')) {
      const target = roomOf(resolveImport(specifier, file), table);
      if (target !== room && !(target && table.get(room)?.has(target)))
        refuse(`${room} may not import ${specifier}`);
      if (target === room && specifier.startsWith('#') && room !== 'shared')
        refuse(`${specifier} lies in the same folder: use ./`);
    } else if (pureFolders.has(room) && specifier !== 'zod') refuse(`${room} is pure: no ${specifier}`);
    else if (specifier === 'electron' && room !== 'main/shell' && room !== 'main/preload')
      refuse('Only shell and preload import electron');
  }
  return violations;
}
