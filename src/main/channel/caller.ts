/** Who is at the other end, proven. */
export interface Caller {
  /** `DC1$@FABRIKAM.LAB`. */
  readonly principal: string;
  /** sAMAccountName. */
  readonly account: string;
  /** NetBIOS name of the domain that it may speak for. */
  readonly domain: string;
}

/** Turns an authenticated principal into a caller; throws `ChannelError` where it may not speak here. */
export type ProveCaller = (principal: string) => Promise<Caller>;
