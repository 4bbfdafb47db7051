import type { SourceFile } from '../source/sourceFiles.ts';

/** Others whose deliveries are signed with Svix, or after the same standard, or which an app has beside Clerk. */
const others =
  /resend|polar|stripe|lemon|dodo|paddle|loops|openai|replicate|supabase|github|slack|liveblocks|recall|brevo|sendgrid|twilio|shopify|workos|creem|autumn/i;

export const isOfOthers = (name: string): boolean => others.test(name);

/**
 * Is a `new Webhook(secret)` of Svix meant for Clerk? Its secret's name says so, else the file's, else what the file does with
 * deliveries. That it asks Clerk for a user, as many do, says nothing. `said`: names that the secret comes by.
 */
export function isClerks({ local, text }: SourceFile, said: readonly string[]): boolean {
  for (const words of [said.join(' '), local]) {
    if (/clerk/i.test(words)) return true;
    if (others.test(words)) return false;
  }
  if (/\bWebhookEvent\b/.test(text) && text.includes('@clerk/')) return true;
  if (/(['"`])(user|session|organization\w{0,20})\.(created|updated|deleted|ended)\1/.test(text)) return true;
  // Its users and its client, which another's handler may need too.
  const rest = text.replace(/@clerk\/[\w/-]+|clerk_?client|clerk\w{0,20}id\b|\bclerk\b\s?[.=]/gi, '');
  return /clerk/i.test(rest) && !others.test(rest);
}
