import { contextBridge, ipcRenderer } from 'electron';

/**
 * The whole bridge: the page asks for a port, and gets it as a window message, since a MessagePort cannot cross
 * the context bridge. One CommonJS file, as a sandboxed preload must be.
 */
ipcRenderer.on('console:port', (event, meta: { readonly generation: number }) => {
  window.postMessage({ tag: 'console:port', generation: meta.generation }, location.origin, event.ports);
});

contextBridge.exposeInMainWorld('consoleHost', { requestPort: () => ipcRenderer.send('console:port') });
