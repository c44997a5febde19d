import type { Connector } from '#engine/join-table.ts';
import type { PasswordTarget, SetOptions } from '#engine/password-target.ts';
import type { ConnectorId, Verification } from '#shared/model/change.ts';
import { PasswordFailure, type PasswordFailureWord } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ManualClock } from './engine-clock.ts';

/** How the target takes one set. */
export type SetScript =
  | { readonly kind: 'set'; readonly after?: number }
  | { readonly kind: 'fail'; readonly word: PasswordFailureWord; readonly after?: number }
  /** The sender sees its connection end, and the write lands `landsAfter` milliseconds later, or never. */
  | { readonly kind: 'lose'; readonly after?: number; readonly landsAfter?: number | undefined }
  /** Nothing comes back until the sender gives up; the write lands that long after the request, or never. */
  | { readonly kind: 'hang'; readonly landsAfter?: number | undefined }
  /** Not even giving up ends it. */
  | { readonly kind: 'ignore' };

export interface Write {
  readonly at: number;
  readonly connector: ConnectorId;
  readonly password: string;
}

const decoder = new TextDecoder();

/** A target in memory whose behaviour the test decides, set by set. */
export class ScriptedTarget implements PasswordTarget {
  readonly #clock: ManualClock;
  secure = true;
  deliveriesPerConnection = 1;
  /** Asked for each set; sets at once where absent. */
  script: (connector: Connector, password: string) => SetScript = () => ({ kind: 'set' });
  /** Asked for each proof; compares with what is there where absent. */
  proof: ((connector: Connector, password: string) => Verification) | undefined;
  answers = true;
  /** What reached the target, in order. */
  readonly writes: Write[] = [];
  readonly passwords = new Map<ConnectorId, string>();
  readonly options: SetOptions[] = [];
  readonly signals: AbortSignal[] = [];
  readonly secrets: SecretBytes[] = [];
  sets = 0;
  proofs = 0;
  probes = 0;
  /** Operations at work, and the most there ever were: in all, and on one connector. */
  atWork = 0;
  mostAtWork = 0;
  mostOnOne = 0;
  readonly #onConnector = new Map<ConnectorId, number>();

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  async setPassword(
    connector: Connector,
    password: SecretBytes,
    options: SetOptions,
    signal: AbortSignal,
  ): Promise<void> {
    this.sets += 1;
    this.options.push(options);
    this.signals.push(signal);
    this.secrets.push(password);
    await this.#counted(connector, () => this.#set(connector, decoder.decode(password.bytes), signal));
  }

  async verifyPassword(connector: Connector, password: SecretBytes): Promise<Verification> {
    this.proofs += 1;
    const text = decoder.decode(password.bytes);
    if (this.proof !== undefined) return this.proof(connector, text);
    return { verdict: this.passwords.get(connector.id) === text ? 'verified' : 'rejected' };
  }

  async probe(): Promise<void> {
    this.probes += 1;
    if (!this.answers) throw new PasswordFailure('server-down', 'Connection refused');
  }

  async #set(connector: Connector, text: string, signal: AbortSignal): Promise<void> {
    if (!this.answers) throw new PasswordFailure('server-down', 'Connection refused');
    const script = this.script(connector, text);
    switch (script.kind) {
      case 'set':
        await this.#wait(script.after);
        this.#land(connector.id, text);
        return;
      case 'fail':
        await this.#wait(script.after);
        throw new PasswordFailure(script.word, `Scripted ${script.word}`);
      case 'lose':
        await this.#wait(script.after);
        this.#landLater(connector.id, text, script.landsAfter);
        throw new PasswordFailure('server-down', 'The connection was lost', { certainty: 'unknown' });
      case 'hang':
        this.#landLater(connector.id, text, script.landsAfter);
        await new Promise<void>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
        return;
      case 'ignore':
        await new Promise<never>(() => undefined);
    }
  }

  async #wait(delay: number | undefined): Promise<void> {
    if (delay !== undefined && delay > 0) await this.#clock.sleep(delay);
  }

  #landLater(connector: ConnectorId, password: string, delay: number | undefined): void {
    if (delay !== undefined) this.#clock.schedule(delay, () => this.#land(connector, password));
  }

  #land(connector: ConnectorId, password: string): void {
    this.writes.push({ at: this.#clock.now(), connector, password });
    this.passwords.set(connector, password);
  }

  async #counted(connector: Connector, work: () => Promise<void>): Promise<void> {
    const onOne = (this.#onConnector.get(connector.id) ?? 0) + 1;
    this.#onConnector.set(connector.id, onOne);
    this.atWork += 1;
    this.mostAtWork = Math.max(this.mostAtWork, this.atWork);
    this.mostOnOne = Math.max(this.mostOnOne, onOne);
    try {
      await work();
    } finally {
      this.atWork -= 1;
      this.#onConnector.set(connector.id, (this.#onConnector.get(connector.id) ?? 1) - 1);
    }
  }
}
