import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Refusal } from '@quanbao/domain/kernel/problem';
import type { DeliveryRequest } from './receive.ts';

interface ManifestDelivery {
  source?: unknown;
  asOf?: unknown;
  mode?: unknown;
  sender?: unknown;
  region?: unknown;
  sheet?: unknown;
  files?: unknown;
}

/** Several deliveries for one commit: `{"county", "deliveries": [{"source","asOf","mode","sender","region","files":[…]}]}`; files lie relative to it. */
export async function readManifest(path: string): Promise<{ county: string; deliveries: DeliveryRequest[] }> {
  let parsed: { county?: unknown; deliveries?: unknown };
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Refusal('manifest.unreadable', `读不懂清单文件 ${path}：${(error as Error).message}`);
  }
  if (!Array.isArray(parsed.deliveries) || parsed.deliveries.length === 0) {
    throw new Refusal('manifest.empty', `清单文件 ${path} 里没有 deliveries。`);
  }
  const base = dirname(resolve(path));
  const deliveries = parsed.deliveries.map((entry: ManifestDelivery, i: number) => {
    const files = Array.isArray(entry.files) ? entry.files : [];
    const wrong =
      typeof entry.source !== 'string' ||
      typeof entry.asOf !== 'string' ||
      files.length === 0 ||
      files.some((f) => typeof f !== 'string');
    if (wrong || (entry.mode !== undefined && entry.mode !== 'full' && entry.mode !== 'delta')) {
      throw new Refusal(
        'manifest.entry',
        `清单第 ${i + 1} 项不完整：需要 source、asOf、files，mode 只能是 full 或 delta。`,
      );
    }
    return {
      source: entry.source as string,
      asOf: entry.asOf as string,
      mode: entry.mode as 'full' | 'delta' | undefined,
      sender: typeof entry.sender === 'string' ? entry.sender : undefined,
      region: typeof entry.region === 'string' ? entry.region : undefined,
      sheet: typeof entry.sheet === 'string' ? entry.sheet : undefined,
      files: files.map((file: string) => ({ name: file, path: resolve(base, file) })),
    };
  });
  return { county: String(parsed.county ?? ''), deliveries };
}
