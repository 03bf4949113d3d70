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
  const isAlive = (panel) => panel.isConnected && !panel.classList.contains("jupyter-widgets-disconnected");
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
    new MutationObserver(() => { fetchFile(panel); openViewer(panel); offerAll(document.activeElement); keepKeyboard(); })
      .observe(panel, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "disabled"] });
  };
  for (const kind of ["pointerover", "pointerdown", "focusin", "keydown", "dragover"]) {
    window.addEventListener(kind, (event) => follow(event.target), true);
  }
  window.cometMagicPanel = () => requestAnimationFrame(
    () => document.querySelectorAll(".comet-panel").forEach(follow));
  window.cometMagicPanel();

  // A panel that is shown twice has the link, and the viewer, twice.
  let used = null; // the view that was clicked in last
  let fetched = { href: "", when: 0 };
  const fetchFile = (panel) => {
    const link = panel.querySelector("a.comet-file:not([data-done])");
    if (!link) return;
    link.dataset.done = "";
    const now = performance.now();
    if (link.href === fetched.href && now - fetched.when < 1000) return;
    fetched = { href: link.href, when: now };
    link.click();
  };

  const OPEN = ".comet-viewer:popover-open";
  const openViewer = (panel) => {
    const viewer = panel.querySelector(".comet-viewer");
    if (!viewer || !viewer.showPopover) return;
    const wanted = !viewer.classList.contains("comet-hidden");
    if (wanted === viewer.matches(":popover-open")) return;
    if (wanted) {
      if (used !== panel && used?.querySelector(".comet-viewer:not(.comet-hidden)")) return;
      viewer.popover = "manual";
      viewer.setAttribute("role", "dialog");
      viewer.setAttribute("aria-modal", "true");
      viewer.setAttribute("aria-label", "Picture in full size");
      viewer.cometOpener = document.activeElement;
      viewer.showPopover();
      viewer.querySelector(".comet-close")?.focus();
    } else {
      viewer.hidePopover();
      viewer.cometOpener?.focus?.({ preventScroll: true });
    }
  };
  // It covers the page: the keyboard stays in it.
  const keepInside = (event, viewer) => {
    const stops = [...viewer.querySelectorAll("button, summary, video, audio")].filter((one) => one.offsetParent);
    const at = stops.indexOf(document.activeElement);
    const next = event.shiftKey ? (at <= 0 ? stops.length - 1 : -1) : (at < 0 || at === stops.length - 1 ? 0 : -1);
    if (next < 0) return;
    event.preventDefault();
    stops[next]?.focus();
  };

  // A button that is pressed may go: Stop, Cancel, Remove. Then the keyboard would be nowhere, and the
  // next Tab at the top of the page. It goes to what stands there, or to the prompt; not to a button
  // that sends something, for the key may be pressed twice.
  let last = null; // what had the keyboard, with its surroundings
  window.addEventListener("focusin", (event) => {
    const [node, panel] = [event.target, panelOf(event.target)];
    last = panel && { node, panel, tile: node.closest(".comet-tile"), row: node.closest(".comet-row:not(.comet-form *)") };
  }, true);
  window.addEventListener("pointerdown", (event) => {
    if (last && !last.node.contains(event.target)) last = null;
  }, true);
  const isThere = (node) => node?.isConnected && !node.disabled && node.offsetParent;
  const keepKeyboard = () => setTimeout(() => {
    // After the kernel, which may have put it somewhere.
    if (!last || document.activeElement !== document.body || !isAlive(last.panel) || isThere(last.node)) return;
    const others = [...(last.row?.querySelectorAll("button") ?? [])];
    const next = [last.tile, ...others, last.panel.querySelector(".comet-prompt textarea")].find(isThere);
    if (next === last.tile) next.tabIndex = -1;
    next?.focus({ preventScroll: true });
  }, 200);

  // On the window, so that it comes before the keys of the application.
  window.addEventListener("keydown", (event) => {
    // Wherever the keyboard is: a click beside the buttons takes it out of the viewer.
    const viewer = document.querySelector(OPEN);
    if (viewer && event.key === "Tab") keepInside(event, viewer);
    const panel = panelOf(viewer ?? event.target);
    if (!panel) return;
    const isPressed = event.target.closest("button, summary, a") || event.target.matches(".comet-tile");
    if ((event.key === "Enter" || event.key === " ") && isPressed) {
      event.stopImmediatePropagation(); // JupyterLab would turn to the cell's text
      return;
    }
    const runs = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    let button = null;
    if (runs && event.target.closest(".comet-prompt")) button = ".comet-generate";
    if (event.key === "Escape" && viewer) button = ".comet-close";
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    panel.querySelector(button).click();
  }, true);

  // While the kernel is busy a field keeps back what is typed, but a button does not wait for that: it
  // would send half a prompt. So a press waits until the kernel knows what stands in the fields.
  const fieldsOf = (panel) => [...panel.querySelectorAll(".comet-form .comet-field :is(input, textarea)")];
  const textOf = (panel) => fieldsOf(panel)
    .map((field) => (field.type === "number" ? String(Number(field.value)) : field.value)).join("\0");
  const isKnown = (panel) => {
    let [low, high] = [1, 0]; // Adler-32
    for (const byte of new TextEncoder().encode(textOf(panel))) {
      low = (low + byte) % 65521;
      high = (high + low) % 65521;
    }
    return panel.querySelector("[data-known]")?.dataset.known === String(high * 65536 + low);
  };
  // Until then the fields take no more: what is written after the press is for the next one. And until
  // the kernel has answered, the same is not asked again: whoever sees nothing happen presses twice.
  // Other presses wait for their turn.
  const pressed = new Map();
  const turns = new WeakMap();
  const press = (panel, button) => {
    const text = textOf(panel);
    if (pressed.get(button) === text) return;
    pressed.set(button, text);
    const hold = holder(panel);
    hold();
    const turn = (turns.get(panel) ?? Promise.resolve()).then(() => take(panel, button, hold));
    turns.set(panel, turn.catch((error) => console.error(error)).finally(() => {
      if (pressed.get(button) === text) pressed.delete(button);
    }));
  };
  // Holds the fields that are not held yet, or lets go of those.
  const holder = (panel) => {
    const held = [];
    return (is = true) => {
      if (is) held.push(...panel.querySelectorAll(".comet-form :is(input, textarea):read-write"));
      held.forEach((field) => { field.readOnly = is; });
      if (!is) held.length = 0;
    };
  };
  const take = async (panel, button, hold) => {
    panel.classList.add("comet-waiting");
    const wasUploading = Boolean(uploads.get(panel));
    const until = async (holds) => {
      for (let tries = 0; isAlive(panel) && button.isConnected && !holds(); tries++) {
        if (tries === 50) panel.classList.add("comet-late");
        await sleep(20);
      }
    };
    hold(); // those that the press before this one held
    if (!isKnown(panel)) {
      // A browser may show a value otherwise than the kernel set it: what is seen is what is sent.
      for (const field of fieldsOf(panel)) {
        for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
      }
    }
    await until(() => isKnown(panel) && !uploads.get(panel));
    // Else it was taken from the page, or its kernel has ended: half a prompt is not sent. Nor is one
    // without a picture that was to go with it.
    if (isAlive(panel) && isKnown(panel) && !(wasUploading && panel.querySelector(".comet-chosen .comet-problem"))) {
      await sleep(0); // a click does nothing within a click
      const answer = () => panel.querySelector("[data-answered]")?.dataset.answered;
      const before = answer();
      button.dataset.waited = "";
      button.click();
      // A kernel may read fields and buttons in threads of their own: the fields are held until then.
      // The panel of another notebook may be of a version that does not answer.
      await until(() => before === undefined || answer() !== before);
    }
    hold(false);
    panel.classList.remove("comet-waiting", "comet-late");
  };

  document.addEventListener("click", (event) => {
    const panel = panelOf(event.target);
    if (!panel) return;
    used = panel;
    const button = event.target.closest(".comet-waits");
    if (button && !("waited" in button.dataset)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.detail < 2) press(panel, button); // a double click is one press
      return;
    }
    if (button) delete button.dataset.waited;
    // A picture is a larger target than the button below it.
    if (event.target.matches(".comet-place > img")) {
      const open = event.target.closest(".comet-tile").querySelector(".comet-open");
      open?.focus({ preventScroll: true }); // which has the keyboard afterwards
      open?.click();
    }
    // A kernel that is busy, or has ended, would leave it over the page.
    if (event.target.closest(".comet-close")) event.target.closest(".comet-viewer").classList.add("comet-hidden");
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

  // A browser offers only models that match what is in the field. Whoever clicks into it wants to see
  // all of them: until something is written, what was in it stands there as a hint. Left empty, the
  // field has it again.
  const modelOf = (node) => (node instanceof Element ? node.closest(".comet-panel .comet-model input") : null);
  const offerAll = (field) => {
    // Also when the list comes meanwhile: the widget then puts the model back into the field.
    if (modelOf(field) && "offering" in field.dataset && field.value === field.placeholder) field.value = "";
  };
  window.addEventListener("pointerdown", (event) => {
    const field = modelOf(event.target);
    if (!field || !field.value || field.readOnly || document.activeElement === field) return;
    field.placeholder = field.value;
    field.dataset.offering = "";
    offerAll(field);
  }, true);
  window.addEventListener("focusin", (event) => {
    const field = modelOf(event.target);
    if (field && field.value) field.placeholder = field.value;
  }, true);
  window.addEventListener("input", (event) => {
    const field = modelOf(event.target);
    if (field) delete field.dataset.offering;
  }, true);
  window.addEventListener("focusout", (event) => {
    const field = modelOf(event.target);
    if (!field) return;
    delete field.dataset.offering;
    if (field.value) return;
    field.value = field.placeholder;
    field.dispatchEvent(new Event("input", { bubbles: true })); // the kernel may know it as empty
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
    // Cells of a spreadsheet and words of a document come as text, and as a picture of it.
    const isText = ["text/plain", "text/html"].every((type) => event.clipboardData?.types.includes(type));
    if (!panel || !files.length || isText) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    upload(panel, files);
  }, true);

  // One after the other: the field is emptied when the kernel has read it. A press waits for them.
  const uploads = new WeakMap();
  let queue = Promise.resolve();
  const upload = (panel, files) => {
    files.forEach((file, place) => {
      const count = (by) => {
        const left = (uploads.get(panel) ?? 0) + by;
        uploads.set(panel, left);
        panel.classList.toggle("comet-uploading", left > 0);
      };
      count(1);
      queue = queue.then(() => send(panel, file, place === 0))
        .catch((error) => console.error(error)).finally(() => count(-1));
    });
  };

  const send = async (panel, file, first) => {
    const field = panel.querySelector(".comet-bridge textarea");
    const size = `${(file.size / 1e6).toFixed(1)} MB`;
    const isLarge = file.size > MOST_BYTES;
    let message;
    try {
      const small = isLarge ? await shrunk(file) : file;
      message = { name: file.name, data: await base64(small), had: small === file ? "" : size, first };
    } catch (error) {
      const failed = isLarge ? `it has ${size}, and the browser could not make it smaller` : "the browser could not read it";
      message = { name: file.name, problem: `${failed} (${error.message})`, first };
    }
    field.value = JSON.stringify(message);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    while (field.value && isAlive(panel)) await sleep(50);
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
