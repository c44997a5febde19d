import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';

/** Pauses before the engine is started again after it ended unasked, milliseconds. */
const pauses = [500, 1000, 2000, 4000, 8000];
/** After this time without an end the pauses begin anew, milliseconds. */
const calm = 60_000;

/** What the engine's process may see of the environment. */
const passed =
  /^(PATH|HOME|USERPROFILE|SystemRoot|APPDATA|LOCALAPPDATA|ProgramData|TEMP|TMP|TMPDIR|LANG|LC_.*|XDG_.*|DBUS_SESSION_BUS_ADDRESS|KRB5.*)$/i;

export interface EngineProcessOptions {
  /** Built entry of the engine. */
  readonly entry: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  /** The engine is up (again): pages ask for their port. */
  readonly onStart: (generation: number) => void;
  /** It ended too often in a row. */
  readonly onGiveUp: (code: number) => void;
}

/** The engine in a utility process, started again when it ends unasked. */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #child: UtilityProcess | undefined;
  #generation = 0;
  #ends = 0;
  #startedAt = 0;
  #stopping = false;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  get generation(): number {
    return this.#generation;
  }

  start(): void {
    const { entry, cwd, onStart } = this.#options;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => passed.test(name)));
    this.#generation += 1;
    this.#startedAt = Date.now();
    const child = utilityProcess.fork(entry, [...this.#options.arguments], {
      cwd,
      env: env as Record<string, string>,
      serviceName: 'Carillon engine',
    });
    this.#child = child;
    let ended = false;
    child.once('spawn', () => onStart(this.#generation));
    child.on('exit', (code) => {
      // It has fired twice in some releases.
      if (ended) return;
      ended = true;
      this.#ended(code);
    });
  }

  /** Hands one end of a channel to the engine, with what main knows of the other end. */
  attach(port: MessagePortMain, window: number): void {
    this.#child?.postMessage({ t: 'attach', window, generation: this.#generation }, [port]);
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
