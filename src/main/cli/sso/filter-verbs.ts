import { AppError } from '#shared/model/app-error.ts';
import { passwordFilterRulesSchema, ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { applyPasswordFilter, findFilterCollisions } from '#shared/text/password-filter.ts';

import { formatTable } from '../output/table.ts';
import { readSecret } from '../read-secret.ts';
import { parseAssignments } from './parse-assignments.ts';
import type { SsoVerb } from './sso-verb.ts';

/** Password filters: made, assigned, and tried out with the code that delivers. */
export const filterVerbs: readonly SsoVerb[] = [
  {
    name: 'listfilters',
    usage: '',
    summary: 'List the password filters',
    takes: [0, 0],
    async run(session) {
      const filters = await session.withService((client) => client.call('sso.filters', {}));
      session.print(filters, () =>
        formatTable(
          [
            { title: 'name', value: ({ name }) => name },
            { title: 'format', value: ({ rules }) => rules.format },
            { title: 'remove', value: ({ rules }) => rules.remove },
            {
              title: 'substitute',
              value: ({ rules }) => rules.substitute.map(({ from, to }) => `${from}${to}`).join(' '),
            },
            { title: 'minimum', value: ({ rules }) => rules.minimumLength, align: 'right' },
            { title: 'maximum', value: ({ rules }) => rules.maximumLength, align: 'right' },
            { title: 'description', value: ({ description }) => description },
          ],
          filters,
        ),
      );
    },
  },
  {
    name: 'savefilter',
    usage: '<filter> [<rule>=<value> ...]',
    summary: `Make or replace a filter; rules: ${Object.keys(passwordFilterRulesSchema.shape).join(', ')}`,
    takes: [1, 16],
    async run(session, [name = '', ...assignments]) {
      const filter = parseFilter(name, assignments);
      await session.withService((client) => client.call('sso.saveFilter', { filter }));
      const collisions = findFilterCollisions(filter.rules);
      session.print({ filter, collisions }, () =>
        [`The filter ${name} was saved`, ...collisions.map((warning) => `warning: ${warning}`)].join('\n'),
      );
    },
  },
  {
    name: 'previewfilter',
    usage: '<filter>',
    summary: 'Show what a filter makes of a sample from standard input; give no password that is in use',
    takes: [1, 1],
    async run(session, [name = '']) {
      const filters = await session.withService((client) => client.call('sso.filters', {}));
      const filter = filters.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (filter === undefined) throw new AppError('not_found', `No password filter "${name}"`);
      using sample = await readSecret(session.terminal, 'Sample');
      using filtered = applyPasswordFilter(filter.rules, sample);
      // A sample, said to be no password in use: it is shown.
      const result = new TextDecoder().decode(filtered.bytes);
      session.print({ result, collisions: findFilterCollisions(filter.rules) }, () => result);
    },
  },
  {
    name: 'deletefilter',
    usage: '<filter>',
    summary: 'Delete a filter that no application has',
    takes: [1, 1],
    async run(session, [name = '']) {
      await session.withService((client) => client.call('sso.deleteFilter', { name }));
      session.print({ deleted: name }, () => `The filter ${name} was deleted`);
    },
  },
  {
    name: 'assignfilter',
    usage: '<application> [<filter>]',
    summary: 'Give an application a filter, or none',
    takes: [1, 2],
    async run(session, [application = '', filter]) {
      const input = filter === undefined ? { application } : { application, filter };
      await session.withService((client) => client.call('sso.assignFilter', input));
      session.print(input, () => `${application} has the filter ${filter ?? 'none'}`);
    },
  },
];

function parseFilter(name: string, assignments: readonly string[]) {
  const isPairs = (assignment: string): boolean => assignment.startsWith('substitute=');
  const rules = parseAssignments(
    passwordFilterRulesSchema,
    assignments.filter((assignment) => !isPairs(assignment)),
  );
  const pairs = assignments.find(isPairs)?.slice('substitute='.length) ?? '';
  const substitute = pairs
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [from = '', to = ''] = [...pair];
      return { from, to };
    });
  const parsed = ssoPasswordFilterSchema.safeParse({ name, rules: { ...rules, substitute } });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('invalid_input', `${issue?.path.join('.')}: ${issue?.message}`);
}
