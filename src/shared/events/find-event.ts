import { captureEvents } from './capture-events.ts';
import { carillonEvents } from './carillon-events.ts';
import type { EventDefinition } from './event-definition.ts';
import { passwordSyncEvents } from './password-sync-events.ts';
import { serviceEvents } from './service-events.ts';
import { ssoEvents } from './sso-events.ts';
import { synchronizationEvents } from './synchronization-events.ts';

/** Every numbered event, in order of number. */
export const eventCatalogue: readonly EventDefinition[] = [
  ...captureEvents.map((entry) => ({ ...entry, source: 'PCNSSVC' as const })),
  ...synchronizationEvents.map((entry) => ({ ...entry, source: 'FIMSynchronizationService' as const })),
  ...[...carillonEvents, ...serviceEvents].map((entry) => ({ ...entry, source: 'Carillon' as const })),
  ...[...ssoEvents, ...passwordSyncEvents].map((entry) => ({ ...entry, source: 'ENTSSO' as const })),
].sort((left, right) => left.number - right.number);

const byNumber = new Map(eventCatalogue.map((event) => [event.number, event]));

export function findEvent(number: number): EventDefinition | undefined {
  return byNumber.get(number);
}

/** The same for a number that the program itself uses; throws where the catalogue lacks it. */
export function defineEvent(number: number): EventDefinition {
  const definition = findEvent(number);
  if (definition === undefined) throw new Error(`No event ${number} in the catalogue`);
  return definition;
}
