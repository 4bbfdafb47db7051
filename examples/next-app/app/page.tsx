/** Public and static: it is there when Clerk, Convex and every setting are not. */
export default function Home() {
  return (
    <>
      <h1>Message board</h1>
      <p data-testid="home">Anybody may read the board. Sign in to post.</p>
    </>
  );
}
