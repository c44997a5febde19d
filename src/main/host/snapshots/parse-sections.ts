import { z } from 'zod';

import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import type { Mistake } from '#shared/contract/configuration.ts';
import { type SsoAdapter, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { type SsoApplication, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { type SsoPasswordFilter, ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { checkApplication, checkApplicationChange } from '#sso/check-application.ts';
import type { NewMapping } from '#sso/ports.ts';

const mappingSchema = z
  .strictObject({
    name: z.string(),
    application: z.string().min(1).max(64),
    windowsAccount: z.string().min(1).max(272),
    externalUser: z.string().min(1).max(1024),
    enabled: z.boolean(),
    disabledByAdministrator: z.boolean().default(false),
  })
  .transform(({ name: _, ...mapping }): NewMapping => mapping);

/** Definitions and mappings of the credential database; what is absent is left as it is. */
export interface Sections {
  readonly applications?: readonly SsoApplication[];
  readonly adapters?: readonly SsoAdapter[];
  readonly filters?: readonly SsoPasswordFilter[];
  readonly mappings?: readonly NewMapping[];
}

export interface ParsedSections {
  readonly sections: Sections;
  readonly mistakes: readonly Mistake[];
}

/** Reads the sections of a snapshot, with what keeps them from being put in place of `before`. */
export function parseSections(value: JsonObject, before: Sections): ParsedSections {
  const mistakes: Mistake[] = [];
  const refuse = (path: string, message: string, fix: string): void => {
    mistakes.push({ severity: 'error', path, message, fix });
  };
  const list = <T>(name: string, schema: z.ZodType<T>): readonly T[] | undefined => {
    const rows = value[name];
    if (rows === undefined) return undefined;
    const parsed = z.array(schema).max(1_000_000).safeParse(rows);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    refuse([name, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'Wrong form', 'Use another snapshot.');
    return [];
  };
  const applications = list(
    'applications',
    z.preprocess(renameFilter, ssoApplicationSchema) as z.ZodType<SsoApplication>,
  );
  const adapters = list('adapters', ssoAdapterSchema as z.ZodType<SsoAdapter>);
  const filters = list('filters', ssoPasswordFilterSchema as z.ZodType<SsoPasswordFilter>);
  const mappings = list('mappings', mappingSchema as z.ZodType<NewMapping>);

  const known = <T extends { readonly name: string }>(
    after: readonly T[] | undefined,
    was: readonly T[] = [],
  ) => new Map((after ?? was).map((one) => [one.name.toLowerCase(), one]));
  const allApplications = known(applications, before.applications);
  const allAdapters = known(adapters, before.adapters);
  const allFilters = known(filters, before.filters);
  const earlier = known(before.applications);
  for (const application of applications ?? []) {
    const path = `applications/${application.name}`;
    const was = earlier.get(application.name.toLowerCase());
    const fix = `Restore without it, or delete ${application.name} first: its mappings and credentials go with it.`;
    for (const check of [
      () => checkApplication(application),
      () => was !== undefined && checkApplicationChange(was, application),
    ])
      try {
        check();
      } catch (error) {
        refuse(path, error instanceof Error ? error.message : 'Refused', fix);
      }
    const { adapter, passwordFilter } = application;
    if (adapter !== undefined && !allAdapters.has(adapter.toLowerCase()))
      refuse(path, `No adapter "${adapter}"`, 'Restore the adapter with it.');
    if (passwordFilter !== undefined && !allFilters.has(passwordFilter.toLowerCase()))
      refuse(path, `No password filter "${passwordFilter}"`, 'Restore the filter with it.');
  }
  for (const { name, group } of allAdapters.values())
    if (group !== undefined && allAdapters.get(group.toLowerCase())?.kind !== 'group-adapter')
      refuse(`adapters/${name}`, `No group adapter "${group}"`, 'Restore the group adapter with it.');
  for (const { application, windowsAccount } of mappings ?? [])
    if (!allApplications.has(application.toLowerCase()))
      refuse(
        'mappings',
        `No application "${application}" for the mapping of ${windowsAccount}`,
        'Restore the application with it.',
      );
  return {
    sections: {
      ...(applications && { applications }),
      ...(adapters && { adapters }),
      ...(filters && { filters }),
      ...(mappings && { mappings }),
    },
    mistakes,
  };
}

function renameFilter(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('filter' in value)) return value;
  const { filter: passwordFilter, ...application } = value;
  return { ...application, passwordFilter };
}
