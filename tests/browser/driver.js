// What the tests ask of JupyterLab, as window.comet. Evaluated anew for each notebook.
(() => {
  const app = window.jupyterapp;
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const until = async (check, what, seconds = 30) => {
    const end = performance.now() + 1000 * seconds;
    while (!(await check())) {
      if (performance.now() > end) throw new Error(`not in ${seconds} s: ${what}`);
      await sleep(20);
    }
  };
  let panel = window.comet ? window.comet.panel() : null;
  let running = null;
  let seen = [];
  let recording = false;

  const comet = {
    panel: () => panel,

    async open(path) {
      await app.restored;
      if (panel && !panel.isDisposed) {
        await panel.sessionContext.shutdown().catch(() => {});
        panel.dispose();
      }
      panel = await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
      await panel.context.ready;
      await panel.sessionContext.ready;
      await panel.sessionContext.session.kernel.info;
      await comet.idle();
      await panel.revealed;
      comet.mark();
    },

    // The toolbar says idle too early: a request that is answered is the proof.
    async idle() {
      const kernel = panel.sessionContext.session.kernel;
      await kernel.requestKernelInfo();
      await until(() => kernel.status === "idle", "the kernel is idle");
    },

    mark() {
      panel.content.widgets.forEach((cell, index) => (cell.node.dataset.comet = index));
    },

    edit(number) {
      panel.content.activeCellIndex = number;
      panel.content.deselectAll();
      panel.content.mode = "edit";
      const editor = panel.content.activeCell.editor;
      editor.focus();
      const line = editor.lineCount - 1;
      editor.setCursorPosition({ line, column: editor.getLine(line).length });
    },

    start(number) {
      comet.mark();
      panel.content.activeCellIndex = number;
      panel.content.deselectAll();
      running = app.commands.execute("notebook:run-cell").catch(() => {});
    },

    async wait() {
      await running;
      await comet.idle();
      await painted();
    },

    async run(number) {
      comet.start(number);
      await comet.wait();
    },

    async runAll() {
      await app.commands.execute("notebook:run-all-cells").catch(() => {});
      await comet.idle();
      await painted();
    },

    record(number) {
      seen = [];
      recording = true;
      comet.start(number);
      const node = panel.content.widgets[number].node;
      const below = panel.content.widgets[number + 1].node;
      const look = () => {
        const bar = node.querySelector("progress");
        const image = node.querySelector(".jp-OutputArea img");
        seen.push({
          bar: bar ? (bar.hasAttribute("value") ? bar.value : -1) : null,
          stage: node.querySelector("[role=status]")?.textContent ?? "",
          top: below.getBoundingClientRect().top - node.getBoundingClientRect().top,
          text: node.querySelector(".jp-OutputArea")?.innerText ?? "",
          picture: Boolean(image && image.complete && image.naturalWidth),
        });
        if (recording) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      running = running.then(comet.idle).then(() => sleep(300)).then(() => { recording = false; });
    },

    frames: () => seen,
    interrupt: () => panel.sessionContext.session.kernel.interrupt(),
    restart: () => panel.sessionContext.session.kernel.restart().then(comet.idle),
    execute: ([command, args]) => app.commands.execute(command, args).then(() => null),
    save: () => panel.context.save(),
    isTrusted: (number) => panel.content.model.cells.get(number).trusted,
  };
  window.comet = comet;
})();
