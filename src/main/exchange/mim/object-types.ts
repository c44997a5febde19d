import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import { bareGuid } from './read-mim-server.ts';

/** Types that Identity Manager has to select for the tree alone. */
const containers = new Set(
  [
    'container',
    'organizationalUnit',
    'domainDNS',
    'builtinDomain',
    'organization',
    'locality',
    'country',
  ].map(fold),
);
const nameOfClass = /^[A-Za-z][A-Za-z0-9-]*$/;

/** The object types of an agent that a rule speaks of, in lower case. */
export function ruledTypes(
  id: string,
  data: XmlElement,
  metaverse: XmlElement | undefined,
): ReadonlySet<string> {
  const typesIn = (path: string, name: string): readonly string[] =>
    elementsOf(elementAt(data, path), name).map((one) => one.attributes.get('cd-object-type') ?? '');
  const flows = elementsOf(elementAt(metaverse, 'import-attribute-flow'), 'import-flow-set')
    .flatMap((set) => elementsOf(set, 'import-flows'))
    .flatMap((set) => elementsOf(set, 'import-flow'))
    .filter((flow) => bareGuid(flow.attributes.get('src-ma') ?? '') === id)
    .map((flow) => flow.attributes.get('cd-object-type') ?? '');
  const all = [
    ...typesIn('join', 'join-profile'),
    ...typesIn('projection', 'class-mapping'),
    ...typesIn('stay-disconnector', 'filter-set'),
    ...typesIn('export-attribute-flow', 'export-flow-set'),
    ...flows,
  ];
  return new Set(all.filter((type) => type !== '').map(fold));
}

/** The types of a partition that are worth an import: those with rules, or all that are more than containers. */
export function wantedTypes(partition: XmlElement, ruled: ReadonlySet<string>): readonly string[] {
  const selected = elementsOf(elementAt(partition, 'filter/object-classes'), 'object-class')
    .map((one) => textAt(one))
    .filter((type) => type !== '');
  const wanted = selected.filter((type) => ruled.has(fold(type)));
  return wanted.length > 0 ? wanted : selected.filter((type) => !containers.has(fold(type)));
}

/**
 * LDAP filter (RFC 4515) of the objects of these types. A class that inherits from one of them and is not selected
 * stays out, as far as the export knows of it. Undefined where a name is that of no class.
 */
export function typeFilter(partition: XmlElement, types: readonly string[]): string | undefined {
  if (types.length === 0 || types.some((type) => !nameOfClass.test(type))) return undefined;
  const known = elementsOf(elementAt(partition, 'filter-hints/object-classes'), 'object-class').map(
    (hint) => ({
      name: textAt(hint, 'name'),
      parents: elementsOf(elementAt(hint, 'hierarchy'), 'object-class').map((one) => fold(textAt(one))),
    }),
  );
  const wanted = new Set(types.map(fold));
  const parts = types.map((type) => {
    const heirs = known.filter(
      ({ name, parents }) =>
        !wanted.has(fold(name)) &&
        fold(name) !== fold(type) &&
        parents.includes(fold(type)) &&
        nameOfClass.test(name),
    );
    const own = `(objectClass=${type})`;
    return heirs.length === 0
      ? own
      : `(&${own}${heirs.map(({ name }) => `(!(objectClass=${name}))`).join('')})`;
  });
  return parts.length === 1 ? parts[0] : `(|${parts.join('')})`;
}

function fold(name: string): string {
  return name.toLowerCase();
}
