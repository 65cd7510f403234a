import { useRouter } from '@tanstack/react-router';
import { PasswordForm } from './password-form.tsx';

/** An account made by somebody else: its first act is a password of its own. */
export default function FirstPasswordPage() {
  const router = useRouter();
  return (
    <main className="door">
      <div className="door-card">
        <h1>请先修改密码</h1>
        <p>这个密码是别人为您设的。换成只有您自己知道的密码以后，就可以开始工作。</p>
        <PasswordForm onDone={() => router.history.push('/')} />
      </div>
    </main>
  );
}
