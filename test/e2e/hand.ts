/** How somebody works the console: with a mouse, or with the keyboard alone. Everything is named by its label. */
export interface Hand {
  /** Selects a node by its labels from the root down. */
  node(...labels: readonly string[]): Promise<void>;
  /** Picks from the context menu of the selected node. */
  nodeMenu(label: string, item: string): Promise<void>;
  /** Selects the row whose name starts so. */
  row(name: string): Promise<void>;
  /** Picks from the context menu of the selected row. */
  rowMenu(name: string, item: string): Promise<void>;
  /** Picks from the Actions pane. */
  action(label: string): Promise<void>;
  /** Picks from the menu bar. */
  menu(menu: string, item: string): Promise<void>;
  /** Turns to a page of the open sheet. */
  tab(label: string): Promise<void>;
  /** Ticks a box of the front dialog, or clears it. */
  tick(label: string | RegExp, on: boolean): Promise<void>;
  /** Presses a button of the front dialog. */
  press(label: string): Promise<void>;
  /** Replaces what stands in a box of the front dialog. */
  type(label: string, text: string): Promise<void>;
  /** Accepts the front dialog, and waits until it is gone. */
  accept(): Promise<void>;
}
