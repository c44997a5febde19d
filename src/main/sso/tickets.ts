import { z } from 'zod';

import type { SsoApplication } from '#shared/model/sso-application.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Access } from './access.ts';
import type { Applications } from './applications.ts';
import { isSameAccount, type SsoCaller } from './caller.ts';
import type { FoundCredentials, Lookups } from './lookups.ts';
import type { SsoPorts } from './ports.ts';
import { SsoError } from './sso-error.ts';

const minute = 60_000;
/** Longest ticket that is looked at, bytes. */
const longest = 2048;
const contentSchema = z.strictObject({ account: z.string(), issuedAt: z.number() });

export interface TicketsParts {
  readonly ports: SsoPorts;
  readonly access: Access;
  readonly applications: Applications;
  readonly lookups: Lookups;
}

export interface Redemption {
  readonly application: string;
  readonly ticket: Uint8Array;
  /** Account that sent the message with the ticket; must be the ticket's own where tickets are validated. */
  readonly sender?: string | undefined;
}

/** Tickets: an account gets one for itself, and an Application Administrator redeems it for that account's credentials. */
export class Tickets {
  readonly #parts: TicketsParts;

  constructor(parts: TicketsParts) {
    this.#parts = parts;
  }

  /** A ticket for the caller, sealed under the master secret. */
  async issue(caller: SsoCaller): Promise<Uint8Array<ArrayBuffer>> {
    const { access, ports } = this.#parts;
    const { system } = ports.settings();
    if (!system.enabled) await this.#refuse(caller, 10754, 'Enterprise Single Sign-On is disabled');
    if (!system.allowTickets) await this.#refuse(caller, 10539, 'Tickets are not allowed in the system');
    const account = access.accountOf(caller);
    if (account === undefined)
      return await this.#refuse(caller, 10545, 'A ticket is issued to an account of the domain only');
    const content = JSON.stringify({ account, issuedAt: ports.clock.now() });
    using sealed = SecretBytes.take(new TextEncoder().encode(content));
    return ports.seal.sealTicket(sealed);
  }

  /** Gives out the credentials of the ticket's account. Throws `SsoError`. */
  async redeem(
    caller: SsoCaller,
    { application: name, ticket, sender }: Redemption,
  ): Promise<FoundCredentials> {
    const { access, applications, lookups, ports } = this.#parts;
    const application = await applications.require(name);
    const { system } = ports.settings();
    if (!system.enabled)
      await this.#refuse(caller, 10754, 'Enterprise Single Sign-On is disabled', application);
    if (!system.allowTickets)
      await this.#refuse(caller, 10539, 'Tickets are not allowed in the system', application);
    if (!application.allowTickets)
      await this.#refuse(caller, 10540, `Tickets are not allowed for ${application.name}`, application);
    if (!application.enabled)
      await this.#refuse(caller, 10755, `${application.name} is disabled`, application);
    await access.requireAdministratorOf(caller, application, `Redeeming a ticket for ${application.name}`);
    const { account, issuedAt } = await this.#open(caller, application, ticket);
    await this.#validate(caller, application, account, sender);
    await this.#requireFresh(caller, application, issuedAt);
    const entry = await access.firstUserOf(account, application);
    if (entry === undefined)
      return await this.#refuse(
        caller,
        10596,
        `The ticket's account ${account} is no user of ${application.name}`,
        application,
      );
    return await lookups.getCredentialsOf(caller, application, account, entry);
  }

  async #open(
    caller: SsoCaller,
    application: SsoApplication,
    ticket: Uint8Array,
  ): Promise<z.output<typeof contentSchema>> {
    if (ticket.length === 0 || ticket.length > longest)
      return await this.#refuse(caller, 10593, 'What was sent is no ticket', application);
    let content: SecretBytes;
    try {
      content = this.#parts.ports.seal.openTicket(ticket);
    } catch (error) {
      if (error instanceof SsoError && error.event === 10783) throw error;
      return await this.#refuse(
        caller,
        10592,
        'The ticket does not open; it was altered or sealed elsewhere',
        application,
      );
    }
    using _ = content;
    return contentSchema.parse(JSON.parse(new TextDecoder().decode(content.bytes)));
  }

  /** Redeeming without validating is open only where neither system nor application validates. */
  async #validate(
    caller: SsoCaller,
    application: SsoApplication,
    account: string,
    sender: string | undefined,
  ): Promise<void> {
    const { system } = this.#parts.ports.settings();
    if (sender === undefined) {
      if (system.validateTickets)
        await this.#refuse(caller, 10541, 'The system validates tickets; say who sent it', application);
      if (application.validateTickets)
        await this.#refuse(
          caller,
          10542,
          `${application.name} validates tickets; say who sent it`,
          application,
        );
    } else if (!isSameAccount(sender, account)) {
      await this.#refuse(
        caller,
        10594,
        `The ticket belongs to ${account}, not to its sender ${sender}`,
        application,
      );
    }
  }

  async #requireFresh(caller: SsoCaller, application: SsoApplication, issuedAt: number): Promise<void> {
    const { clock, settings, audit } = this.#parts.ports;
    const timeout = (application.ticketTimeout ?? settings().system.ticketTimeout) * minute;
    const age = clock.now() - issuedAt;
    if (age <= timeout) return;
    if (application.timeoutTickets)
      await this.#refuse(caller, 10544, `The ticket is ${Math.ceil(age / minute)} minutes old`, application);
    await audit.record({
      event: 10585,
      message: `A ticket that is ${Math.ceil(age / minute)} minutes old was redeemed for ${application.name}, which does not time tickets out`,
      application: application.name,
    });
  }

  #refuse(caller: SsoCaller, event: number, message: string, application?: SsoApplication): Promise<never> {
    const code =
      event === 10593 ? 'invalid_input' : [10754, 10755].includes(event) ? 'conflict' : 'forbidden';
    return this.#parts.access.refuse(
      new SsoError(event, code, message),
      caller,
      application === undefined ? {} : { application: application.name },
    );
  }
}
