import { Secret, TOTP } from 'otpauth';

const PERIOD = 30;

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: '全保', label, secret: Secret.fromBase32(secret), period: PERIOD });
}

export function newTotp(login: string): { secret: string; uri: string } {
  const { base32 } = new Secret({ size: 20 });
  return { secret: base32, uri: totpOf(base32, login).toString() };
}

/** @returns the time step a code belongs to (the last, this or the next one), null when it is wrong or was used */
export function stepOf(secret: string, code: string, usedStep: number, now = Date.now()): number | null {
  const token = code.replace(/\s/g, '');
  const delta = totpOf(secret).validate({ token, timestamp: now, window: 1 });
  if (delta === null) return null;
  const step = Math.floor(now / 1000 / PERIOD) + delta;
  return step > usedStep ? step : null;
}
