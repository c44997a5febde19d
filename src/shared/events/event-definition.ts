export type EventSource = 'Carillon' | 'FIMSynchronizationService' | 'PCNSSVC' | 'ENTSSO';
export type EventSeverity = 'information' | 'warning' | 'error';

/** One numbered event: what it means, what causes it, and what to do. */
export interface EventDefinition {
  readonly number: number;
  readonly source: EventSource;
  readonly severity: EventSeverity;
  readonly title: string;
  readonly meaning: string;
  readonly cause: string;
  /** What the administrator does about it; says so where nothing is to be done. */
  readonly fix: string;
  /** Whether the delivery is tried again after it; undefined where the event is not about a delivery. */
  readonly retried?: boolean;
  /** Why nothing here raises it, where the number is known from elsewhere alone. */
  readonly unraised?: string;
}

/** A definition in a list of one source. */
export type EventEntry = Omit<EventDefinition, 'source'>;
