import { join } from 'node:path';

/** Where what lies in a data directory. */
export function dataFiles(dataDirectory: string) {
  return {
    configuration: join(dataDirectory, 'carillon.json'),
    database: join(dataDirectory, 'carillon.db'),
    controllers: join(dataDirectory, 'controllers.json'),
  } as const;
}
