import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { describeErrorChain } from './error-chain.ts';
import type { LineSink } from './line-sink.ts';

/** Lines wait this long for company, milliseconds; errors do not wait. */
const gatherTime = 20;

export type LogSeverity = 'information' | 'warning' | 'error';

export interface LogFields {
  readonly event?: number;
  readonly source?: string;
  readonly trackingId?: string | undefined;
  readonly account?: string | undefined;
  readonly agent?: string | undefined;
  readonly error?: unknown;
  readonly [name: string]: unknown;
}

/** How much detail a line is: 0 errors alone, 1 normal, 2 each hop and heartbeat, 3 everything. */
export type LogLevel = 0 | 1 | 2 | 3;

/** The structured log: one JSON object a line. */
export class Log {
  level: number;
  #sink: LineSink;
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(level: number, sink: LineSink) {
    this.level = level;
    this.#sink = sink;
  }

  /** Sends later lines elsewhere. */
  redirect(sink: LineSink): void {
    this.flush();
    this.#sink.close();
    this.#sink = sink;
  }

  write(severity: LogSeverity, message: string, fields: LogFields = {}, level: LogLevel = 1): void {
    if ((severity === 'error' ? 0 : level) > this.level) return;
    const { error, ...rest } = fields;
    const causes = error === undefined ? {} : { causes: describeErrorChain(error) };
    const line = { at: new Date().toISOString(), severity, message, ...rest, ...causes };
    this.#lines.push(`${JSON.stringify(line, redact)}\n`);
    if (severity === 'error') this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherTime).unref();
  }

  information(message: string, fields?: LogFields, level?: LogLevel): void {
    this.write('information', message, fields, level);
  }

  warning(message: string, fields?: LogFields): void {
    this.write('warning', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    try {
      this.#sink.write(text);
    } catch {
      // A full disk must not stop deliveries; the event log in the store still has the events.
    }
  }

  close(): void {
    this.flush();
    this.#sink.close();
  }
}

/** Bytes never enter the log, whatever they are. */
function redact(_key: string, value: unknown): unknown {
  if (value instanceof SecretBytes || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return '[bytes]';
  // Buffer has a toJSON that spells its bytes out before a replacer sees them.
  if (typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer')
    return '[bytes]';
  return typeof value === 'bigint' ? String(value) : value;
}
