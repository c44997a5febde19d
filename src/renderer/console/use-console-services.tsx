import { Toast, ToastBody, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components';
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';

import type { ConsoleServices, Toast as ToastWords } from './console-context.ts';
import type { ConsoleStore } from './console-store.ts';
import { inOneLine, problemOf } from './problem-of.ts';
import { TaskList, type TaskOptions } from './task-list.ts';
import type { Confirmation, Verb } from './verb.ts';

interface OpenDialog {
  readonly id: number;
  /** What had the focus before. */
  readonly opener: Element | null;
  readonly render: (close: () => void) => ReactNode;
}

const intents = { success: 'success', information: 'info', warning: 'warning', problem: 'error' } as const;

/** What nodes may ask of the console, and the surface that shows it: dialogs and toasts. */
export function useConsoleServices(
  store: ConsoleStore,
  help: (page: string) => void,
): { readonly services: ConsoleServices; readonly tasks: TaskList; readonly surface: ReactNode } {
  const toaster = useId('toaster');
  const { dispatchToast } = useToastController(toaster);
  const [dialogs, setDialogs] = useState<readonly OpenDialog[]>([]);
  const lastDialog = useRef(0);
  const [tasks] = useState(() => new TaskList());
  // What ran may have changed what can run next: the console asks its nodes for their verbs again.
  const [, countRuns] = useState(0);

  const openDialog = useCallback((render: OpenDialog['render']) => {
    lastDialog.current += 1;
    const id = lastDialog.current;
    setDialogs((open) => [...open, { id, opener: document.activeElement, render }]);
  }, []);
  const left = useRef<OpenDialog>(undefined);
  const closeDialog = (closed: OpenDialog): void => {
    left.current = closed;
    setDialogs((open) => open.filter((dialog) => dialog !== closed));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the dialog is gone, which gives the page behind it back
  useLayoutEffect(() => {
    const { current } = left;
    left.current = undefined;
    // Before the next key is taken: what that leads to keeps the focus.
    if (current !== undefined) queueMicrotask(() => returnFocus(current.opener));
  }, [dialogs]);

  const notify = useCallback(
    ({ tone, title, body }: ToastWords) =>
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {body === undefined ? null : <ToastBody>{body}</ToastBody>}
        </Toast>,
        { intent: intents[tone], timeout: tone === 'problem' ? -1 : 5000 },
      ),
    [dispatchToast],
  );

  const services = useMemo<ConsoleServices>(() => {
    const run = async (verb: Verb): Promise<void> => {
      try {
        await verb.run();
      } catch (error) {
        notify({
          tone: 'problem',
          title: verb.label.replace(/\.\.\.$/, ''),
          body: inOneLine(problemOf(error)),
        });
      } finally {
        countRuns((runs) => runs + 1);
      }
    };
    const perform = (verb: Verb): void => {
      const { confirm } = verb;
      if (verb.disabled !== undefined) return;
      if (confirm === undefined) void run(verb);
      else void ask(verb, confirm);
    };
    const ask = async (verb: Verb, confirmation: Confirmation): Promise<void> => {
      const { ConfirmDialog } = await import('./ConfirmDialog.tsx');
      openDialog((close) => (
        <ConfirmDialog
          confirmation={confirmation}
          onAnswer={(yes) => {
            close();
            if (yes) void run(verb);
          }}
        />
      ));
    };
    const startTask = async (options: TaskOptions): Promise<void> => {
      const { title, state, words } = await tasks.start(options);
      if (state === 'cancelled') return;
      notify({ tone: state === 'done' ? 'success' : 'problem', title, body: words });
      countRuns((runs) => runs + 1);
    };
    return {
      store,
      perform,
      openDialog,
      notify,
      startTask: (options) => void startTask(options),
      help,
    };
  }, [store, notify, openDialog, help, tasks]);

  const surface = (
    <>
      {dialogs.map((dialog) => (
        <OneDialog key={dialog.id} render={dialog.render} onClose={() => closeDialog(dialog)} />
      ))}
      <Toaster toasterId={toaster} position="bottom-end" />
    </>
  );
  return { services, tasks, surface };
}

function OneDialog({ render, onClose }: { readonly render: OpenDialog['render']; onClose(): void }) {
  return render(onClose);
}

/** To what had the focus, or to the list or the tree where that is gone, as an item of a menu is. */
function returnFocus(opener: Element | null): void {
  // Another dialog may have it already.
  if (document.activeElement !== null && document.activeElement !== document.body) return;
  const stop =
    opener instanceof HTMLElement && opener.isConnected && opener !== document.body
      ? opener
      : document.querySelector<HTMLElement>('main [role=grid], [role=treeitem][tabindex="0"]');
  stop?.focus();
}
