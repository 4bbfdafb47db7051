/** Goes somewhere without unloading the page, as an app with a router does: Clerk navigates after a sign-out. */
export const navigate = (to: string): void => history.pushState(null, '', to);
