import type { Argument, Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';

import { VerbArgument } from '../sso/verb-argument.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** What may follow one position on the line, with what it means. */
interface Place {
  /** Commands so far, `queue release`; empty at the start. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly meaning: string }[];
  readonly takesFile: boolean;
}

/** Writes a completion script from the command table itself, so that the two never differ. */
export function createCompletionScript(program: Command, shell: string): string {
  const places = collectPlaces(program, '');
  const fileOptions = collectFileOptions(program);
  if (shell === 'bash') return bash(places, fileOptions);
  if (shell === 'zsh') return zsh(places, fileOptions);
  if (shell === 'fish') return fish(places, fileOptions);
  throw new AppError('invalid_input', `No completion for the shell "${shell}"`, {
    fix: `Use ${shells.join(', ')}.`,
  });
}

function collectPlaces(command: Command, path: string): Place[] {
  const help = command.createHelp();
  const words = [
    ...help.visibleCommands(command).map((child) => ({ word: child.name(), meaning: child.description() })),
    ...command.registeredArguments.flatMap(({ argChoices = [], description }) =>
      argChoices.map((word) => ({ word, meaning: description })),
    ),
    ...command.registeredArguments
      .filter((argument) => argument instanceof VerbArgument)
      .flatMap(({ verbs }) => verbs.map(({ name, summary }) => ({ word: `-${name}`, meaning: summary }))),
    ...[...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].flatMap(
      ({ long, description }) => (long ? [{ word: long, meaning: description }] : []),
    ),
  ];
  return [
    { path, words, takesFile: command.registeredArguments.some(isFile) },
    ...command.commands.flatMap((child) => collectPlaces(child, `${path} ${child.name()}`.trim())),
  ];
}

/** What the table calls an argument or an option's value that names something on the disk. */
const fileNames = new Set([
  'file',
  'files',
  'folder',
  'directory',
  'left',
  'right',
  'source',
  'out',
  'command',
]);

function isFile(argument: Argument): boolean {
  return argument instanceof VerbArgument || fileNames.has(argument.name());
}

/** Every option whose value is a file or a directory, wherever it stands: `--config`. */
function collectFileOptions(command: Command): string[] {
  const own = command.options.flatMap(({ flags, long }) => {
    const value = /<([^>]+)>/.exec(flags)?.[1];
    return long && value !== undefined && fileNames.has(value) ? [long] : [];
  });
  return [...new Set([...own, ...command.commands.flatMap(collectFileOptions)])];
}

function bash(places: readonly Place[], fileOptions: readonly string[]): string {
  const cases = places.map(
    ({ path, words, takesFile }) =>
      `    ${quote(path)}) words=${quote(words.map(({ word }) => word).join(' '))}; files=${takesFile ? 'yes' : ''} ;;`,
  );
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  return `# bash completion for carillon: put it in /etc/bash_completion.d/carillon
_carillon() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' next word words='' files=''
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    ${fileOptions.join('|')}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
      ${paths.map(quote).join('|')}) path=$next ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files ]]; then
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _carillon carillon
`;
}

function zsh(places: readonly Place[], fileOptions: readonly string[]): string {
  const cases = places.map(({ path, words, takesFile }) => {
    const entries = words.map(({ word, meaning }) => quote(`${word}:${meaning.replaceAll(':', '\\:')}`));
    return `    ${quote(path)}) entries=(${entries.join(' ')})${takesFile ? '; _files' : ''} ;;`;
  });
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  return `#compdef carillon
# zsh completion for carillon: put it as _carillon in a folder of $fpath
_carillon() {
  local path_so_far='' next word
  local -a entries
  case "\${words[CURRENT-1]}" in
    (${fileOptions.join('|')}) _files; return ;;
  esac
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${path_so_far:+$path_so_far }$word"
    case "$next" in
      (${paths.map(quote).join('|')}) path_so_far=$next ;;
    esac
  done
  case "$path_so_far" in
${cases.map((line) => line.replace(/^ {4}'/, "    ('")).join('\n')}
  esac
  _describe 'carillon' entries
}
_carillon "$@"
`;
}

function fish(places: readonly Place[], fileOptions: readonly string[]): string {
  const lines = places.flatMap(({ path, words, takesFile }) => {
    const condition = quote(`__carillon_at ${path}`.trim());
    const kinds = words.map(({ word, meaning }) => {
      const value = fileOptions.includes(word) ? ' -rF' : '';
      const kind = word.startsWith('--') ? `-l ${word.slice(2)}${value}` : `-a ${word}`;
      return `complete -c carillon -n ${condition} ${kind} -d ${quote(meaning)}`;
    });
    return takesFile ? [...kinds, `complete -c carillon -n ${condition} -F`] : kinds;
  });
  const paths = places.map(({ path }) => path).filter((path) => path !== '');
  return `# fish completion for carillon: put it in ~/.config/fish/completions/carillon.fish
set -g __carillon_paths ${paths.map(quote).join(' ')}
function __carillon_at
    set -l path ''
    for word in (commandline -opc)[2..]
        set -l next (string trim -- "$path $word")
        contains -- $next $__carillon_paths; and set path $next
    end
    test "$path" = "$argv"
end
complete -c carillon -f
${lines.join('\n')}
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
