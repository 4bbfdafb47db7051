import { useQuery } from 'convex/react';
import { api } from '../convex/_generated/api';

/** Who the server, not the browser, says you are. */
export function WhoAmI() {
  const me = useQuery(api.users.me);
  if (!me) return <p className="quiet">Asking Convex who you are…</p>;
  return (
    <p className="quiet" data-testid="who-am-i">
      Convex knows you as <strong>{me.name ?? me.subject}</strong>
      {me.organization ? (
        <>
          {' '}
          of <strong>{me.organization}</strong>
        </>
      ) : null}
      .
    </p>
  );
}
