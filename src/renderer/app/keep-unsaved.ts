/**
 * Lets the browser, or the desktop's shell, ask before a window with an unsaved sheet is closed or loaded anew. Returns
 * what ends that.
 */
export function keepUnsaved(): () => void {
  const onBeforeUnload = (event: BeforeUnloadEvent): void => {
    if (document.querySelector('[data-unsaved]') !== null) event.preventDefault();
  };
  window.addEventListener('beforeunload', onBeforeUnload);
  return () => window.removeEventListener('beforeunload', onBeforeUnload);
}
