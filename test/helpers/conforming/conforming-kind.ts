import type { OpenPasswordTarget } from '#agents/password-target-of.ts';
import type { Connector } from '#engine/join-table.ts';
import type { Agent } from '#shared/model/agent.ts';

import type { Fault } from '../faulty-link.ts';

/** How a target is set up wrong: its account may not write, or its link is not protected. */
export type Way = 'denied' | 'insecure';

/** One kind of management agent with an account of its own, and what can go wrong on the way to it. */
export interface ConformingKind {
  open(): Promise<void>;
  close(): Promise<void>;
  target(way?: Way): OpenPasswordTarget;
  /** The agent, for kinds whose connection test needs no lab. */
  agent?(way?: Way): Agent;
  readonly known: Connector;
  readonly missing: Connector;
  /** Whether the password is right, found out without the product. */
  proves(password: string): Promise<boolean>;
  fault(fault: Fault): Promise<void>;
  /** Cuts the links that are open. */
  cut(): void;
}
