import { Messages } from './Messages.tsx';

/** Public: Convex answers the query to anybody. */
export default function Board() {
  return (
    <>
      <h1>Board</h1>
      <Messages />
    </>
  );
}
