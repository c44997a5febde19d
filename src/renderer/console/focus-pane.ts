/** Tree, results, actions, open property sheets: the focus goes to the next of those that are shown, or to the one before. */
export function focusPane(by: number): void {
  const panes = [
    ...document.querySelectorAll<HTMLElement>(
      '[role=tree], main, section[aria-label=Actions], [role=dialog]:not([aria-modal=true])',
    ),
  ].filter((pane) => pane.checkVisibility());
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const pane = panes[(at + by + panes.length) % panes.length];
  // The list before the filter that stands above it.
  const stop =
    pane?.querySelector<HTMLElement>('[role=grid]') ??
    pane?.querySelector<HTMLElement>('[tabindex="0"], button, input');
  (stop ?? pane)?.focus();
}
