import type { Clock } from '#engine/clock.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Topics } from '#shared/rpc/topics.ts';
import type { ConfigurationHistory } from '#store/configuration-history.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import type { Domains } from '../sso/domains.ts';
import type { SsoService } from '../sso/open-sso.ts';
import { ConfigurationJournal } from './configuration-journal.ts';
import { readPcns } from './read-pcns.ts';
import { RestoreDesk } from './restore-desk.ts';
import { type SecretSources, secretOwners } from './secret-owners.ts';
import { SectionDesk } from './section-desk.ts';
import { type SectionChoice, SnapshotDesk } from './snapshot-desk.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';

export interface SnapshotsParts {
  readonly file: ConfigurationFile;
  readonly history: ConfigurationHistory;
  /** Whether the vault has a credential under this name. */
  readonly hasCredential: (name: string) => boolean;
  readonly sso: SsoService;
  /** Told when adapters are other ones than before. */
  readonly adaptersChanged: () => void;
  readonly domains: Domains;
  readonly clock: Clock;
  readonly topics: Topics<CarillonContract>;
  readonly report: (error: unknown) => void;
}

/** Longest wait for directories that a snapshot can do without, milliseconds. */
const patience = 3000;

/** What makes, keeps, plans and puts back snapshots of one server. */
export function openSnapshots(parts: SnapshotsParts) {
  const { file, history, hasCredential, sso, domains, clock, topics, report } = parts;
  const now = () => clock.now();
  const sources: SecretSources = {
    configuration: () => file.configuration,
    has: hasCredential,
    hasMasterSecret: () => sso.secret.status.current !== undefined,
    database: sso.ports.database,
  };
  const secrets = (options: { readonly mappings: boolean }) => secretOwners(sources, options);
  const sections = new SectionDesk({
    database: sso.ports.database,
    audit: sso.audit,
    changed(adapters) {
      sso.sso.forget();
      if (adapters.length > 0) parts.adaptersChanged();
      topics.emit('sso.changed', {});
    },
  });
  // A credential database that is away keeps no snapshot from being made of the rest.
  const readSections = async ({ mappings, pcns = false }: SectionChoice) => {
    const kept = await sections.read({ mappings }).catch(() => undefined);
    if (pcns === false || (pcns === 'if-there' && domains.all.length === 0)) return kept;
    const reading = readPcns(domains.all);
    if (pcns === true) return { ...kept, pcns: await reading };
    const found = await withinTime(reading.catch(() => undefined));
    return found === undefined ? kept : { ...kept, pcns: found };
  };
  const desk = new SnapshotDesk({
    file,
    history,
    secrets,
    sections: readSections,
    checkSections: (target, current) => sections.check(target, current),
    now,
  });
  const journal = new ConfigurationJournal({
    file,
    history,
    secrets,
    sections: readSections,
    now,
    changed: () => topics.emit('snapshots.changed', {}),
    report,
  });
  const schedule = new SnapshotSchedule({ file, desk, journal, clock, report });
  return {
    desk,
    journal,
    restoreDesk: new RestoreDesk({ file, journal, sections }),
    readSections,
    async start(): Promise<void> {
      await journal.start();
      schedule.start();
    },
    async stop(): Promise<void> {
      schedule.stop();
      await journal.settled();
    },
  };
}

async function withinTime<T>(work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), patience);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
