import { useQuery } from 'convex/react';
import { api } from '../convex/_generated/api';

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Who is in the table `users`: put there by the app when they signed in, or by Clerk's webhook. Live. */
export function People() {
  const people = useQuery(api.users.list);
  if (!people) return <p className="quiet">Fetching people…</p>;
  if (people.length === 0) return <p className="quiet">Nobody yet. Whoever signs in is here from then on.</p>;
  return (
    <ol className="messages" aria-label="People">
      {people.map(({ id, name, imageUrl, updatedAt }) => (
        <li key={id}>
          {imageUrl ? (
            <img className="avatar" src={imageUrl} alt="" />
          ) : (
            <span className="avatar" aria-hidden="true">
              {name.slice(0, 1).toUpperCase()}
            </span>
          )}
          <div>
            <p>
              <strong>{name}</strong>
            </p>
            <p className="byline">
              <time dateTime={new Date(updatedAt).toISOString()}>Updated {time.format(updatedAt)}</time>
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
