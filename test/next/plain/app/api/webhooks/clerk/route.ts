import { verifyWebhook } from '@clerk/nextjs/webhooks';
import type { NextRequest } from 'next/server';

/** As Clerk's guide has it. */
export async function POST(request: NextRequest) {
  try {
    const event = await verifyWebhook(request);
    console.info(`Event ${event.type}`);
    return new Response('Webhook received', { status: 200 });
  } catch {
    return new Response('Error verifying webhook', { status: 400 });
  }
}
