import { useEffect, useState } from 'react';

/** What the address names behind its `#`; browser history moves through it, each time from the top of the page. */
export function useHashPlace<Place>(placeOf: (hash: string) => Place): Place {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const look = (): void => {
      setPlace(placeOf(location.hash));
      window.scrollTo(0, 0);
    };
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [placeOf]);
  return place;
}
