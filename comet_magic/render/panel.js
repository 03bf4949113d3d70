// What the panel's widgets cannot do by themselves. Without it the panel still works, but for keys,
// the clipboard, dropped files and large uploads. It reads what the widgets put on the page, and
// presses their buttons; pictures go to the kernel through a hidden text field.
(() => {
  if (window.cometMagicPanel) {
    window.cometMagicPanel();
    return;
  }

  const LONG_SIDE = 2048; // as the kernel sends them on
  const MOST_BYTES = 5000000; // in base64 two thirds of what a Jupyter server takes in one message
  const panelOf = (node) => (node instanceof Element ? node.closest(".comet-panel") : null);
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

  // Once for each panel: when it is put on the page, or else when it is first touched.
  const seen = new WeakSet();
  const follow = (node) => {
    const panel = panelOf(node);
    if (!panel || seen.has(panel)) return;
    seen.add(panel);
    panel.classList.add("comet-scripted");
    const status = panel.querySelector(".comet-status > .widget-html-content");
    if (status) {
      // It stays while the text in it changes: only then is a change spoken.
      status.setAttribute("role", "status");
      status.setAttribute("aria-live", "polite");
    }
    new MutationObserver(() => { fetchFile(panel); openViewer(panel); })
      .observe(panel, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });
  };
  for (const kind of ["pointerover", "pointerdown", "focusin", "keydown", "dragover"]) {
    window.addEventListener(kind, (event) => follow(event.target), true);
  }
  window.cometMagicPanel = () => requestAnimationFrame(
    () => document.querySelectorAll(".comet-panel").forEach(follow));
  window.cometMagicPanel();

  const fetchFile = (panel) => {
    const link = panel.querySelector("a.comet-file:not([data-done])");
    if (!link) return;
    link.dataset.done = "";
    link.click();
  };

  const openViewer = (panel) => {
    const viewer = panel.querySelector(".comet-viewer");
    if (!viewer || !viewer.showPopover) return;
    const wanted = !viewer.classList.contains("comet-hidden");
    if (wanted === viewer.matches(":popover-open")) return;
    if (wanted) {
      viewer.popover = "manual";
      viewer.setAttribute("role", "dialog");
      viewer.setAttribute("aria-label", "Picture in full size");
      viewer.showPopover();
      viewer.querySelector(".comet-close")?.focus();
    } else {
      viewer.hidePopover();
    }
  };

  // On the window, so that it comes before the keys of the application.
  window.addEventListener("keydown", (event) => {
    const panel = panelOf(event.target);
    if (!panel) return;
    const runs = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    let button = null;
    if (runs && event.target.closest(".comet-prompt")) button = ".comet-generate";
    if (event.key === "Escape" && panel.querySelector(".comet-viewer:popover-open")) button = ".comet-close";
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    panel.querySelector(button).click();
  }, true);

  document.addEventListener("click", (event) => {
    const panel = panelOf(event.target);
    if (!panel) return;
    const copy = event.target.closest(".comet-copy");
    if (copy) copyText(copy, copy.parentElement.querySelector("pre"));
    if (event.target.closest(".comet-upload")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const chooser = document.createElement("input");
      chooser.type = "file";
      chooser.accept = "image/*";
      chooser.multiple = true;
      chooser.onchange = () => upload(panel, [...chooser.files]);
      chooser.click();
    }
  }, true);

  const copyText = async (button, source) => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      // Only pages over https may use the clipboard's own interface.
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      copied = document.execCommand("copy");
    }
    button.textContent = copied ? "Copied" : "Selected";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  const filesIn = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  const dropping = (event, is) => {
    const panel = panelOf(event.target);
    if (!panel || ![...(event.dataTransfer?.types ?? [])].includes("Files")) return null;
    event.preventDefault();
    event.stopPropagation();
    panel.classList.toggle("comet-dropping", is);
    return panel;
  };
  window.addEventListener("dragover", (event) => dropping(event, true), true);
  window.addEventListener("dragleave", (event) => dropping(event, false), true);
  window.addEventListener("drop", (event) => {
    const panel = dropping(event, false);
    if (panel) upload(panel, [...event.dataTransfer.files]);
  }, true);
  window.addEventListener("paste", (event) => {
    const panel = panelOf(event.target);
    const files = filesIn(event.clipboardData);
    if (!panel || !files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    upload(panel, files);
  }, true);

  // One after the other: the field is emptied when the kernel has read it.
  let queue = Promise.resolve();
  const upload = (panel, files) => {
    for (const file of files) {
      queue = queue.then(() => send(panel, file)).catch((error) => console.error(error));
    }
  };

  const send = async (panel, file) => {
    const field = panel.querySelector(".comet-bridge textarea");
    let message;
    try {
      const small = file.size > MOST_BYTES ? await shrunk(file) : file;
      message = { name: file.name, data: await base64(small) };
    } catch (error) {
      const size = (file.size / 1e6).toFixed(1);
      message = { name: file.name, problem: `it has ${size} MB, and the browser could not make it smaller (${error.message})` };
    }
    field.value = JSON.stringify(message);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    for (let tries = 0; field.value && tries < 1200; tries++) await sleep(50);
  };

  const base64 = (blob) => new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });

  const shrunk = async (file) => {
    const picture = await createImageBitmap(file); // upright, as it is to be seen
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let opaque = true;
    for (let at = 3; at < pixels.length && opaque; at += 4) opaque = pixels[at] === 255;
    const blobs = opaque ? [["image/jpeg", 0.92]] : [["image/png"], ["image/webp", 0.9]];
    for (const [type, quality] of blobs) {
      const blob = await new Promise((done) => canvas.toBlob(done, type, quality));
      if (blob && blob.size <= MOST_BYTES) return blob;
    }
    throw new Error("it stays too large");
  };
})();
