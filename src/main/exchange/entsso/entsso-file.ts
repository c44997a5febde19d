import { AppError } from '#shared/model/app-error.ts';

import { readXml } from '../xml/read-xml.ts';
import { writeXml } from '../xml/write-xml.ts';
import { elementsOf, isElement, type XmlElement } from '../xml/xml-document.ts';

/** `ENTSSO.xml`: which agents give the names of which applications' mappings. */
export interface EntssoFile {
  readonly sources: readonly {
    readonly name: string;
    readonly objectType: string;
    readonly attribute: string;
  }[];
  readonly agents: readonly {
    readonly name: string;
    /** Active Directory agent that gives Windows domain and account. */
    readonly adma: string;
    /** A deleted Windows identity loses its mappings in every application. */
    readonly deleteAll: boolean;
    readonly applications: readonly {
      readonly name: string;
      readonly sourceMa: string;
      readonly create: boolean;
      readonly delete: boolean;
    }[];
  }[];
}

/** Reads and checks the file. Throws `AppError` `invalid_input` naming the element that does not hold. */
export function readEntssoFile(bytes: Uint8Array, file: string): EntssoFile {
  const root = readXml(bytes, file);
  const refuse = (why: string): never => {
    throw new AppError('invalid_input', `${file}: ${why}`, { fix: 'Correct the file; nothing was changed.' });
  };
  const need = (element: XmlElement, attribute: string): string =>
    element.attributes.get(attribute)?.trim() || refuse(`${element.name} lacks "${attribute}"`);
  const flag = (element: XmlElement, attribute: string): boolean => {
    const text = element.attributes.get(attribute)?.toLowerCase() ?? 'true';
    return text === 'true' || (text === 'false' ? false : refuse(`"${text}" is neither true nor false`));
  };
  if (root.name !== 'sso') refuse(`the root is ${root.name}, not sso`);
  const unknown = root.children.find(
    (node) => isElement(node) && node.name !== 'SourceMA' && node.name !== 'ENTSSOMA',
  );
  if (unknown !== undefined && typeof unknown !== 'string' && isElement(unknown))
    refuse(`${unknown.name} is unknown`);
  const sources = elementsOf(root, 'SourceMA').map((source) => ({
    name: need(source, 'name'),
    objectType: source.attributes.get('objectType') ?? 'person',
    attribute: source.attributes.get('attribute') ?? 'uid',
  }));
  const agents = elementsOf(root, 'ENTSSOMA').map((agent) => ({
    name: need(agent, 'name'),
    adma: need(agent, 'adma'),
    deleteAll: flag(agent, 'deleteAll'),
    applications: elementsOf(agent, 'Application').map((application) => ({
      name: need(application, 'name'),
      sourceMa: need(application, 'sourceMA'),
      create: flag(application, 'create'),
      delete: flag(application, 'delete'),
    })),
  }));
  if (agents.length === 0) refuse('there is no ENTSSOMA');
  for (const agent of agents) if (agent.applications.length === 0) refuse(`${agent.name} has no Application`);
  const used = new Set(agents.flatMap(({ applications }) => applications.map(({ sourceMa }) => sourceMa)));
  for (const { name } of sources) if (!used.has(name)) refuse(`no Application uses the SourceMA "${name}"`);
  return { sources, agents };
}

export function writeEntssoFile({ sources, agents }: EntssoFile): string {
  const element = (
    name: string,
    attributes: Readonly<Record<string, string>>,
    children: readonly XmlElement[] = [],
  ): XmlElement => ({
    name,
    attributes: new Map(Object.entries(attributes)),
    children,
  });
  return writeXml(
    element('sso', {}, [
      ...sources.map((source) => element('SourceMA', source)),
      ...agents.map(({ name, adma, deleteAll, applications }) =>
        element(
          'ENTSSOMA',
          { name, adma, deleteAll: String(deleteAll) },
          applications.map((application) =>
            element('Application', {
              name: application.name,
              sourceMA: application.sourceMa,
              create: String(application.create),
              delete: String(application.delete),
            }),
          ),
        ),
      ),
    ]),
  );
}
