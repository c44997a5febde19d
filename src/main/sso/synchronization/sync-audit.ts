import type { AuditEntry } from '../ports.ts';
import type { SyncPorts } from './ports.ts';

/** What every entry about one change says. */
export type ChangeFacts = Pick<
  AuditEntry,
  'trackingId' | 'caller' | 'adapter' | 'application' | 'windowsAccount' | 'externalUser'
>;

/** Tells what happened to one change, under its number. */
export class ChangeAudit {
  readonly #ports: Pick<SyncPorts, 'audit'>;
  readonly #facts: ChangeFacts;

  constructor(ports: Pick<SyncPorts, 'audit'>, facts: ChangeFacts) {
    this.#ports = ports;
    this.#facts = facts;
  }

  /** A success: told from the positive audit level low on. */
  async done(event: number, message: string, more: ChangeFacts = {}): Promise<void> {
    await this.#ports.audit.record({ ...this.#facts, ...more, event, message, level: 1 });
  }

  /** When a change was made and when it came, for whoever follows clocks: told at the highest level alone. */
  async stamped(changedAt: number, receivedAt: number): Promise<void> {
    const [made, came] = [changedAt, receivedAt].map((at) => new Date(at).toISOString());
    const message = `The change was made at ${made} and came at ${came}`;
    await this.#ports.audit.record({ ...this.#facts, event: 10664, message, level: 3 });
  }

  /** Anything that kept a password from where it should have gone: always told. */
  async failed(event: number, message: string, more: ChangeFacts = {}): Promise<void> {
    await this.#ports.audit.record({ ...this.#facts, ...more, event, message });
  }
}
