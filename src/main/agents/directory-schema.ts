import type { LdapConnection } from '#directory/ldap-connection.ts';
import { type SearchEntry, textOf, textsOf } from '#directory/search-entry.ts';
import type { FoundAttribute, FoundContainer, FoundSchema, SchemaSource } from '#identity/schema-source.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';
import { splitDn } from '#shared/text/distinguished-name.ts';
import { traitsOf } from './directory-traits.ts';
import { containerFilter } from './entry-reader.ts';
import { importFailureOf } from './import-failure-of.ts';
import { parseSchemaDefinition, type SchemaDefinition } from './schema-definition.ts';

const timeout = 30_000;
/** Object identifiers of syntaxes whose values are no text: audio, binary, certificate, JPEG, octet string, and what AD calls so. */
const binarySyntaxes = new Set([
  '1.3.6.1.4.1.1466.115.121.1.4',
  '1.3.6.1.4.1.1466.115.121.1.5',
  '1.3.6.1.4.1.1466.115.121.1.8',
  '1.3.6.1.4.1.1466.115.121.1.28',
  '1.3.6.1.4.1.1466.115.121.1.40',
  '1.2.840.113556.1.4.906.1',
]);
const everything = '(objectClass=*)';
/** Containers that a list shows at most. */
const mostContainers = 1000;

/** Classes and attributes of a subschema, by their folded names and identifiers. */
interface Subschema {
  readonly classes: ReadonlyMap<string, SchemaDefinition>;
  readonly attributes: ReadonlyMap<string, SchemaDefinition>;
  /** What objects of a class hold beside it, by the class' identifier; Active Directory says it here alone. */
  readonly contentRules: ReadonlyMap<string, SchemaDefinition>;
}

/** What a directory says of itself: its root entry, its subschema (RFC 4512 4.2) and its containers. */
export class DirectorySchema implements SchemaSource {
  readonly #agent: DirectoryAgent;
  readonly #connect: (signal: AbortSignal) => Promise<LdapConnection>;

  constructor(agent: DirectoryAgent, connect: (signal: AbortSignal) => Promise<LdapConnection>) {
    this.#agent = agent;
    this.#connect = connect;
  }

  readSchema(objectTypes: readonly string[], signal: AbortSignal): Promise<FoundSchema> {
    return this.#session(signal, async (connection) => {
      const subschema = await readSubschema(connection, signal);
      const structural = [...new Set(subschema.classes.values())].filter(({ kind }) => kind === 'structural');
      const names = structural.map(({ oid, names: [first] }) => first ?? oid);
      const chosen = objectTypes.length > 0 ? objectTypes : this.#usualTypes(subschema);
      return {
        objectTypes: names.sort((one, other) => one.localeCompare(other)),
        attributes: attributesOf(chosen, subschema, traitsOf(this.#agent).anchor.attribute),
        tables: [],
        ...(subschema.classes.size === 0 && { note: 'The directory shows no subschema to this account' }),
      };
    });
  }

  readPartitions(signal: AbortSignal): Promise<readonly FoundContainer[]> {
    return this.#session(signal, async (connection) => {
      const root = await readBase(connection, '', ['namingContexts'], signal);
      const contexts = root === undefined ? [] : textsOf(root, 'namingContexts');
      return contexts.filter((dn) => dn !== '').map((dn) => ({ dn, name: nameOf(dn) }));
    });
  }

  readContainers(dn: string, signal: AbortSignal): Promise<readonly FoundContainer[]> {
    return this.#session(signal, async (connection) => {
      const search = connection.search({
        base: dn,
        scope: 'one',
        filter: containerFilter,
        attributes: ['1.1'],
        pageSize: mostContainers,
        timeout,
        signal,
      });
      const found: FoundContainer[] = [];
      for await (const item of search) {
        if (item.kind !== 'entry') continue;
        found.push({ dn: item.dn, name: nameOf(item.dn) });
        if (found.length >= mostContainers) break;
      }
      return found.sort((one, other) => one.name.localeCompare(other.name));
    });
  }

  /** What the agent's default filter finds. */
  #usualTypes({ classes }: Subschema): readonly string[] {
    const names =
      this.#agent.kind === 'active-directory' ? ['user'] : ['inetOrgPerson', 'person', 'dominoPerson'];
    return names.filter((name) => classes.has(name.toLowerCase())).slice(0, 1);
  }

  async #session<T>(signal: AbortSignal, work: (connection: LdapConnection) => Promise<T>): Promise<T> {
    const { name } = this.#agent;
    let phase: 'sign-in' | 'start' = 'sign-in';
    let connection: LdapConnection | undefined;
    try {
      connection = await this.#connect(signal);
      phase = 'start';
      return await work(connection);
    } catch (error) {
      throw importFailureOf(error, phase, `Asking ${name} what it holds`);
    } finally {
      await connection?.close();
    }
  }
}

async function readBase(
  connection: LdapConnection,
  base: string,
  attributes: readonly string[],
  signal: AbortSignal,
): Promise<SearchEntry | undefined> {
  const request = { base, scope: 'base', filter: everything, attributes, timeout, signal } as const;
  return (await connection.searchEntries(request))[0];
}

async function readSubschema(connection: LdapConnection, signal: AbortSignal): Promise<Subschema> {
  const root = await readBase(connection, '', ['subschemaSubentry'], signal);
  const base = (root && textOf(root, 'subschemaSubentry')) ?? 'cn=schema';
  const entry = await readBase(
    connection,
    base,
    ['objectClasses', 'attributeTypes', 'dITContentRules'],
    signal,
  );
  const read = (attribute: string): ReadonlyMap<string, SchemaDefinition> => {
    const definitions = entry === undefined ? [] : textsOf(entry, attribute).map(parseSchemaDefinition);
    return new Map(
      definitions
        .filter((one) => one !== undefined)
        .flatMap((one) => [one.oid, ...one.names].map((name) => [name.toLowerCase(), one] as const)),
    );
  };
  return {
    classes: read('objectClasses'),
    attributes: read('attributeTypes'),
    contentRules: read('dITContentRules'),
  };
}

/** Everything that objects of these classes may hold, by the classes and those that they descend from. */
function attributesOf(
  types: readonly string[],
  { classes, attributes, contentRules }: Subschema,
  anchor: string,
): readonly FoundAttribute[] {
  const must = new Set<string>();
  const may = new Set<string>([anchor]);
  const visited = new Set<SchemaDefinition>();
  const visit = (name: string): void => {
    const definition = classes.get(name.toLowerCase());
    if (definition === undefined || visited.has(definition)) return;
    visited.add(definition);
    for (const rule of [definition, contentRules.get(definition.oid.toLowerCase())]) {
      for (const one of rule?.must ?? []) must.add(one);
      for (const one of rule?.may ?? []) may.add(one);
      for (const one of rule?.auxiliaries ?? []) visit(one);
    }
    for (const one of definition.superiors) visit(one);
  };
  for (const type of types) visit(type);
  const found = new Map<string, FoundAttribute>();
  for (const name of [...must, ...may]) {
    const definition = attributes.get(name.toLowerCase());
    const isAnchor = name.toLowerCase() === anchor.toLowerCase();
    if (found.has(name.toLowerCase()) || (definition?.isOperational === true && !isAnchor)) continue;
    found.set(name.toLowerCase(), {
      name,
      multivalued: definition?.isSingleValue !== true,
      required: must.has(name),
      anchor: isAnchor,
      binary: binarySyntaxes.has(syntaxOf(definition, attributes) ?? ''),
    });
  }
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name));
}

/** An attribute's syntax, or that of the one that it descends from. */
function syntaxOf(
  definition: SchemaDefinition | undefined,
  attributes: Subschema['attributes'],
  depth = 0,
): string | undefined {
  if (definition === undefined || definition.syntax !== undefined || depth > 16) return definition?.syntax;
  return syntaxOf(attributes.get(definition.superiors[0]?.toLowerCase() ?? ''), attributes, depth + 1);
}

function nameOf(dn: string): string {
  const { rdn } = splitDn(dn);
  return rdn.slice(rdn.indexOf('=') + 1) || dn;
}
