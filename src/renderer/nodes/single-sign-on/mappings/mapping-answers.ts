import { windowsAccountSchema } from '#shared/model/sso-account.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { type NameRules, nameRulesSchema } from '#shared/model/sso-name-rules.ts';
import { encodeSecret } from '#state/encode-secret.ts';

export interface PlannedMapping {
  readonly windowsAccount: string;
  readonly externalUser: string;
  readonly problem?: string | undefined;
}

/** What the mapping wizard has been told. */
export interface MappingAnswers {
  readonly source: 'generate' | 'file';
  /** Name of the mappings file, where there is one. */
  readonly file: string | undefined;
  readonly accounts: readonly string[];
  readonly rules: NameRules;
  /** Undefined until it was made of the accounts, or read from the file. */
  readonly plan: readonly PlannedMapping[] | undefined;
  readonly enable: boolean;
  readonly password: 'none' | 'external-name' | 'windows-account' | 'fixed';
  readonly passwordRules: NameRules;
  readonly fixed: string;
  readonly confirmation: string;
}

export function firstAnswers({ users }: SsoApplication): MappingAnswers {
  const rules = nameRulesSchema.parse({});
  return {
    source: 'generate',
    file: undefined,
    accounts: users,
    rules,
    plan: undefined,
    enable: true,
    password: 'none',
    passwordRules: rules,
    fixed: '',
    confirmation: '',
  };
}

/** The mappings that nothing speaks against. */
export function goodMappings({ plan = [] }: MappingAnswers): readonly PlannedMapping[] {
  return plan.filter(({ problem }) => problem === undefined);
}

export function holdsAccounts(accounts: readonly string[]): boolean {
  return accounts.length > 0 && accounts.every((account) => windowsAccountSchema.safeParse(account).success);
}

export function holdsRules(rules: NameRules): boolean {
  return nameRulesSchema.safeParse(rules).success;
}

/** As `sso.makeMappings` takes it. */
export function passwordOf({ password, passwordRules, fixed }: MappingAnswers) {
  if (password === 'none') return {};
  if (password === 'external-name') return { password: { rule: password } } as const;
  if (password === 'windows-account') return { password: { rule: password, rules: passwordRules } } as const;
  return { password: { rule: password, password: encodeSecret(fixed) } } as const;
}

/** Rules that are not as they are by themselves, as words of a command line. */
export function ruleWords(rules: NameRules): readonly string[] {
  const standard = new Map<string, unknown>(Object.entries(nameRulesSchema.parse({})));
  return Object.entries(rules)
    .filter(([key, value]) => value !== undefined && value !== standard.get(key))
    .map(([key, value]) => `${key}=${value}`);
}
