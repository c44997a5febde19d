import type { XmlDefinition } from '#exchange/entsso/read-sso-xml.ts';
import type { SortedExport } from '#exchange/migration/sort-export.ts';
import { type JsonObject, type JsonValue, toJson } from '#exchange/snapshot/json-value.ts';
import type { MigrationPreview } from '#shared/contract/migration.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { checkApplication, settleApplicationType } from '#sso/check-application.ts';

import { mappingName } from '../snapshots/read-sections.ts';

type Definition = MigrationPreview['definitions'][number];

/** A definition of an export in our model. */
interface ReadyDefinition {
  readonly preview: Definition;
  readonly value: JsonObject | undefined;
}

/** What files of ssomanage and ssops become. */
export interface SsoImport {
  readonly definitions: readonly ReadyDefinition[];
  readonly mappings: readonly JsonObject[];
  /** Settings of the system, in the words of the configuration. */
  readonly system: JsonObject;
}

/** Characters of a name that is too long to be one. */
const longestName = 128;

/** Reads definitions and mappings of an export; each definition starts disabled, whatever its file says. */
export function readSsoImport(sorted: SortedExport, current: JsonObject): SsoImport {
  const known = (section: string): ReadonlySet<string> =>
    new Set(rowsOf(current[section]).map((row) => String(row['name']).toLowerCase()));
  const applicationNames = known('applications');
  const adapterNames = known('adapters');
  const applications = definitionsOf(sorted.applications).map((definition) =>
    ready('application', definition, applicationNames, (value) => {
      const application = settleApplicationType(ssoApplicationSchema.parse(value));
      checkApplication(application);
      return application;
    }),
  );
  const adapters = definitionsOf(sorted.adapters).map((definition) =>
    ready('adapter', definition, adapterNames, (value) => ssoAdapterSchema.parse(value)),
  );
  const files = [...sorted.applications.values(), ...sorted.adapters.values()];
  const there = new Set([
    ...applicationNames,
    ...applications.flatMap(({ preview, value }) => (value ? [preview.name.toLowerCase()] : [])),
  ]);
  const mappings = files
    .flatMap((file) => file.mappings)
    .filter(({ application }) => there.has(application.toLowerCase()))
    .map((mapping) => toJson({ name: mappingName(mapping), ...mapping, enabled: true }) as JsonObject);
  const { masterSecretServer: _, ...system } = Object.assign({}, ...files.map((file) => file.system));
  return {
    definitions: [...adapters, ...applications],
    mappings: [
      ...new Map(mappings.map((mapping) => [String(mapping['name']).toLowerCase(), mapping])).values(),
    ],
    system: toJson(system) as JsonObject,
  };
}

/** The sections of now with what was chosen of the import; what is there already stays as it is. */
export function mergeSsoImport(
  { definitions, mappings }: SsoImport,
  current: JsonObject,
  chosen: { readonly keys: ReadonlySet<string>; readonly mappings: boolean },
): { readonly sections: JsonObject; readonly made: readonly string[]; readonly mapped: number } {
  const made = definitions.filter(
    ({ preview, value }) => value !== undefined && !preview.exists && chosen.keys.has(preview.key),
  );
  const add = (section: string, kind: Definition['kind']): readonly JsonValue[] => [
    ...rowsOf(current[section]),
    ...made.flatMap(({ preview, value }) => (preview.kind === kind && value ? [value] : [])),
  ];
  const applications = add('applications', 'application');
  const names = new Set(rowsOf(applications).map((row) => String(row['name']).toLowerCase()));
  const have = rowsOf(current['mappings']);
  const taken = new Set(have.map((row) => String(row['name']).toLowerCase()));
  const fresh = !chosen.mappings
    ? []
    : mappings.filter(
        ({ name, application }) =>
          !taken.has(String(name).toLowerCase()) && names.has(String(application).toLowerCase()),
      );
  return {
    sections: {
      adapters: add('adapters', 'adapter'),
      applications,
      ...(chosen.mappings ? { mappings: [...have, ...fresh] } : {}),
    },
    made: made.map(({ preview }) => preview.name),
    mapped: fresh.length,
  };
}

function rowsOf(value: JsonValue | readonly JsonValue[] | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}

function definitionsOf(
  files: ReadonlyMap<string, { readonly definitions: readonly XmlDefinition[] }>,
): readonly XmlDefinition[] {
  const all = [...files.values()].flatMap(({ definitions }) => definitions);
  return [...new Map(all.map((one) => [one.name.toLowerCase(), one])).values()];
}

function ready(
  kind: Definition['kind'],
  { name, values }: XmlDefinition,
  known: ReadonlySet<string>,
  parse: (value: unknown) => unknown,
): ReadyDefinition {
  const exists = known.has(name.toLowerCase());
  const shown = name.slice(0, longestName);
  const preview = { key: `${kind}s/${shown}`, kind, name: shown, exists };
  try {
    return { preview, value: toJson(parse({ ...values, name, enabled: false })) as JsonObject };
  } catch (error) {
    const text =
      error instanceof Error && 'issues' in error ? firstIssue(error) : String((error as Error).message);
    return { preview: { ...preview, problem: text }, value: undefined };
  }
}

function firstIssue({ issues }: { readonly issues: unknown }): string {
  const [issue] = issues as readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong form'}`;
}
