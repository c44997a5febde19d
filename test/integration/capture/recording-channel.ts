import type { LaneReport, NotificationChannel, NotificationSender } from '#capture/notification-sender.ts';
import type { CapturedChange } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

export interface Received extends CapturedChange {
  readonly target: string;
  readonly password: string;
}

/** A target that keeps what comes; stands in for the receiver where the test is about the domain controller. */
export class RecordingChannel implements NotificationChannel {
  readonly received: Received[] = [];
  readonly reports: LaneReport[] = [];
  /** Told of each change as it comes. */
  onReceived: (received: Received) => void = () => undefined;

  async open(target: { readonly name: string }): Promise<NotificationSender> {
    return {
      send: async (change: CapturedChange, password: SecretBytes) => {
        const text = new TextDecoder().decode(password.bytes);
        const received = { ...change, target: target.name, password: text };
        this.received.push(received);
        this.onReceived(received);
      },
      heartbeat: async (report) => {
        this.reports.push(report);
      },
      close: async () => undefined,
    };
  }

  explain(error: unknown) {
    return { event: 4003, message: String(error), reach: 'target' as const };
  }
}
