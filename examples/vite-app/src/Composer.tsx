import { useMutation } from 'convex/react';
import { type FormEvent, useState } from 'react';
import { api } from '../convex/_generated/api';

export function Composer() {
  const send = useMutation(api.messages.send);
  const [body, setBody] = useState('');
  const [pending, setPending] = useState(0);
  const [error, setError] = useState<string>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const text = body.trim();
    if (!text) return;
    setBody('');
    setError(undefined);
    setPending((count) => count + 1);
    try {
      await send({ body: text });
    } catch {
      setBody(text);
      setError('The message was not sent. It is still here: try again.');
    } finally {
      setPending((count) => count - 1);
    }
  };

  return (
    <form className="composer" onSubmit={(event) => void submit(event)}>
      <label className="visually-hidden" htmlFor="message">
        Message
      </label>
      <input
        id="message"
        value={body}
        onChange={(event) => setBody(event.target.value)}
        placeholder="Write a message"
        autoComplete="off"
        maxLength={500}
      />
      <button type="submit" className="primary" disabled={!body.trim()}>
        Post
      </button>
      <p className="composer-note" role="status">
        {error ?? (pending > 0 ? `Sending ${pending === 1 ? 'a message' : `${pending} messages`}…` : '')}
      </p>
    </form>
  );
}
