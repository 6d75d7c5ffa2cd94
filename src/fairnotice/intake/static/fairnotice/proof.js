// A proof of work for the last page of the form, done while it is read. Without it everything works the same.
"use strict";
(() => {
  const form = document.querySelector("form[data-proof]");
  if (!form || !window.Worker || !window.crypto || !crypto.subtle) return;
  const field = form.elements.altcha;
  const said = form.querySelector("[data-proof-wait]");
  const MOST_SECONDS = 4; // Whoever presses "Send" at once waits so long, then goes without.
  let ready = false;

  const solve = async () => {
    const answer = await fetch(form.dataset.proof, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) return;
    const challenge = await answer.json();
    const solution = await new Promise((done, failed) => {
      const worker = new Worker(form.dataset.worker);
      worker.onmessage = (event) => (event.data ? done(event.data) : failed(new Error("not solved")));
      worker.onerror = failed;
      worker.postMessage(challenge.parameters);
    });
    field.value = btoa(JSON.stringify({ challenge, solution }));
  };
  const work = solve()
    .catch(() => {})
    .finally(() => {
      ready = true;
    });

  form.addEventListener("submit", (event) => {
    if (ready || (event.submitter && event.submitter.hasAttribute("formaction"))) return;
    event.preventDefault();
    if (said) said.textContent = said.dataset.proofWait;
    const enough = new Promise((done) => setTimeout(done, MOST_SECONDS * 1000));
    Promise.race([work, enough]).then(() => {
      if (ready && said) said.textContent = "";
      ready = true;
      form.submit();
    });
  });
})();
