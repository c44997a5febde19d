import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { ChangeTrace } from '#shared/contract/changes.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';
import type { SystemStatus } from '#shared/contract/system.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId, TrackingId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

const target = '11111111-0000-4000-8000-000000000001' as AgentId;

export function trackingIdOf(index: number): TrackingId {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` as TrackingId;
}

/** A change that has just been delivered to one target. */
export function traceOf(index: number): ChangeTrace {
  const at = Date.UTC(2026, 0, 1) + index;
  return {
    trackingId: trackingIdOf(index),
    sequence: index,
    account: `FABRIKAM\\person${index}`,
    sourceServer: 'dc1.fabrikam.lab',
    committedAt: at,
    receivedAt: at + 20,
    objectGuid: trackingIdOf(index),
    capturedAt: at,
    hops: [{ name: 'received', at: at + 20 }],
    deliveries: [
      {
        id: index,
        agent: target,
        agentName: 'OpenLDAP',
        state: 'settled',
        outcome: 'delivered',
        event: 6902,
        settledAt: at + 60,
        attempts: [],
      },
    ],
  };
}

/** Answers of a service that has far more events than any real one shows at once; what nobody asks is absent. */
export function consoleScene(count: number): Handlers<CarillonContract> {
  const events: readonly LoggedEvent[] = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    at: Date.UTC(2026, 0, 1) + index,
    number: 6902,
    source: 'FIMSynchronizationService',
    severity: 'information',
    message: `Delivered ${index}`,
    account: `FABRIKAM\\person${index}`,
  }));
  const status: SystemStatus = {
    version: '0.0.0',
    mode: 'service',
    host: 'scene',
    pid: 1,
    startedAt: 0,
    dataDirectory: '/',
    configurationFile: '/carillon.json',
    revision: '0',
    passwordSync: true,
    keys: { keeper: 'key-file', open: true },
    channel: { state: 'off' },
    remote: { state: 'off' },
    agents: 1,
    people: count,
    queue: { waiting: 0, parked: 0 },
    findings: [],
  };
  const known: Partial<Handlers<CarillonContract>> = {
    'system.status': () => status,
    'events.count': () => ({ count }),
    // Newest first, as the store gives them.
    'events.list': ({ before = count + 1, limit }) =>
      events.slice(Math.max(0, before - 1 - limit), before - 1).reverse(),
    'changes.list': () => [],
    'changes.traces': ({ trackingIds }) => trackingIds.map((id) => traceOf(Number(id.slice(-12)))),
    'changes.trace': ({ trackingId }) => traceOf(Number(trackingId.slice(-12))),
  };
  const absent = (): never => {
    throw new AppError('unavailable', 'Not part of this scene');
  };
  return new Proxy(known, {
    get: (answers, name) => Reflect.get(answers, name) ?? absent,
  }) as Handlers<CarillonContract>;
}
