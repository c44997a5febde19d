import type { FoundSchema } from '#identity/schema-source.ts';
import type { ExtensionAgent } from '#shared/model/agent.ts';
import type { OptionalCredentials } from '../password-links.ts';
import { RecordSchema } from '../record/record-schema.ts';
import { importFailureOf } from './extension-failure.ts';
import { ExtensionLink } from './extension-link.ts';

/** What an extension says that its system holds. */
export class ExtensionSchema extends RecordSchema<ExtensionAgent> {
  readonly #credentials: OptionalCredentials;

  constructor(agent: ExtensionAgent, credentials: OptionalCredentials) {
    super(agent);
    this.#credentials = credentials;
  }

  override async readSchema(objectTypes: readonly string[], signal: AbortSignal): Promise<FoundSchema> {
    const { id, name, connection } = this.agent;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(connection.startTimeout * 1000)]);
    let link: ExtensionLink | undefined;
    try {
      const credential = await this.#credentials(id);
      link = await ExtensionLink.open({ extension: connection, agent: name, credential, signal: limited });
      if (!link.features.has('schema'))
        return { objectTypes: [], attributes: [], tables: [], note: 'The extension offers no "schema"' };
      const { types } = await link.readSchema(limited);
      const wanted = new Set(objectTypes.map((type) => type.toLowerCase()));
      const chosen = types.filter((type) => wanted.size === 0 || wanted.has(type.name.toLowerCase()));
      const attributes = chosen.flatMap((type) => type.attributes);
      const named = new Map(attributes.map((one) => [one.name.toLowerCase(), { ...one, binary: false }]));
      return { objectTypes: types.map((type) => type.name), attributes: [...named.values()], tables: [] };
    } catch (error) {
      signal.throwIfAborted();
      throw importFailureOf(error, name);
    } finally {
      await link?.close();
    }
  }
}
