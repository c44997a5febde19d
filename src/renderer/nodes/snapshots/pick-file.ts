/** Asks for one file and reads it; undefined where the person thinks better of it. */
export function pickFile(
  accept: string,
): Promise<{ readonly name: string; readonly text: string } | undefined> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('cancel', () => resolve(undefined));
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file === undefined) resolve(undefined);
      else
        file
          .text()
          .then((text) => resolve({ name: file.name, text }))
          .catch(reject);
    });
    input.click();
  });
}
