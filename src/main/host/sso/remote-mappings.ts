import type { MappingNames } from '#agents/entsso/sso-server-link.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import type { Port } from '#shared/rpc/port.ts';

/** Mappings that are made in another service, over its remote access, in the rights of whoever signed in there. */
export class RemoteMappings {
  readonly #dial: () => Promise<Port>;
  #client: Promise<Client<CarillonContract>> | undefined;

  constructor(dial: () => Promise<Port>) {
    this.#dial = dial;
  }

  /** Makes and enables a mapping; one that stands already is left as it is. Throws `AppError`. */
  async create(mapping: MappingNames): Promise<void> {
    const client = await this.#open();
    try {
      await client.call('sso.createMappings', { mappings: [mapping], enable: true });
    } catch (error) {
      // Made by an earlier run, or by hand: whether it is enabled is its administrator's choice.
      if (error instanceof AppError && error.code === 'conflict' && (await exists(client, mapping))) return;
      throw error;
    }
  }

  /** One that is gone already is no failure. Throws `AppError`. */
  async delete(mapping: MappingNames): Promise<void> {
    const client = await this.#open();
    if (!(await exists(client, mapping))) return;
    await client.call('sso.setMappingEnabled', { mapping, enabled: false });
    await client.call('sso.deleteMappings', { mappings: [mapping] });
  }

  async close(): Promise<void> {
    const open = this.#client;
    this.#client = undefined;
    const client = await open?.catch(() => undefined);
    client?.close();
  }

  /** A connection is kept until it is lost. */
  #open(): Promise<Client<CarillonContract>> {
    if (this.#client !== undefined) return this.#client;
    const opening = this.#dial().then((port) => connect(carillonContract, port));
    const forget = (): void => {
      if (this.#client === opening) this.#client = undefined;
    };
    opening.then((client) => client.closed(forget), forget);
    this.#client = opening;
    return opening;
  }
}

async function exists(client: Client<CarillonContract>, mapping: MappingNames): Promise<boolean> {
  return (await client.call('sso.mappings', { ...mapping, limit: 1 })).length > 0;
}
