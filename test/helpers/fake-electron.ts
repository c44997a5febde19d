import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';

import { FakePort } from './fake-port.ts';

type Answer = (event: object, ...given: readonly unknown[]) => unknown;
type PermissionHandler = (
  contents: unknown,
  permission: string,
  answer: (yes: boolean) => void,
  details: object,
) => void;

/** What the shell did, in order, and the parts of Electron that tests drive. */
export interface ElectronRecord {
  readonly calls: string[];
  readonly windows: FakeWindow[];
  readonly children: FakeChild[];
  /** What the next dialogs answer. */
  readonly dialogPaths: string[];
  /** Which button the next questions are answered with. */
  readonly choices: number[];
  app: EventEmitter;
  permission?: PermissionHandler;
  page?: (request: Request) => Promise<Response>;
}

export function createElectronRecord(): ElectronRecord {
  return { calls: [], windows: [], children: [], dialogPaths: [], choices: [], app: new EventEmitter() };
}

export class FakeContents extends EventEmitter {
  readonly ipc = Object.assign(new EventEmitter(), {
    answers: new Map<string, Answer>(),
    handle(name: string, answer: Answer) {
      this.answers.set(name, answer);
    },
  });
  openHandler: (() => { readonly action: string }) | undefined;

  setWindowOpenHandler(handler: () => { readonly action: string }): void {
    this.openHandler = handler;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: { readonly name: string; readonly webPreferences: Readonly<Record<string, unknown>> };
  address: string | undefined;
  menu: unknown;
  visible = false;

  constructor(record: ElectronRecord, options: FakeWindow['options']) {
    super();
    this.options = options;
    record.windows.push(this);
  }

  async loadURL(address: string): Promise<void> {
    this.address = address;
  }
  show(): void {
    this.visible = true;
  }
  setMenu(menu: unknown): void {
    this.menu = menu;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isDestroyed(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  focus(): void {}
  setTitle(): void {}
  setBackgroundColor(): void {}
}

/** A utility process: a child of Node, whose ports are carried over its IPC channel. */
export class FakeChild extends EventEmitter {
  readonly entry: string;
  readonly #ports: FakePort[] = [];
  readonly #process: ChildProcess;

  constructor(entry: string, env: NodeJS.ProcessEnv) {
    super();
    this.entry = entry;
    this.#process = fork(entry, [], {
      env,
      stdio: 'ignore',
      execArgv: ['--import', join(import.meta.dirname, 'fake-utility-process.ts')],
    });
    this.#process.on('exit', (code) => {
      for (const port of this.#ports) port.close();
      this.emit('exit', code ?? 0);
    });
    this.#process.on('message', ({ port, data, closed }: PortMessage) => {
      if (closed) this.#ports[port]?.close();
      else this.#ports[port]?.postMessage(data);
    });
  }

  get pid(): number | undefined {
    return this.#process.exitCode === null ? this.#process.pid : undefined;
  }

  postMessage(data: unknown, ports: readonly FakePort[] = []): void {
    const numbers = ports.map((port) => {
      const number = this.#ports.push(port) - 1;
      port.on('message', (event) => this.#tell({ port: number, data: event.data }));
      port.on('close', () => this.#tell({ port: number, closed: true }));
      port.start();
      return number;
    });
    this.#tell({ message: data, ports: numbers });
  }

  kill(): void {
    this.#process.kill();
  }

  #tell(message: object): void {
    if (this.#process.connected) this.#process.send(message);
  }
}

interface PortMessage {
  readonly port: number;
  readonly data?: unknown;
  readonly closed?: boolean;
}

export interface FakeElectronOptions {
  readonly userData: string;
  /** Environment of the utility process beside what the shell passes on. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The few calls of Electron that the shell makes; no runtime is needed to see what it asks for. */
export function createFakeElectron(
  record: ElectronRecord,
  { userData, env = {} }: FakeElectronOptions,
): Readonly<Record<string, unknown>> {
  const note = (call: string): void => {
    record.calls.push(call);
  };
  const app = Object.assign(record.app, {
    isPackaged: true,
    requestSingleInstanceLock: () => true,
    enableSandbox: () => note('sandbox'),
    setAppUserModelId: () => {},
    addRecentDocument: (path: string) => note(`recent ${path}`),
    whenReady: async () => note('ready'),
    getPath: () => userData,
    exit: () => note('exit'),
    quit: () => note('quit'),
  });
  const session = {
    protocol: {
      handle: (scheme: string, answer: (request: Request) => Promise<Response>) => {
        record.page = answer;
        note(`handle ${scheme}`);
      },
    },
    setPermissionRequestHandler: (handler: PermissionHandler) => {
      record.permission = handler;
    },
    setPermissionCheckHandler: () => {},
    setDevicePermissionHandler: () => {},
    setDisplayMediaRequestHandler: () => {},
    setSpellCheckerEnabled: () => {},
    webRequest: { onBeforeRequest: () => {} },
  };
  return {
    app,
    dialog: {
      showErrorBox: () => note('error box'),
      showMessageBoxSync: (_: unknown, { message }: { readonly message: string }) => {
        note(message);
        return record.choices.shift();
      },
      showOpenDialog: async () => ({ filePaths: record.dialogPaths.splice(0, 1) }),
      showSaveDialog: async () => ({ filePath: record.dialogPaths.shift() }),
    },
    protocol: { registerSchemesAsPrivileged: () => note('schemes') },
    session: { fromPartition: () => session },
    nativeTheme: Object.assign(new EventEmitter(), { shouldUseDarkColors: false }),
    Menu: { setApplicationMenu: () => {}, buildFromTemplate: (template: unknown) => template },
    MessageChannelMain: class {
      readonly port1: FakePort;
      readonly port2: FakePort;
      constructor() {
        [this.port1, this.port2] = FakePort.pair();
      }
    },
    BrowserWindow: class extends FakeWindow {
      constructor(options: FakeWindow['options']) {
        super(record, options);
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    utilityProcess: {
      fork: (entry: string, _arguments: readonly string[], options: { readonly env: NodeJS.ProcessEnv }) => {
        const child = new FakeChild(entry, { ...options.env, ...env });
        record.children.push(child);
        return child;
      },
    },
  };
}
