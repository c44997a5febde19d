/** A console file as the shell hands it over. */
export interface ConsoleFileText {
  readonly name: string;
  readonly text: string;
}

/** What the desktop shell offers its page; absent where the page is open in a browser. */
export interface ConsoleHost {
  requestPort(request: number, destination: string): void;
  /** `start` is what the address of its page says behind the `#`. */
  newWindow(start: string): void;
  showHelp(page: string): void;
  showMenus(menus: string): void;
  onCommand(listener: (id: string) => void): void;
  startFile(): Promise<ConsoleFileText | null>;
  openFile(): Promise<ConsoleFileText | null>;
  saveFile(text: string, ask: boolean): Promise<string | null>;
}

declare global {
  interface Window {
    readonly consoleHost?: ConsoleHost;
  }
}

/** The desktop shell around this page, if there is one. */
export function findConsoleHost(): ConsoleHost | undefined {
  return window.consoleHost;
}
