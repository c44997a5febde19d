import type { Frame } from './frame.ts';

/** A frame that outlives its bytes, which are wiped when its handler returns. */
export function copyOfFrame(frame: Frame): Frame {
  if (frame.kind === 'welcome') return { ...frame, nonce: new Uint8Array(frame.nonce) };
  if (frame.kind !== 'authenticated') return frame;
  return { ...frame, proof: new Uint8Array(frame.proof), reply: new Uint8Array(frame.reply) };
}
