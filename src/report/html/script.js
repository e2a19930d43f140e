"use strict";
// Filters what is there already: without it everything can be read. It sends nothing and keeps nothing.
(() => {
  const form = document.getElementById("filter");
  const count = document.getElementById("count");
  const words = document.getElementById("words");
  const projects = [...document.querySelectorAll(".project")].map((node) => ({
    node,
    line: document.querySelector('tr[data-of="' + node.id + '"]'),
    findings: null,
  }));
  const text = (node) => node.textContent.toLowerCase();
  const parts = (project) => {
    if (!project.findings) {
      // What does not concern the project is not what anybody looks for.
      const own = [...project.node.children].filter((part) => !part.matches(".aside"));
      project.all = own.map(text).join("\n");
      project.findings = [...project.node.querySelectorAll(".finding")].map((node) => ({ node, text: text(node) }));
    }
    return project;
  };
  const apply = () => {
    const wanted = words.value.trim().toLowerCase();
    const decisions = new Set([...form.querySelectorAll("[name=decision]:checked")].map((box) => box.value));
    const verdicts = new Set([...form.querySelectorAll("[name=verdict]:checked")].map((box) => box.value));
    let shown = 0;
    for (const project of projects) {
      let on = decisions.has(project.node.dataset.decision);
      if (on && wanted) on = parts(project).all.includes(wanted);
      project.node.classList.toggle("off", !on);
      if (project.line) project.line.classList.toggle("off", !on);
      if (!on) continue;
      shown += 1;
      const { findings } = parts(project);
      // Words that stand outside the findings leave all of them.
      const some = wanted && findings.some((finding) => finding.text.includes(wanted));
      for (const finding of findings) {
        const here = verdicts.has(finding.node.dataset.verdict) && (!some || finding.text.includes(wanted));
        finding.node.classList.toggle("off", !here);
      }
    }
    count.textContent = count.dataset.words.replace("%1", shown).replace("%2", projects.length);
  };
  let timer = 0;
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 150);
  });
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  const reveal = () => {
    const node = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = node; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (node) node.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", reveal);
  reveal();
  addEventListener("beforeprint", () => document.querySelectorAll("details.print").forEach((node) => (node.open = true)));
})();
