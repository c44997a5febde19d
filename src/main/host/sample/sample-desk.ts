import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Receipt } from '#engine/receipt.ts';
import type { Run } from '#shared/contract/agents.ts';
import type { SampleState } from '#shared/contract/sample.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type CapturedChange, type TrackingId, trackingIdSchema } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import {
  sampleAgents,
  sampleDomain,
  sampleIds,
  samplePeople,
  sampleProfile,
  writeSampleCompany,
} from './sample-company.ts';

export interface SampleDeskParts {
  readonly file: ConfigurationFile;
  readonly dataDirectory: string;
  readonly run: (agent: Agent, profile: string, wait: boolean) => Promise<Run>;
  readonly receive: (change: CapturedChange, password: SecretBytes) => Promise<Receipt>;
  readonly now: () => number;
}

/** Sets up the sample company, changes its people's passwords, and takes it away again. */
export class SampleDesk {
  readonly #parts: SampleDeskParts;
  readonly #folder: string;

  constructor(parts: SampleDeskParts) {
    this.#parts = parts;
    this.#folder = join(parts.dataDirectory, 'sample');
  }

  state(): SampleState {
    const { agents } = this.#parts.file.configuration;
    const own = agents.filter(({ id }) => sampleIds.has(id));
    const state = own.length > 0 ? 'ready' : agents.length > 0 ? 'in-the-way' : 'possible';
    return {
      state,
      folder: this.#folder,
      people: samplePeople.map(({ id, name }) => ({ id, name })),
      targets: own.filter(({ password }) => password.enabled).map(({ name }) => name),
    };
  }

  async setUp(): Promise<SampleState> {
    const { file, run } = this.#parts;
    const { state } = this.state();
    if (state === 'in-the-way')
      throw new AppError('conflict', 'The sample company is for a server that connects nothing yet', {
        fix: 'Use another data directory: carillon --data <directory> serve',
      });
    if (state === 'ready') return this.state();
    writeSampleCompany(this.#folder);
    const agents = sampleAgents(this.#folder).map((agent) => agentSchema.parse(agent));
    file.set(
      [
        { path: ['agents'], value: agents },
        { path: ['passwordSync', 'enabled'], value: true },
      ],
      file.running.revision,
    );
    for (const agent of agents) {
      const { result, steps } = await run(agent, sampleProfile, true);
      if (result === 'success') continue;
      const detail = steps.find((step) => step.detail !== undefined)?.detail ?? '';
      throw new AppError('damaged', `The import of "${agent.name}" ended with ${result}: ${detail}`);
    }
    return this.state();
  }

  /** `password` is wiped in any case. */
  async setPassword(id: string, password: SecretBytes): Promise<TrackingId> {
    const person = samplePeople.find((one) => one.id === id);
    try {
      if (this.state().state !== 'ready')
        throw new AppError('conflict', 'The sample company is not set up', {
          fix: 'Set it up: carillon try',
        });
      if (person === undefined) throw new AppError('not_found', 'Nobody of the sample company has this id');
      const now = this.#parts.now();
      const trackingId = trackingIdSchema.parse(randomUUID());
      await this.#parts.receive(
        {
          trackingId,
          domain: sampleDomain,
          account: `e${person.number}`,
          objectGuid: person.id,
          sourceServer: 'sample',
          committedAt: now,
          version: 0,
          capturedAt: now,
          queuedAt: now,
          sentAt: now,
        },
        password,
      );
      return trackingId;
    } finally {
      password.wipe();
    }
  }

  /** What was delivered stays in the history. */
  remove(): SampleState {
    const { file } = this.#parts;
    const rest = file.configuration.agents.flatMap((agent, index) =>
      sampleIds.has(agent.id) ? [index] : [],
    );
    // From the last on, so that every index still says the same.
    const changes = rest.reverse().map((index) => ({ path: ['agents', index], value: undefined }));
    if (changes.length > 0) file.set(changes, file.running.revision);
    rmSync(this.#folder, { recursive: true, force: true });
    return this.state();
  }
}
