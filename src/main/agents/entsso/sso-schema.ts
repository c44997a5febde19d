import type { FoundSchema } from '#identity/schema-source.ts';
import type { SsoAgent } from '#shared/model/agent.ts';
import { identityAttribute } from '#shared/model/agent-entsso.ts';

import { RecordSchema } from '../record/record-schema.ts';

/** What an agent of single sign-on holds: a Windows identity with one external user for each application. */
export class SsoSchema extends RecordSchema<SsoAgent> {
  override readSchema(): Promise<FoundSchema> {
    const applications = this.agent.mappings?.applications ?? [];
    const plain = { multivalued: false, binary: false };
    return Promise.resolve({
      objectTypes: ['ssoUser'],
      attributes: [
        { ...plain, name: identityAttribute, required: true, anchor: true },
        ...applications.map(({ name }) => ({ ...plain, name, required: false, anchor: false })),
      ],
      tables: [],
    });
  }
}
