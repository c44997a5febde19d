import { EventEmitter } from 'node:events';

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
  readonly contents: FakeContents[];
  readonly children: FakeChild[];
  permission?: PermissionHandler | undefined;
}

export class FakeContents extends EventEmitter {
  readonly id = 1;
  readonly ipc = new EventEmitter();
  openHandler: (() => { readonly action: string }) | undefined;

  setWindowOpenHandler(handler: () => { readonly action: string }): void {
    this.openHandler = handler;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: { readonly webPreferences: Readonly<Record<string, unknown>> };
  address: string | undefined;
  visible = false;

  constructor(record: ElectronRecord, options: FakeWindow['options']) {
    super();
    this.options = options;
    record.windows.push(this);
    record.contents.push(this.webContents);
  }

  async loadURL(address: string): Promise<void> {
    this.address = address;
  }
  show(): void {
    this.visible = true;
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

export class FakeChild extends EventEmitter {
  readonly pid = 1;
  readonly messages: unknown[] = [];

  postMessage(message: unknown): void {
    this.messages.push(message);
  }
  kill(): void {
    this.emit('exit', 0);
  }
}

/** The few calls of Electron that the shell makes; no runtime is needed to see what it asks for. */
export function createFakeElectron(record: ElectronRecord): Readonly<Record<string, unknown>> {
  const note = (call: string): void => {
    record.calls.push(call);
  };
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    requestSingleInstanceLock: () => true,
    enableSandbox: () => note('sandbox'),
    setAppUserModelId: () => {},
    whenReady: async () => note('ready'),
    getPath: () => '/tmp',
    exit: () => note('exit'),
    quit: () => note('quit'),
  });
  const session = {
    protocol: { handle: (scheme: string) => note(`handle ${scheme}`) },
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
    dialog: { showErrorBox: () => note('error box') },
    protocol: { registerSchemesAsPrivileged: () => note('schemes') },
    session: { fromPartition: () => session },
    nativeTheme: Object.assign(new EventEmitter(), { shouldUseDarkColors: false }),
    Menu: { setApplicationMenu: () => {}, buildFromTemplate: () => ({}) },
    MessageChannelMain: class {
      readonly port1 = 'engine end';
      readonly port2 = 'page end';
    },
    BrowserWindow: class extends FakeWindow {
      constructor(options: FakeWindow['options']) {
        super(record, options);
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    utilityProcess: {
      fork: () => {
        const child = new FakeChild();
        record.children.push(child);
        return child;
      },
    },
  };
}
