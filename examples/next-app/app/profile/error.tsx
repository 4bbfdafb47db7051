'use client';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';

/** In place of the page when its query was not answered in time: the rest of the app stays, and it can be tried again. */
export default function ProfileError({ reset }: { reset: () => void }) {
  const router = useRouter();
  const retry = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <>
      <p data-testid="profile-error">Your profile cannot be loaded just now.</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </>
  );
}
