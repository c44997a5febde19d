import { useEffect, useState } from 'react';

/** Queues change without a word; while they are looked at they are read this often, milliseconds. */
const pace = 5000;

/** Another number every few seconds, for a reading that nothing announces. */
export function useTurns(): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((count) => count + 1), pace);
    return () => clearInterval(timer);
  }, []);
  return turn;
}
