import { AppError } from '#shared/model/app-error.ts';
import { type PcnsService, pcnsServiceSchema } from '#shared/model/pcns.ts';

/** A target as `pcnscfg list` prints it: groups by their names, not by their identifiers. */
export interface ListedTarget {
  readonly name: string;
  readonly guid: string;
  readonly server: string;
  readonly spn: string;
  readonly inclusionGroup: string;
  readonly exclusionGroup: string;
  readonly keepAliveInterval: number;
  readonly userNameFormat: number;
  readonly queueWarningLevel: number;
  readonly queueWarningInterval: number;
  readonly disabled: boolean;
}

const longest = 1_000_000;
/** Characters of a line that are looked at. */
const longestLine = 1024;

/** Reads what `pcnscfg list` printed, ours and Microsoft's. Throws `AppError` `invalid_input` for anything else. */
export function readPcnsListing(
  text: string,
  file = 'The text',
): {
  readonly service: PcnsService;
  readonly targets: readonly ListedTarget[];
} {
  if (text.length > longest)
    throw new AppError('invalid_input', `${file} has more than ${longest} characters`);
  const service = new Map<string, string>();
  const targets: Map<string, string>[] = [];
  for (const line of text.split('\n')) {
    // Cut at the colon instead of matched: a pattern with blanks at both ends takes minutes for a line of blanks.
    const at = line.slice(0, longestLine).indexOf(':');
    const label = line.slice(0, Math.max(0, at)).replaceAll('.', ' ').trim();
    const key = /^[A-Za-z ]+$/.test(label) ? label.toLowerCase().replaceAll(' ', '') : '';
    const value = line.slice(at + 1, longestLine).trim();
    if (key === '' || key === 'totaltargets') continue;
    if (key === 'targetname') targets.push(new Map());
    (targets.at(-1) ?? service).set(key, value);
  }
  if (service.size === 0 && targets.length === 0)
    throw new AppError('invalid_input', `${file} is no listing of pcnscfg`, {
      fix: 'Give it what "pcnscfg list" printed.',
    });
  const parsed = pcnsServiceSchema.safeParse(
    Object.fromEntries(
      (
        [
          ['maximumQueueLength', 'maxqueuelength'],
          ['maximumQueueAge', 'maxqueueage'],
          ['maximumNotificationRetries', 'maxnotificationretries'],
          ['retryInterval', 'retryinterval'],
        ] as const
      ).flatMap(([name, key]) =>
        service.has(key) ? [[name, numberOf(service.get(key) ?? '', key, file)]] : [],
      ),
    ),
  );
  if (!parsed.success)
    throw new AppError(
      'invalid_input',
      `${file} has a value out of range: ${parsed.error.issues[0]?.path.join('.')}`,
    );
  return { service: parsed.data, targets: targets.map((target) => readTarget(target, file)) };
}

function readTarget(values: ReadonlyMap<string, string>, file: string): ListedTarget {
  const text = (key: string): string => values.get(key) ?? '';
  const number = (key: string): number => numberOf(text(key) || '0', key, file);
  return {
    name: text('targetname'),
    guid: text('targetguid').replaceAll(/[{}]/g, '').toLowerCase(),
    server: text('serverfqdnoraddress'),
    spn: text('serviceprincipalname'),
    inclusionGroup: text('inclusiongroupname'),
    exclusionGroup: text('exclusiongroupname'),
    keepAliveInterval: number('keepaliveinterval'),
    userNameFormat: number('usernameformat'),
    queueWarningLevel: number('queuewarninglevel'),
    queueWarningInterval: number('queuewarninginterval'),
    disabled: text('disabled').toLowerCase() === 'true',
  };
}

/** `259200 seconds` as a number; `unlimited` is 0. */
function numberOf(text: string, key: string, file: string): number {
  if (/^unlimited$/i.test(text)) return 0;
  const found = /^(\d{1,10})(?:\s+[a-z]+)?$/i.exec(text);
  if (found?.[1] === undefined)
    throw new AppError('invalid_input', `${file}: "${text}" is no value of ${key}`);
  return Number(found[1]);
}
