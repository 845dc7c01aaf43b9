// A field that searches (ARIA combobox with a list). What is found comes from the form's own page,
// which answers the same step without script. Without this file the form does all of it.

const PAUSE = 250;

const answerOf = async (input, root) => {
  const form = input.form;
  const name = root.dataset.seek;
  const data = new FormData(form);
  for (const [key, value] of [...data]) if (value instanceof File) data.delete(key);
  data.set(`${name}-search`, "1");
  const url = new URL(form.getAttribute("action") || location.href, location.href);
  const isGet = form.method === "get";
  if (isGet) url.search = new URLSearchParams(data).toString();
  const response = await fetch(url, isGet ? {} : { method: "POST", body: data, redirect: "manual" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = page.querySelector(`[data-seek="${CSS.escape(name)}"] [data-seek-found]`);
  return [...(part?.querySelectorAll("label") ?? [])].map((label) => ({
    key: label.querySelector("input").value,
    label: label.querySelector("span").textContent,
  }));
};

const start = (root) => {
  const name = root.dataset.seek;
  const isSeveral = "several" in root.dataset;
  const input = root.querySelector(`[name="${CSS.escape(name)}-words"]`);
  const shown = root.querySelector(`[name="${CSS.escape(name)}-shown"]`);
  const list = root.querySelector("[role=listbox]");
  const status = root.querySelector("[role=status]");
  let at = -1;
  let turn = 0;
  let timer;

  list.id = `${input.id || name}-list`;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = ({ key, label }) => {
    root.querySelector("[data-seek-found]")?.remove();
    if (isSeveral) {
      const item = document.createElement("li");
      const choice = Object.assign(document.createElement("label"), { className: "choice" });
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value: key, checked: true });
      const text = Object.assign(document.createElement("span"), { dir: "auto", textContent: label });
      choice.append(box, text);
      item.append(choice);
      root.querySelector("[data-seek-chosen]").append(item);
      input.value = shown.value = "";
    } else {
      const old = root.querySelector("[data-seek-key]");
      const hidden = old ?? Object.assign(document.createElement("input"), { type: "hidden", name });
      hidden.dataset.seekKey = "";
      hidden.value = key;
      if (!old) root.prepend(hidden);
      input.value = shown.value = label;
    }
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const mark = (next) => {
    const options = [...list.children];
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === next)));
    at = next;
    if (options[next]) {
      input.setAttribute("aria-activedescendant", options[next].id);
      options[next].scrollIntoView({ block: "nearest" });
    }
  };

  const show = (answers) => {
    list.replaceChildren(
      ...answers.map((answer, number) => {
        const option = document.createElement("li");
        Object.assign(option, { id: `${list.id}-${number}`, dir: "auto", textContent: answer.label });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(answer);
        });
        option.answer = answer;
        return option;
      }),
    );
    list.hidden = !answers.length;
    at = -1;
    input.setAttribute("aria-expanded", String(answers.length > 0));
    status.textContent = answers.length ? `${status.dataset.some} ${answers.length}` : status.dataset.none;
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const mine = ++turn;
    if (input.value.trim().length < 2) return close();
    timer = setTimeout(async () => {
      try {
        const answers = await answerOf(input, root);
        if (mine === turn) show(answers);
      } catch {
        close();
      }
    }, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    if (list.hidden || !options.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(options[at].answer);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);
};

document.querySelectorAll("[data-seek]").forEach(start);
