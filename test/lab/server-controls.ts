import type { ServerProcess } from './server-process.ts';

/** What a test does to a server of the lab. */
export interface ServerControls {
  restart(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Leaves every connection open and answers nothing until {@link ServerControls.resume}. */
  pause(): void;
  resume(): void;
}

/** Starts a server, and is told how to start it again and how to end it in order. */
export async function controlServer(
  start: () => Promise<ServerProcess>,
  stop = (server: ServerProcess): Promise<void> => server.stop(),
): Promise<ServerControls> {
  let server = await start();
  return {
    restart: async () => {
      await stop(server);
      server = await start();
    },
    stop: () => stop(server),
    kill: () => server.kill(),
    pause: () => server.pause(),
    resume: () => server.resume(),
  };
}
