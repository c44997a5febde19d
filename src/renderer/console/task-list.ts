import { createStore, type StoreApi } from 'zustand/vanilla';

import { inOneLine, problemOf } from './problem-of.ts';

/** Ended tasks that stay to be looked at. */
const endedLimit = 20;

/** How far a task is: words for what it does now, and its share of the whole from 0 to 1 where that is known. */
export type ReportProgress = (words: string, share?: number) => void;

export interface TaskOptions {
  /** What it does and to what: `Full import of ADMA`. */
  readonly title: string;
  /** Ends with its result in words. Throws to report a failure; stops early when `signal` aborts. */
  work(report: ReportProgress, signal: AbortSignal): Promise<string>;
}

export interface Task {
  readonly id: number;
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly words: string;
  readonly share: number | undefined;
  readonly startedAt: number;
}

export interface TaskListState {
  readonly tasks: readonly Task[];
}

/** The background tasks of one console. */
export class TaskList {
  readonly store: StoreApi<TaskListState> = createStore(() => ({ tasks: [] }));
  readonly #aborts = new Map<number, AbortController>();
  #lastId = 0;

  /** Resolves when the task has ended, with how it did. */
  async start({ title, work }: TaskOptions): Promise<Task> {
    this.#lastId += 1;
    const id = this.#lastId;
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    const task: Task = {
      id,
      title,
      state: 'running',
      words: 'Starting...',
      share: undefined,
      startedAt: Date.now(),
    };
    this.store.setState(({ tasks }) => ({
      tasks: [task, ...tasks].slice(0, endedLimit + this.#aborts.size),
    }));
    const report: ReportProgress = (words, share) => this.#change(id, { words, share });
    try {
      const words = await work(report, abort.signal);
      return this.#end(task, { state: 'done', words, share: 1 });
    } catch (error) {
      if (abort.signal.aborted) return this.#end(task, { state: 'cancelled', words: 'Cancelled' });
      return this.#end(task, { state: 'failed', words: inOneLine(problemOf(error)) });
    }
  }

  cancel(id: number): void {
    this.#aborts.get(id)?.abort();
  }

  /** Forgets the tasks that have ended. */
  clear(): void {
    this.store.setState(({ tasks }) => ({ tasks: tasks.filter(({ state }) => state === 'running') }));
  }

  #end(task: Task, end: Partial<Task>): Task {
    this.#aborts.delete(task.id);
    this.#change(task.id, end);
    return { ...task, ...end };
  }

  #change(id: number, change: Partial<Task>): void {
    this.store.setState(({ tasks }) => ({
      tasks: tasks.map((task) => (task.id === id ? { ...task, ...change } : task)),
    }));
  }
}
