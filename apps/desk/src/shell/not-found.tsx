export function NotFound() {
  return (
    <main className="bare">
      <div className="state">
        <h1>没有这一页</h1>
        <p>
          地址可能抄错了，或者内容已经不在。<a href="/">回到首页</a>
        </p>
      </div>
    </main>
  );
}
