import { type Speed, speedUp } from './speedUp.ts';

declare const SPEED: Speed;

// clerk-js keeps time in a worker where there are workers (@clerk/shared, workerTimers): without one it takes the page's timers.
Reflect.deleteProperty(globalThis, 'Worker');
speedUp(SPEED);
