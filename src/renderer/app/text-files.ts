import type { ConsoleFileText } from '#state/console-host.ts';

/** Longest file that a browser's page reads, bytes. */
const longest = 256 * 1024;

/** Lets the user keep a text as a file, as a browser does it; gives the file's name. */
export function downloadText(name: string, text: string): string {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
  return name;
}

/** Lets the user choose a text file; null where none was chosen. Throws where it is too long. */
export function pickTextFile(extension: string): Promise<ConsoleFileText | null> {
  // A browser shows its dialog only shortly after a click or a key that it lets a page have.
  if (!navigator.userActivation.isActive)
    return Promise.reject(new Error('The browser wants a click first: use File > Open Console'));
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = extension;
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve(null));
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file === undefined) resolve(null);
      else if (file.size > longest) reject(new Error(`"${file.name}" is too long for a console file`));
      else file.text().then((text) => resolve({ name: file.name, text }), reject);
    });
    input.click();
  });
}
