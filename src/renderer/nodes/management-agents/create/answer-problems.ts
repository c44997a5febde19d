import { type Agent, type AgentInput, type AgentKind, agentSchema } from '#shared/model/agent.ts';

import { readField } from '../field-text.ts';
import { isSystemKind, type KindField, kindFields } from '../kind-fields.ts';
import type { AgentAnswers } from './new-agent.ts';

export type WizardPage = 'create' | 'connect' | 'partitions' | 'join' | 'extensions';

/** What is wrong on each page, by field. */
type PageProblems = Readonly<Record<WizardPage, Readonly<Record<string, string | undefined>>>>;

export interface AnswerProblems {
  readonly problems: PageProblems;
  /** Whether the agent could not be made of the answers as they are. */
  readonly isIncomplete: boolean;
  /** The first mistake in a field of the agent's kind or below it. */
  issueOf(field: KindField): string | undefined;
}

/** The fields of a kind that has a table of them, on one page. */
export function fieldsOfPage(kind: AgentKind, page: KindField['page']): readonly KindField[] {
  return isSystemKind(kind) ? kindFields[kind].filter((field) => field.page === page) : [];
}

/** Judges the answers of Create Management Agent by the schema that the service will judge them by. */
export function problemsOf(
  answers: AgentAnswers,
  agent: AgentInput,
  agents: readonly Pick<Agent, 'name'>[],
): AnswerProblems {
  const issues = agentSchema.safeParse(agent).error?.issues ?? [];
  const issueAt = (key: string): string | undefined =>
    issues.find(({ path }) => path.join('.') === key)?.message;
  const issueOf = ({ path, required }: KindField): string | undefined => {
    const at = path.join('.');
    // A setting that is missing as a whole is a missing field too.
    const found = issues.find(({ path: place }) => {
      const text = place.join('.');
      return text === at || text.startsWith(`${at}.`) || (required === true && at.startsWith(`${text}.`));
    });
    if (found === undefined) return undefined;
    return readField(answers.settings, { page: 'connect', path, label: '', form: 'text' }) === ''
      ? 'Enter a value'
      : found.message;
  };
  const ofKind = (page: KindField['page']): Readonly<Record<string, string | undefined>> =>
    Object.fromEntries(
      fieldsOfPage(answers.kind, page).map((field) => [field.path.join('.'), issueOf(field)]),
    );
  const isSystem = isSystemKind(answers.kind);
  const name = answers.name.trim();
  const taken = agents.some((other) => other.name.toLowerCase() === name.toLowerCase());
  const problems: PageProblems = {
    create: { name: taken ? `Another agent is named "${name}"` : issueAt('name') && 'Enter a name' },
    connect: isSystem
      ? ofKind('connect')
      : {
          url: issueAt('connection.url'),
          user: issueAt('connection.authentication.user') && 'Enter the user that the agent signs in as',
        },
    partitions: isSystem
      ? ofKind('columns')
      : {
          dn: issueAt('partitions.0.dn') && 'Enter the distinguished name of the partition',
          domain: issueAt('partitions.0.passwordSource.domain') && 'Enter 1 to 15 characters',
        },
    join: {
      connector: issueAt('join.0.mappings.0.connector'),
      person: issueAt('join.0.mappings.0.person'),
    },
    extensions: ofKind('password'),
  };
  return { problems, isIncomplete: issues.length > 0, issueOf };
}
