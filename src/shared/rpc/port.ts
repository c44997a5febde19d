/**
 * One end of a connection that moves whole frames: a socket, a MessagePort, a WebSocket, or the pair that tests use.
 * A port that meets garbage or an oversized frame closes itself and gives the reason.
 */
export interface Port {
  /** Does nothing on a closed port. */
  send(frame: unknown): void;
  /** Sets the one receiver; frames that came earlier are kept for it. */
  receive(listener: (frame: unknown) => void): void;
  /** Calls back once, at once if the port is closed already. */
  closed(listener: (reason: string) => void): void;
  close(reason: string): void;
  /** The peer does not keep up: events are left out until it does. */
  readonly congested: boolean;
  /** Frames may hold bytes, and the peer is a program that may be given secrets. */
  readonly carriesSecrets?: boolean;
}
