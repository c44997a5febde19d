import { ChangeStore } from '#store/change-store.ts';
import { ConfigurationHistory } from '#store/configuration-history.ts';
import { ConnectorSearch } from '#store/connector-search.ts';
import { ConnectorStore } from '#store/connector-store.ts';
import type { Database } from '#store/database.ts';
import { EventStore } from '#store/event-store.ts';
import { ExportStore } from '#store/export-store.ts';
import { JoinTableStore } from '#store/join-table-store.ts';
import { KeptDocuments } from '#store/kept-documents.ts';
import { KeyTable } from '#store/key-table.ts';
import { PersonSearch } from '#store/person-search.ts';
import { PersonStore } from '#store/person-store.ts';
import { QueueView } from '#store/queue-view.ts';
import { RunStore } from '#store/run-store.ts';
import { SpaceRegistry } from '#store/space-registry.ts';

/** Everything that can be read from the server's database, whether a service runs or not. */
export interface StoreServices {
  readonly database: Database;
  readonly queue: QueueView;
  readonly changes: ChangeStore;
  readonly events: EventStore;
  readonly runs: RunStore;
  readonly people: PersonStore;
  readonly personSearch: PersonSearch;
  readonly space: ConnectorStore;
  readonly exports: ExportStore;
  readonly search: ConnectorSearch;
  readonly joins: JoinTableStore;
  readonly keys: KeyTable;
  readonly history: ConfigurationHistory;
  readonly documents: KeptDocuments;
}

export function createStoreServices(database: Database): StoreServices {
  const registry = new SpaceRegistry(database);
  return {
    database,
    queue: new QueueView(database),
    changes: new ChangeStore(database),
    events: new EventStore(database),
    runs: new RunStore(database),
    people: new PersonStore(database),
    personSearch: new PersonSearch(database),
    space: new ConnectorStore(database, registry),
    exports: new ExportStore(database, registry),
    search: new ConnectorSearch(database, registry),
    joins: new JoinTableStore(database, registry),
    keys: new KeyTable(database),
    history: new ConfigurationHistory(database),
    documents: new KeptDocuments(database),
  };
}
