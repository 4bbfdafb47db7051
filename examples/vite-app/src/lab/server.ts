import type { LabOrder, LabStats } from './protocol.ts';

/** Has the emulators of both sides do something at the same moment. */
export async function order(body: LabOrder): Promise<void> {
  const response = await fetch('/__lab/do', { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`The demo refused an order: ${await response.text()}`);
}

/** Counts from `startedAt` on. `endedAt`: when the fault was over, if it is. */
export async function fetchStats(startedAt: number, endedAt: number | undefined): Promise<LabStats> {
  const query = new URLSearchParams({ since: String(startedAt), ...(endedAt && { ended: String(endedAt) }) });
  const response = await fetch(`/__lab/stats?${query}`);
  if (!response.ok) throw new Error(`The demo gave no numbers: ${response.status}`);
  return (await response.json()) as LabStats;
}
