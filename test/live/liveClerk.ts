import type { ClerkUnderTest } from '../contract/clerkPage/clerkContract.ts';
import type { LiveKeys } from './keys.ts';

/** The instance that the keys belong to, through Clerk's Backend API. */
export async function liveClerk(keys: LiveKeys): Promise<ClerkUnderTest> {
  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${keys.clerkApiUrl}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${keys.secretKey}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      const { errors } = (await response.json().catch(() => ({}))) as {
        errors?: Array<{ code: string; message: string }>;
      };
      const reason = errors?.map(({ code, message }) => `${code}: ${message}`).join('; ');
      throw new Error(
        `Clerk's Backend API answered ${response.status} to ${method} ${path.split('?')[0]}. ${reason ?? ''}`,
      );
    }
    return (await response.json()) as T;
  }

  const [user] = await ask<Array<{ id: string }>>(
    'GET',
    `/users?${new URLSearchParams({ email_address: keys.emailAddress })}`,
  );
  if (!user)
    throw new Error(`The instance has no user ${keys.emailAddress} (CLERK_TEST_USER): create it in the dashboard.`);

  const frontendApi = atob(keys.publishableKey.replace(/^pk_(test|live)_/, '')).replace(/\$$/, '');
  return {
    providerProps: () => ({
      publishableKey: keys.publishableKey,
      ...(keys.clerkProxyUrl !== undefined && { proxyUrl: keys.clerkProxyUrl }),
    }),
    // Clerk's React packages load clerk-js over https, even through a proxy on http.
    load: keys.clerkProxyUrl === undefined ? 'script' : 'bundle',
    issuer: keys.clerkProxyUrl ?? `https://${frontendApi}`,
    emailAddress: keys.emailAddress,
    organization: keys.organization,
    createTicket: async () => (await ask<{ token: string }>('POST', '/sign_in_tokens', { user_id: user.id })).token,
    revokeSession: async (sessionId) => void (await ask('POST', `/sessions/${sessionId}/revoke`)),
    isSessionActive: async (sessionId) =>
      (await ask<{ status: string }>('GET', `/sessions/${sessionId}`)).status === 'active',
  };
}
