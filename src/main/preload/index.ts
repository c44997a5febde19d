import { contextBridge, ipcRenderer } from 'electron';

/**
 * The whole bridge between page and shell, by name. A port comes as a window message, since a MessagePort cannot cross
 * the context bridge. One CommonJS file, as a sandboxed preload must be.
 */
ipcRenderer.on('console:port', (event, { request }: { readonly request: number }) => {
  window.postMessage({ tag: 'console:port', request }, location.origin, event.ports);
});

contextBridge.exposeInMainWorld('consoleHost', {
  /** `request` comes back with the port; `destination` is JSON. */
  requestPort: (request: number, destination: string) =>
    ipcRenderer.send('console:port', request, destination),
  showHelp: (page: string) => ipcRenderer.send('console:help', page),
  newWindow: (start: string) => ipcRenderer.send('console:new-window', start),
  /** `menus` is JSON. */
  showMenus: (menus: string) => ipcRenderer.send('console:menus', menus),
  onCommand: (listener: (id: string) => void) => {
    ipcRenderer.on('console:command', (_event, id: string) => listener(id));
  },
  startFile: () => ipcRenderer.invoke('console:start-file'),
  openFile: () => ipcRenderer.invoke('console:open-file'),
  saveFile: (text: string, ask: boolean) => ipcRenderer.invoke('console:save-file', text, ask),
});
