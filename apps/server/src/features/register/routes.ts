import type { Handled } from '../../http/handler.ts';

export const registerRoutes: readonly Handled[] = [];
