/** The time limit of a page, which does not run while somebody else works on the last one. */
export class PagePace {
  readonly signal: AbortSignal;
  readonly #limit: number;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(limit: number, signal: AbortSignal) {
    this.#limit = limit;
    this.signal = AbortSignal.any([signal, this.#abort.signal]);
    this.begin();
  }

  begin(): void {
    this.#timer = setTimeout(
      () => this.#abort.abort(new DOMException('No page in time', 'TimeoutError')),
      this.#limit,
    ).unref();
  }

  rest(): void {
    clearTimeout(this.#timer);
  }
}
