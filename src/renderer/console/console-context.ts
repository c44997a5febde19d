import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';

import type { ConsoleState, ConsoleStore } from './console-store.ts';
import type { TaskOptions } from './task-list.ts';
import type { Verb } from './verb.ts';

export interface Toast {
  readonly tone: 'success' | 'information' | 'warning' | 'problem';
  /** At most 48 characters. */
  readonly title: string;
  /** At most 200 characters. */
  readonly body?: string;
}

/** What nodes and panes may ask of the console around them. */
export interface ConsoleServices {
  readonly store: ConsoleStore;
  /** Runs a verb with its confirmation, and reports its failure under its own name. */
  perform(verb: Verb): void;
  /** Opens a dialog until it calls `close`; the focus goes back to where it was. */
  openDialog(render: (close: () => void) => ReactNode): void;
  notify(toast: Toast): void;
  /** Runs something long in the background; its end is told, and it can be watched and cancelled meanwhile. */
  startTask(task: TaskOptions): void;
  /** Opens the guide at a page. */
  help(page: string): void;
}

export const ConsoleContext = createContext<ConsoleServices | undefined>(undefined);

export function useConsole(): ConsoleServices {
  const services = useContext(ConsoleContext);
  if (services === undefined) throw new Error('Used outside a console');
  return services;
}

export function useConsoleState<T>(select: (state: ConsoleState) => T): T {
  return useStore(useConsole().store, select);
}
