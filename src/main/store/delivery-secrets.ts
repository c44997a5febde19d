import { deliveryContext } from '#engine/delivery-context.ts';
import type { AgentId, ConnectorId, TrackingId } from '#shared/model/change.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';

import type { Database } from './database.ts';
import { nt4Name } from './delivery-row.ts';

/** The sealed passwords of open deliveries, as key rotation walks through them. */
export class DeliverySecrets implements SealedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  count(): number {
    return (
      this.#database.get<{ count: number }>('SELECT ifnull(sum(count), 0) AS count FROM depth')?.count ?? 0
    );
  }

  page(after: number, limit: number): readonly SealedRow[] {
    interface Row {
      readonly id: number;
      readonly sealed: Uint8Array;
      readonly target: AgentId;
      readonly connector: ConnectorId;
      readonly sequence: number;
      readonly tracking_id: TrackingId;
      readonly domain: string;
      readonly account: string;
    }
    return this.#database
      .all<Row>(
        `SELECT d.id, d.sealed, d.target, d.connector, d.sequence, c.tracking_id, c.domain, c.account
          FROM delivery d INDEXED BY delivery_open CROSS JOIN change c ON c.sequence = d.sequence
          WHERE d.state <> 'settled' AND d.id > ? ORDER BY d.id LIMIT ?`,
        after,
        limit,
      )
      .map(({ id, sealed, tracking_id: trackingId, domain, account, ...row }) => ({
        id,
        sealed,
        context: deliveryContext({ ...row, trackingId, account: nt4Name(domain, account) }),
      }));
  }

  async replace(rows: readonly ResealedRow[]): Promise<void> {
    await this.#database.commit(() => {
      for (const { id, before, after } of rows) {
        this.#database.run('UPDATE delivery SET sealed = ? WHERE id = ? AND sealed = ?', after, id, before);
      }
    });
  }
}
