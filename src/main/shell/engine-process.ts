import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';

/** Pauses before the engine is started again after it ended unasked, milliseconds. */
const pauses = [500, 1000, 2000, 4000, 8000];
/** After this time without an end the pauses begin anew, milliseconds. */
const calm = 60_000;

/** What the engine's process may see of the environment. */
const passed =
  /^(PATH|HOME|USERPROFILE|SystemRoot|APPDATA|LOCALAPPDATA|ProgramData|TEMP|TMP|TMPDIR|LANG|LC_.*|CARILLON_DATA|XDG_.*|DBUS_SESSION_BUS_ADDRESS|KRB5.*)$/i;

export interface EngineProcessOptions {
  /** Built entry of the engine. */
  readonly entry: string;
  readonly cwd: string;
  /** It ended too often in a row. */
  readonly onGiveUp: (code: number) => void;
}

/** The engine in a utility process, started again when it ends unasked. */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #child: UtilityProcess | undefined;
  #ends = 0;
  #startedAt = 0;
  #stopping = false;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const { entry, cwd } = this.#options;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => passed.test(name)));
    this.#startedAt = Date.now();
    const child = utilityProcess.fork(entry, [], {
      cwd,
      env: env as Record<string, string>,
      serviceName: 'Carillon engine',
    });
    this.#child = child;
    let ended = false;
    child.on('exit', (code) => {
      // It has fired twice in some releases.
      if (ended) return;
      ended = true;
      this.#ended(code);
    });
  }

  /** Hands one end of a channel to the engine; closes it while there is none, so that the page asks again. */
  attach(port: MessagePortMain, destination: string): void {
    if (this.#child === undefined) port.close();
    else this.#child.postMessage({ t: 'attach', destination }, [port]);
  }

  /** Asks the engine to stop in order, and ends it after `grace` milliseconds. */
  async stop(grace = 3000): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child?.pid === undefined) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.postMessage({ t: 'shutdown' });
    const timer = setTimeout(() => child.kill(), grace);
    await gone;
    clearTimeout(timer);
  }

  #ended(code: number): void {
    this.#child = undefined;
    if (this.#stopping) return;
    this.#ends = Date.now() - this.#startedAt > calm ? 1 : this.#ends + 1;
    const pause = pauses[this.#ends - 1];
    if (pause === undefined) this.#options.onGiveUp(code);
    else setTimeout(() => this.start(), pause);
  }
}
