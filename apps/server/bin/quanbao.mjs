#!/usr/bin/env node
import { build, isStale } from '../scripts/build.mjs';

if (isStale()) await build();
await import('../dist/main.js');
