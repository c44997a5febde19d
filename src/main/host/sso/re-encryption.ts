import { messageOf } from '#shared/model/message-of.ts';
import type { AuditSink } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';
import type { MasterSecret } from '#vault/master-secret.ts';
import type { SealedRows } from '#vault/sealed-rows.ts';

export interface ReEncryptionState {
  readonly running: boolean;
  readonly done: number;
  readonly total: number;
  /** Rows that no secret of this server opens; they stay as they are. */
  readonly unreadable: number;
}

export interface ReEncryptionParts {
  readonly secret: MasterSecret;
  readonly rows: readonly SealedRows[];
  readonly audit: AuditSink;
  readonly changed: () => void;
}

/** Seals every credential with the current master secret in the background, one run at a time. */
export class ReEncryption {
  readonly #parts: ReEncryptionParts;
  #state: ReEncryptionState = { running: false, done: 0, total: 0, unreadable: 0 };
  #abort = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: ReEncryptionParts) {
    this.#parts = parts;
  }

  get state(): ReEncryptionState {
    return this.#state;
  }

  /** Throws `SsoError` 10814 while one runs. */
  requireIdle(): void {
    if (this.#running !== undefined)
      throw new SsoError(10814, 'conflict', 'Credentials are still being sealed with the last master secret');
  }

  start(): void {
    this.requireIdle();
    this.#abort = new AbortController();
    this.#running = this.#run(this.#abort.signal).finally(() => {
      this.#running = undefined;
    });
  }

  /** Ends it between two pages; what was reached stays, and another start goes on. */
  cancel(): boolean {
    const wasRunning = this.#running !== undefined;
    this.#abort.abort(new Error('cancelled'));
    return wasRunning;
  }

  /** Resolves when nothing runs. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { secret, rows, audit, changed } = this.#parts;
    this.#state = { running: true, done: 0, total: 0, unreadable: 0 };
    try {
      const { current } = secret.status;
      await audit.record({
        event: 10562,
        message: `Credentials are sealed with master secret ${current} from now on`,
      });
      const { resealed, unreadable, versions } = await secret.reencrypt(
        rows,
        ({ done, total }) => {
          this.#state = { ...this.#state, done, total };
        },
        signal,
      );
      await secret.forgetAllBut(versions);
      this.#state = { ...this.#state, running: false, unreadable };
      if (unreadable > 0)
        await this.#fail(`${unreadable} credentials open with no master secret of this server`);
      else
        await audit.record({
          event: 10528,
          message: `${resealed} credentials were sealed with master secret ${current}`,
        });
    } catch (error) {
      this.#state = { ...this.#state, running: false };
      await this.#fail(messageOf(error));
    } finally {
      changed();
    }
  }

  async #fail(why: string): Promise<void> {
    // The store that failed the run may fail its report too; the run's state says so anyway.
    await this.#parts.audit
      .record({ event: 10522, message: `Re-encryption ended early: ${why}` })
      .catch(() => undefined);
  }
}
