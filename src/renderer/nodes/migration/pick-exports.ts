/** A file of an export as it is sent. */
export interface PickedFile {
  readonly name: string;
  /** Packed by gzip, in base64. */
  readonly content: string;
}

/** Asks for the files of an export and reads them; none where the person thinks better of it. */
export function pickExports(): Promise<readonly PickedFile[]> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = '.xml,.txt,text/xml,text/plain';
    input.addEventListener('cancel', () => resolve([]));
    input.addEventListener('change', () => {
      Promise.all([...(input.files ?? [])].map(read)).then(resolve, reject);
    });
    input.click();
  });
}

async function read(file: File): Promise<PickedFile> {
  const packed = file.stream().pipeThrough(new CompressionStream('gzip'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let text = '';
  // Piece by piece: a call takes so many arguments and no more.
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { name: file.name.replaceAll(/[^A-Za-z0-9{}._ -]/g, '_').slice(-128), content: btoa(text) };
}
