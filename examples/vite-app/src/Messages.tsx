import { useQuery } from 'convex/react';
import { api } from '../convex/_generated/api';

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The newest messages, live: what anybody posts appears in every open page. */
export function Messages() {
  const messages = useQuery(api.messages.list);
  if (!messages) return <p className="quiet">Fetching messages…</p>;
  if (messages.length === 0) return <p className="quiet">No messages yet. Write the first one.</p>;
  return (
    <ol className="messages" aria-label="Messages">
      {messages.map(({ _id, _creationTime, author, body, organization }) => (
        <li key={_id}>
          <span className="avatar" aria-hidden="true">
            {author.slice(0, 1).toUpperCase()}
          </span>
          <div>
            <p className="byline">
              <strong>{author}</strong>
              {organization ? <span className="tag">{organization}</span> : null}
              <time dateTime={new Date(_creationTime).toISOString()}>{time.format(_creationTime)}</time>
            </p>
            <p>{body}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
