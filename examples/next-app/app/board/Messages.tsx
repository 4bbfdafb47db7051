'use client';
import { useQuery } from 'convex/react';
import { api } from '../../convex/_generated/api';

/** The newest messages, live. */
export function Messages() {
  const messages = useQuery(api.messages.list);
  if (!messages) return <p>Fetching messages…</p>;
  return (
    <ol aria-label="Messages">
      {messages.map(({ _id, author, body }) => (
        <li key={_id}>
          <strong>{author}</strong>: {body}
        </li>
      ))}
    </ol>
  );
}
