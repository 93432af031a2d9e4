/** Adds what the page of Swagger UI lacks: a header that says who is signed in, links, and a size for phones. */
export function addHeader() {
  document.head.insertAdjacentHTML(
    'beforeend',
    `<meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">`,
  );
  document.body.insertAdjacentHTML(
    'afterbegin',
    `<a class="skip" href="#swagger-ui">Skip to the operations</a>
    <header class="bar">
      <a class="brand" href="/docs"><img src="/docs/static/theme/icon.svg" alt="" width="24" height="24">Tally</a>
      <div class="session">
        <span id="session-status" role="status">Not signed in</span>
        <button id="sign-out" type="button" hidden>Sign out</button>
      </div>
    </header>
    <nav class="downloads" aria-label="Downloads">
      <a href="/openapi.json">OpenAPI document</a>
      <a href="/client.tgz">TypeScript client</a>
      <code></code>
    </nav>`,
  );
  document.querySelector('.downloads code').textContent =
    `npm install ${location.origin}/client.tgz`;
}
