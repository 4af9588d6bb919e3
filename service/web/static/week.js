/* A visit carried to another cell with the mouse: it sends what the form of the hand sends. Nothing is kept in the browser. */
"use strict";
(() => {
  const form = document.getElementById("carry");
  if (!form) return;
  let carried = null;

  function cellOf(event) {
    return event.target instanceof Element ? event.target.closest("td[data-cell]") : null;
  }

  function letGo() {
    document.querySelectorAll("td.over").forEach((cell) => cell.classList.remove("over"));
    if (carried) carried.classList.remove("carried");
    carried = null;
  }

  document.addEventListener("dragstart", (event) => {
    const slot = event.target instanceof Element ? event.target.closest("[data-carry]") : null;
    if (!slot) return;
    carried = slot;
    slot.classList.add("carried");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", slot.dataset.carry);
  });

  document.addEventListener("dragover", (event) => {
    const cell = carried && cellOf(event);
    if (!cell) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    document.querySelectorAll("td.over").forEach((other) => { if (other !== cell) other.classList.remove("over"); });
    cell.classList.add("over");
  });

  document.addEventListener("drop", (event) => {
    const slot = carried;
    const cell = slot && cellOf(event);
    if (!cell) return;
    event.preventDefault();
    letGo();
    if (cell === slot.closest("td[data-cell]")) return;
    form.action = `/followup/${slot.dataset.carry}/put`;
    form.elements._once.value = `${form.dataset.once}${slot.dataset.carry}`;
    form.elements._version.value = slot.dataset.version;
    form.elements.cell.value = cell.dataset.cell;
    form.requestSubmit();
  });

  document.addEventListener("dragend", letGo);
})();
