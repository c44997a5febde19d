import type { SsoSystem } from '../model/single-sign-on.ts';
import type { SsoAdapter } from '../model/sso-adapter.ts';
import type { SsoApplication } from '../model/sso-application.ts';
import {
  adapterFlags,
  adapterWords,
  applicationFlags,
  applicationWords,
  type SsoWords,
  systemWords,
} from './sso-xml-words.ts';

/** A definition, or of one that there is only what changes. */
export type ApplicationPart = Pick<SsoApplication, 'name'> & Partial<SsoApplication>;
export type AdapterPart = Pick<SsoAdapter, 'name'> & Partial<SsoAdapter>;

/**
 * Writes a file for ssomanage and ssops with what the format has words for. What is assigned afterwards has none: the
 * adapter and the filter of an application, the properties and the group of an adapter.
 */
export function writeSsoXml(definitions: {
  /** Settings of the system, as `-updatedb` takes them. */
  readonly system?: SsoSystem;
  readonly applications?: readonly ApplicationPart[];
  readonly adapters?: readonly AdapterPart[];
}): string {
  const { system, applications = [], adapters = [] } = definitions;
  const parts = [
    ...(system === undefined ? [] : [writeSystem(system)]),
    ...applications.map(writeApplication),
    ...adapters.map(writeAdapter),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>\n<sso>\n${parts.join('\n')}\n</sso>\n`;
}

function writeSystem(system: SsoSystem): string {
  const lines = Object.entries(textsOf(system, systemWords)).map(
    ([word, text]) => `    <${word}>${escapeXml(text)}</${word}>`,
  );
  return ['  <globalInfo>', ...lines, '  </globalInfo>'].join('\n');
}

function writeApplication(application: ApplicationPart): string {
  const { name, type, fields = [] } = application;
  const fieldLines = fields.map(({ label, masked, synchronized }, ordinal) =>
    writeTag('field', {
      ordinal: String(ordinal),
      label,
      masked: yesNo(masked),
      ...(synchronized ? { synchronized: yesNo(true) } : {}),
    }),
  );
  const flags = {
    ...(type === 'group' ? { groupApp: yesNo(true) } : {}),
    ...textsOf(application, applicationFlags),
  };
  return writeNamed(name, textsOf(application, applicationWords), fieldLines, flags);
}

function writeAdapter(adapter: AdapterPart): string {
  const flags = {
    ...(adapter.kind === 'group-adapter' ? { groupAdapter: yesNo(true) } : {}),
    ...textsOf(adapter, adapterFlags),
  };
  return writeNamed(adapter.name, textsOf(adapter, adapterWords), [], flags);
}

type Texts = Readonly<Record<string, string>>;

function writeNamed(name: string, simple: Texts, inner: readonly string[], flags: Texts): string {
  const elements = Object.entries(simple).map(([word, text]) => `<${word}>${escapeXml(text)}</${word}>`);
  const lines = [...elements, ...inner, ...(Object.keys(flags).length > 0 ? [writeTag('flags', flags)] : [])];
  return [
    `  <application name="${escapeXml(name)}">`,
    ...lines.map((line) => `    ${line}`),
    '  </application>',
  ].join('\n');
}

function writeTag(name: string, attributes: Texts): string {
  const parts = Object.entries(attributes).map(([key, text]) => ` ${key}="${escapeXml(text)}"`);
  return `<${name}${parts.join('')}/>`;
}

function textsOf(definition: object, words: SsoWords): Texts {
  return Object.fromEntries(
    Object.entries(words).flatMap(([word, [path]]) => {
      const value = valueAt(definition, path);
      if (value === undefined || value === null) return [];
      if (typeof value === 'boolean') return [[word, yesNo(value)]];
      return [[word, Array.isArray(value) ? value.join(';') : String(value)]];
    }),
  );
}

function valueAt(definition: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], definition);
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** White space in attributes is kept only as characters (XML 1.0 3.3.3). */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
