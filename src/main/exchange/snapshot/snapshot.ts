import { createHash } from 'node:crypto';

import type { Configuration } from '#shared/model/configuration.ts';

import { canonicalValue } from './canonical-value.ts';
import { exportValue } from './export-value.ts';
import { isJsonObject, type JsonObject, type JsonValue, toJson } from './json-value.ts';
import { pickParts } from './pick-parts.ts';
import { splitSections } from './section-names.ts';

/** Version of the file's form; another one is refused. */
export const snapshotSchemaVersion = 1;
export const snapshotFormat = 'carillon-snapshot';

/** When, where and by whom a snapshot was made. No part of what is hashed and compared. */
export interface SnapshotOrigin {
  readonly product: string;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly madeBy: string;
  /** Revision of the configuration that it was taken of. */
  readonly revision: string;
}

export interface SnapshotSignature {
  readonly algorithm: 'ed25519';
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  readonly value: string;
}

/** What a snapshot holds: equal for equal configurations, whoever made it when. */
export interface SnapshotBody {
  readonly configuration: JsonObject;
  /** Keys of the objects that it was limited to; absent where it is the whole. */
  readonly parts?: readonly string[];
  /** Whether a secret is there, by what it belongs to. */
  readonly secrets: Readonly<Record<string, 'set' | 'not set'>>;
  /** What is kept outside the configuration, such as mappings, by the name of its section. */
  readonly sections?: JsonObject;
}

export interface Snapshot {
  readonly body: SnapshotBody;
  /** SHA-256 of the body's text, hexadecimal. */
  readonly sha256: string;
  readonly origin: SnapshotOrigin;
  readonly signature?: SnapshotSignature;
}

export interface SnapshotContents {
  readonly configuration: Configuration;
  readonly secrets: Readonly<Record<string, boolean>>;
  readonly sections?: Readonly<Record<string, JsonValue>>;
  /** Keys of objects, such as `passwordSync` or `agents/<id>`; the whole where absent. */
  readonly parts?: readonly string[];
}

/** Takes a snapshot. Throws `AppError` `not_found` for a part that is not there. */
export function takeSnapshot(contents: SnapshotContents, origin: SnapshotOrigin): Snapshot {
  const { parts, sections = {} } = contents;
  const whole = { ...asObject(exportValue(toJson(contents.configuration))), ...exportSections(sections) };
  const [configuration, kept] = splitSections(parts === undefined ? whole : pickParts(whole, parts));
  const secrets = Object.entries(contents.secrets)
    .filter(
      ([owner]) =>
        parts === undefined || parts.some((part) => owner === part || owner.startsWith(`${part}/`)),
    )
    .map(([owner, set]) => [owner, set ? 'set' : 'not set'] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const body: SnapshotBody = {
    configuration: asObject(canonicalValue(configuration)),
    ...(parts === undefined ? {} : { parts: [...new Set(parts)].sort() }),
    secrets: Object.fromEntries(secrets),
    ...(Object.keys(kept).length > 0 ? { sections: asObject(canonicalValue(kept, 'sections')) } : {}),
  };
  return { body, sha256: hashBody(body), origin };
}

function exportSections(sections: Readonly<Record<string, JsonValue>>): JsonObject {
  return asObject(exportValue(toJson(sections), 'sections'));
}

function asObject(value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Error('A configuration is an object');
}

export function hashBody(body: SnapshotBody): string {
  return createHash('sha256')
    .update(JSON.stringify(canonicalBody(body), null, 2))
    .digest('hex');
}

/** Each part with its own places: where a list stands says what its order means. */
function canonicalBody({ configuration, parts, secrets, sections }: SnapshotBody): JsonObject {
  return {
    configuration: canonicalValue(configuration),
    ...(parts === undefined ? {} : { parts: [...parts].sort() }),
    secrets: canonicalValue(secrets, 'secrets'),
    ...(sections === undefined ? {} : { sections: canonicalValue(sections, 'sections') }),
  };
}

/** The file: what can be compared first, what differs each time last. */
export function formatSnapshot({ body, sha256, origin, signature }: Snapshot): string {
  const file = {
    format: snapshotFormat,
    schema: snapshotSchemaVersion,
    body: canonicalBody(body),
    sha256,
    origin,
    ...(signature === undefined ? {} : { signature }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
