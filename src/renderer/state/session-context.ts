import { createContext, useContext } from 'react';
import { useStore } from 'zustand';

import type { Connection, Session } from './session.ts';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('Used outside a session');
  return session;
}

export function useConnection(): Connection {
  return useStore(useSession().store, ({ connection }) => connection);
}
