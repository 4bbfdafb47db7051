/**
 * A token of nobody: `{ iss: 'https://no-identity-yet.invalid', sub: 'none', aud: 'none', iat: 0, exp: 1 }`, not signed.
 * Well-formed, so that the server says no and not "malformed".
 */
export const tokenOfNobody =
  'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Im5vbmUifQ.eyJpc3MiOiJodHRwczovL25vLWlkZW50aXR5LXlldC5pbnZhbGlkIiwic3ViIjoibm9uZSIsImF1ZCI6Im5vbmUiLCJpYXQiOjAsImV4cCI6MX0.none';
