import { PostForm } from './PostForm.tsx';

/** Public; the server action asks who posts. */
export default function Post() {
  return (
    <>
      <h1>Post</h1>
      <PostForm />
    </>
  );
}
