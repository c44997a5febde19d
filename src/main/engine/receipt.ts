/** What a sender is told of a change: in each case it is on disk, and the sender may forget it. */
export type Receipt =
  | { readonly status: 'accepted'; readonly sequence: number; readonly deliveries: number }
  | {
      readonly status: 'refused';
      readonly sequence: number;
      readonly event: number;
      readonly reason: string;
    }
  /** It was received before. */
  | { readonly status: 'known' };
