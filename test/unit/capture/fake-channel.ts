import type { NotificationChannel, SendFailure } from '#capture/notification-sender.ts';

class Refusal extends Error {
  readonly failure: SendFailure;
  constructor(failure: SendFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** A target that is there and takes nothing now. */
export const busy: SendFailure = { event: 4003, message: 'busy', reach: 'delivery' };

/** A target in memory: what came, in order, and what it answers. */
export class FakeChannel implements NotificationChannel {
  readonly received: string[] = [];
  readonly beats: number[] = [];
  opened = 0;
  failure: SendFailure | undefined;
  /** Sends wait here while it is set. */
  gate: Promise<void> | undefined;
  failFor = new Map<string, SendFailure>();

  async open() {
    this.opened += 1;
    if (this.failure?.reach === 'target') throw new Refusal(this.failure);
    return {
      send: async (change: { account: string }, password: { bytes: Uint8Array }) => {
        const text = `${change.account} ${new TextDecoder().decode(password.bytes)}`;
        await this.gate;
        const failure = this.failFor.get(change.account) ?? this.failure;
        if (failure !== undefined) throw new Refusal(failure);
        this.received.push(text);
      },
      heartbeat: async ({ queued }: { queued: number }) => {
        if (this.failure !== undefined) throw new Refusal(this.failure);
        this.beats.push(queued);
      },
      close: async () => undefined,
    };
  }

  explain(error: unknown): SendFailure {
    return error instanceof Refusal ? error.failure : { ...busy, message: String(error) };
  }
}
