import type { MadeMapping } from '../contract/sso-bulk.ts';

const outcomeWords: Readonly<Record<MadeMapping['outcome'], string>> = {
  created: 'created',
  there: 'was there',
  refused: 'REFUSED',
};

/** The log file of bulk mapping: a line for each mapping with tabs between, and what they come to. */
export function formatMappingLog(application: string, at: number, made: readonly MadeMapping[]): string {
  const lines = made.map(({ windowsAccount, externalUser, outcome, passwordSet, problem }) =>
    [
      outcomeWords[outcome],
      windowsAccount,
      externalUser,
      passwordSet ? 'password set' : '',
      problem?.replaceAll(/\s+/g, ' ') ?? '',
    ]
      .join('\t')
      .trimEnd(),
  );
  const heading = `Mappings of ${application}, ${new Date(at).toISOString()}`;
  return `${[heading, ...lines, summarizeMappings(made)].join('\n')}\n`;
}

/** `12 created, 1 was there, 2 refused; 13 passwords set`. */
export function summarizeMappings(made: readonly MadeMapping[]): string {
  const count = (wanted: MadeMapping['outcome']): number =>
    made.filter(({ outcome }) => outcome === wanted).length;
  const incomplete = made.filter(({ outcome, problem }) => outcome !== 'refused' && problem !== undefined);
  const parts = [
    `${count('created')} created`,
    ...(count('there') > 0 ? [`${count('there')} already there`] : []),
    ...(count('refused') > 0 ? [`${count('refused')} refused`] : []),
    ...(incomplete.length > 0 ? [`${incomplete.length} not completed`] : []),
  ];
  const passwords = made.filter(({ passwordSet }) => passwordSet).length;
  return `${parts.join(', ')}${passwords > 0 ? `; ${passwords} passwords set` : ''}`;
}
