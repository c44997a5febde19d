import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import {
  type PcnsConfiguration,
  type PcnsService,
  type PcnsTarget,
  pcnsConfigurationSchema,
} from '#shared/model/pcns.ts';

import type { PcnsStore } from './pcns-store.ts';

/** PCNS' configuration in a JSON file, for a domain whose schema cannot be extended. Holds no secret. */
export class FilePcnsStore implements PcnsStore {
  readonly place: string;

  constructor(path: string) {
    this.place = path;
  }

  async read(): Promise<PcnsConfiguration | undefined> {
    let text: string;
    try {
      text = readFileSync(this.place, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw new AppError('invalid_configuration', `${this.place} cannot be read`, { cause });
    }
    return parsePcnsConfiguration(parseJson(text, this.place), this.place);
  }

  async writeService(service: PcnsService): Promise<void> {
    this.#write({ ...(await this.#current()), service });
  }

  async writeTarget(target: PcnsTarget): Promise<void> {
    const current = await this.#current();
    const others = current.targets.filter(({ guid }) => guid !== target.guid);
    this.#write({ ...current, targets: [...others, target] });
  }

  async removeTarget(guid: string): Promise<void> {
    const current = await this.#current();
    this.#write({ ...current, targets: current.targets.filter((target) => target.guid !== guid) });
  }

  async #current(): Promise<PcnsConfiguration> {
    return (await this.read()) ?? pcnsConfigurationSchema.parse({});
  }

  #write(configuration: PcnsConfiguration): void {
    const whole = parsePcnsConfiguration(configuration, this.place);
    const unfinished = `${this.place}.${process.pid}.part`;
    try {
      writeFileSync(unfinished, `${JSON.stringify(whole, undefined, 2)}\n`, { mode: 0o644, flush: true });
      renameSync(unfinished, this.place);
    } catch (cause) {
      rmSync(unfinished, { force: true });
      throw new AppError('unavailable', `${this.place} cannot be written`, { cause });
    }
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_configuration', `${place} is not JSON`, { cause });
  }
}

/** Throws `AppError` `invalid_configuration` that names each mistake with its path. */
export function parsePcnsConfiguration(value: unknown, place: string): PcnsConfiguration {
  const parsed = pcnsConfigurationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_configuration', `${place}: ${z.prettifyError(parsed.error)}`);
}
