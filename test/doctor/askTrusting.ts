import { askFrontendApi } from '../../packages/clerk-convex-doctor/src/gather/network/askFrontendApi.ts';

// A process of its own: Node reads the certificates that it trusts besides (NODE_EXTRA_CA_CERTS) at its start.
const { answer } = await askFrontendApi(new URL(process.argv[2] ?? ''), 20_000);
process.stdout.write(JSON.stringify(answer));
