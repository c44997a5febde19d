import type { Log } from '../log/log.ts';
import type { Metrics } from './metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';

/** The metrics server as the configuration wants it; one that cannot start is logged and stops nothing else. */
export class MetricsPort {
  readonly #metrics: Metrics;
  readonly #log: Log;
  #server: MetricsServer | undefined;
  #port: number | undefined;
  #moving: Promise<void> = Promise.resolve();

  constructor(metrics: Metrics, log: Log) {
    this.#metrics = metrics;
    this.#log = log;
  }

  get url(): string | undefined {
    return this.#server?.url;
  }

  /** Listens on `port` from now on; closes where it is undefined. */
  move(port: number | undefined): Promise<void> {
    this.#moving = this.#moving.then(async () => {
      if (port === this.#port && this.#server !== undefined) return;
      await this.#server?.close();
      this.#server = undefined;
      this.#port = port;
      if (port === undefined) return;
      try {
        this.#server = await serveMetrics(this.#metrics, port);
      } catch (error) {
        this.#log.error('The metrics cannot be served', { error });
      }
    });
    return this.#moving;
  }
}
