import type { Agent, SsoAgent } from './agent.ts';
import type { RuleBreach } from './find-rule-breaches.ts';

type Path = readonly (string | number)[];

/** Checks what ENTSSO.xml says of an agent against the other agents. */
export function findMappingBreaches(
  { name, mappings, runProfiles }: SsoAgent,
  agents: readonly (Agent | undefined)[],
  path: Path,
): RuleBreach[] {
  const imports = runProfiles.flatMap(({ steps }, profile) =>
    steps.flatMap(({ type }, step) =>
      type.includes('import') ? [[...path, 'runProfiles', profile, 'steps', step, 'type']] : [],
    ),
  );
  const breaches: RuleBreach[] = imports.map((at) => ({
    severity: 'warning',
    path: at,
    message: `"${name}" is export-only, and its import ends with no-start-ma`,
    fix: 'Use the step "export".',
  }));
  if (mappings === undefined)
    return [
      ...breaches,
      {
        severity: 'warning',
        path,
        message: `"${name}" has no ENTSSO.xml: nobody has an object in it, and no password is handed over`,
        fix: 'Add "mappings" with the Active Directory agent and the applications.',
      },
    ];
  const at = [...path, 'mappings'];
  const find = (id: Agent['id']) => agents.find((agent) => agent?.id === id);
  const complain = (where: Path, message: string, fix: string): void => {
    breaches.push({ severity: 'error', path: [...at, ...where], message, fix });
  };
  const windows = find(mappings.windowsAgent);
  if (windows?.kind !== 'active-directory')
    complain(
      ['windowsAgent'],
      windows === undefined
        ? `No agent has the id ${mappings.windowsAgent}`
        : `"${windows.name}" is not connected to Active Directory, and knows no Windows accounts`,
      'Name the Active Directory agent of the domain.',
    );
  const seen = new Set<string>();
  for (const [place, { name: application, source }] of mappings.applications.entries()) {
    const known = find(source);
    if (known === undefined || known.kind === 'entsso')
      complain(
        ['applications', place, 'source'],
        known === undefined ? `No agent has the id ${source}` : `"${known.name}" is never imported`,
        'Name the agent of the system whose users the application has.',
      );
    if (seen.has(application.toLowerCase()))
      complain(
        ['applications', place, 'name'],
        `The application "${application}" stands twice`,
        'Remove one.',
      );
    seen.add(application.toLowerCase());
  }
  for (const [place, { agent }] of mappings.sources.entries())
    if (!mappings.applications.some(({ source }) => source === agent))
      complain(
        ['sources', place, 'agent'],
        `No application uses the SourceMA "${find(agent)?.name ?? agent}"`,
        'Remove it, or name it as the source of an application.',
      );
  return breaches;
}
