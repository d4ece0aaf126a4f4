// Shows the values under the pointer of every chart; the charts are complete without it.
for (const figure of document.querySelectorAll(".chart")) {
  const plot = JSON.parse(figure.dataset.plot);
  const svg = figure.querySelector("svg");
  const [left, top, right, bottom] = plot.box;
  const tip = figure.appendChild(document.createElement("div"));
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  tip.className = "tip";
  line.setAttribute("class", "pointer");
  line.setAttribute("y1", top);
  line.setAttribute("y2", bottom);
  svg.append(line);

  const nearest = (xs, step) => {
    let low = 0, high = xs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (xs[middle] > step) high = middle; else low = middle;
    }
    return step - xs[low] < xs[high] - step ? low : high;
  };

  const show = event => {
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    const share = ((event.clientX - box.left) / scale - left) / (right - left);
    if (share < 0 || share > 1) return hide();
    const step = plot.x[0] + share * (plot.x[1] - plot.x[0]);
    // The chart's step is that of the curve with the most points.
    const dense = plot.curves.reduce((a, b) => b.x.length > a.x.length ? b : a);
    const at = dense.x[nearest(dense.x, step)];
    const x = left + (at - plot.x[0]) / (plot.x[1] - plot.x[0]) * (right - left);
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    tip.replaceChildren();
    tip.append(`step ${at.toLocaleString("en")}`);
    for (const curve of plot.curves) {
      const i = nearest(curve.x, at);
      const row = tip.appendChild(document.createElement("div"));
      row.appendChild(document.createElement("i")).className = `c${curve.colour}`;
      row.append(`${curve.label} ${curve.y[i]}` + (curve.x[i] === at ? "" : ` (step ${curve.x[i]})`));
    }
    figure.classList.add("hover");
    const frame = figure.getBoundingClientRect();
    const pixel = box.left - frame.left + x * scale;
    const flip = pixel + tip.offsetWidth + 14 > figure.clientWidth;
    tip.style.left = `${Math.max(0, flip ? pixel - tip.offsetWidth - 10 : pixel + 10)}px`;
    tip.style.top = `${box.top - frame.top + top * scale}px`;
  };
  const hide = () => figure.classList.remove("hover");
  svg.addEventListener("pointermove", show);
  svg.addEventListener("pointerdown", show);
  svg.addEventListener("pointerleave", hide);
}
