"use strict";
// Draws one ticker's report from the data inside the page. Text enters the document as text nodes only, never as markup.

const DATA = JSON.parse(document.getElementById("data").textContent);
const VERDICTS = DATA.verdicts;
const RANK = new Map(VERDICTS.map((verdict, i) => [verdict.word, i]));
const ROWS_AT_ONCE = 100;

// --- data -------------------------------------------------------------------------------------------------------------

/** Undo the packing of signals.reports.page: a column is one value for all rows, an index into a list, or a list. */
function unpacked(packed) {
  const columns = Object.entries(packed.columns).map(([name, column]) => {
    if ("same" in column) return [name, () => column.same];
    if ("words" in column) return [name, i => column.words[column.of[i]]];
    return [name, i => column.each[i]];
  });
  return Array.from({ length: packed.rows }, (_, i) => Object.fromEntries(columns.map(([name, at]) => [name, at(i)])));
}

const LINKS = unpacked(DATA.links);
const DECIDING = new Map(LINKS.filter(row => row.decides).map(row => [row.study, row.event_window]));
const state = { study: "", window: "", words: "", hidden: new Set(), sort: "published_at", down: true, from: 0, all: false,
                chosen: null };

// --- texts ------------------------------------------------------------------------------------------------------------

const percent = v => v === null ? "" : (v < 0 || Object.is(v, -0) ? "-" : "+") + Math.abs(v * 100).toFixed(2) + "%";
const probability = v => v === null ? "" : v < 0.001 ? "<0.001" : v.toFixed(3);
const chance = v => v === null ? "" : v < .01 ? "<1%" : v > .99 && v < 1 ? ">99%" : `${(100 * v).toFixed(0)}%`;
const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
const verdictOf = row => VERDICTS[RANK.get(row.verdict)];
const text = (row, column) => DATA.texts[column][row[column]];
/** The verdict of a link, or why its event has no score. */
const outcome = row => row.reason ? `${row.status} (${row.reason.replaceAll("_", " ")})` : verdictOf(row).text;
const origin = row => [row.source, row.publisher].filter(Boolean).join(" / ");
const web = url => /^https?:\/\//i.test(url || "");

// --- document ---------------------------------------------------------------------------------------------------------

function put(parent, tag, attributes = {}, ...children) {
  const svg = parent instanceof SVGElement || tag === "svg";
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
  element.append(...children);
  parent.append(element);
  return element;
}

const $ = id => document.getElementById(id);
const signed = v => v === null ? "num" : v > 0 ? "num up" : v < 0 ? "num down" : "num";

function verdictMark(parent, row) {
  const verdict = verdictOf(row);
  const mark = put(parent, "span", { class: `verdict v-${verdict.word}`, title: verdict.meaning });
  put(mark, "span", { class: `dot ${verdict.shape}` });
  put(mark, "span", {}, outcome(row));
}

// --- filters and order ------------------------------------------------------------------------------------------------

function ofView() {
  return LINKS.filter(row => row.study === state.study && row.event_window === state.window);
}

function visibleRows() {
  const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = ofView().filter(row => !state.hidden.has(row.verdict) && words.every(word =>
    [row.title, row.source, row.publisher, row.tag, text(row, "role"), row.day_zero, text(row, "anchor"), row.verdict, outcome(row)]
      .some(text => String(text).toLowerCase().includes(word))));
  const key = state.sort, sign = state.down ? -1 : 1;
  const value = row => key === "size" ? (row.car === null ? null : Math.abs(row.car)) : row[key];
  return rows.map((row, i) => [row, i]).sort(([a, i], [b, j]) => {
    const x = value(a), y = value(b);
    if (x === y) return i - j;
    if (x === null) return 1;
    if (y === null) return -1;
    return (typeof x === "number" ? x - y : String(x).localeCompare(String(y))) * sign || i - j;
  }).map(([row]) => row);
}

/** The events behind rows, once each, by the row that says most. */
function eventsOf(rows) {
  const best = new Map();
  for (const row of rows) {
    const other = best.get(row.event_id);
    const rank = r => RANK.get(r.verdict) * 1000 + r.story_rank;
    if (!other || rank(row) < rank(other)) best.set(row.event_id, row);
  }
  return [...best.values()].sort((a, b) => a.day_zero < b.day_zero ? -1 : 1);
}

// --- drawing ----------------------------------------------------------------------------------------------------------

function ticks(low, high, about) {
  const raw = (high - low) / about || 1, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map(n => n * power).find(n => n >= raw);
  const values = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) values.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return values;
}

function canvas(plot, height, margin) {
  plot.querySelector("svg")?.remove();
  const width = Math.max(plot.clientWidth, 220);
  const svg = put(plot, "svg", { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" });
  return { svg, width, height, left: margin[3], right: width - margin[1], top: margin[0], bottom: height - margin[2] };
}

const scale = (low, high, from, to) => v => from + (v - low) / ((high - low) || 1) * (to - from);
const line = points => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** A line without the points that are missing; it breaks there. */
function broken(points) {
  const parts = [[]];
  for (const point of points) point === null ? parts.push([]) : parts.at(-1).push(point);
  return parts.filter(part => part.length).map(line).join("");
}

function axisY(c, y, values, write) {
  for (const v of values) {
    put(c.svg, "line", { class: v === 0 ? "zero" : "axis", x1: c.left, x2: c.right, y1: y(v), y2: y(v) });
    put(c.svg, "text", { x: c.left - 7, y: y(v) + 4, "text-anchor": "end" }, write(v));
  }
}

function mark(c, x, y, row, size) {
  const { word, shape } = verdictOf(row);
  const chosen = state.chosen && state.chosen.event_id === row.event_id ? " chosen" : "";
  const attributes = { class: `marker v-${word} ${shape}${chosen}`, "data-event": row.event_id };
  if (shape === "diamond") return put(c.svg, "path", { ...attributes, d: `M${x} ${y - size * 1.3}L${x + size * 1.2} ${y}L${x} ${y + size * 1.3}L${x - size * 1.2} ${y}Z` });
  if (shape === "square") return put(c.svg, "rect", { ...attributes, x: x - size, y: y - size, width: 2 * size, height: 2 * size });
  return put(c.svg, "circle", { ...attributes, cx: x, cy: y, r: size });
}

// --- the price chart --------------------------------------------------------------------------------------------------

const PRICES = (() => {
  let own = 1, bench = 1;
  const days = DATA.chart.prices.map(([day, close, ret, market]) => {
    own *= 1 + (ret ?? 0);
    bench *= 1 + (market ?? 0);
    return { day, close, ret, market, own, bench };
  });
  const last = days.at(-1);
  for (const d of days) d.price = last.close * d.own / last.own;
  return days;
})();
const DAY_AT = new Map(PRICES.map((d, i) => [d.day, i]));

function drawPrices() {
  const plot = $("prices");
  if (!PRICES.length) return void (plot.textContent = "No prices.");
  const days = PRICES.slice(state.from), first = days[0], c = canvas(plot, plot.clientHeight, [12, 10, 24, 52]);
  const hasBench = days.some(d => d.market !== null), bench = d => first.price * d.bench / first.bench;
  const values = days.flatMap(d => hasBench ? [d.price, bench(d)] : [d.price]);
  const low = Math.min(...values), high = Math.max(...values), pad = (high - low) * .06 || 1;
  const x = scale(0, days.length - 1 || 1, c.left, c.right), y = scale(low - pad, high + pad, c.bottom, c.top);
  const digits = high < 10 ? 2 : high < 1000 ? 1 : 0;
  axisY(c, y, ticks(low - pad, high + pad, 5), v => v.toLocaleString("en", { minimumFractionDigits: 0, maximumFractionDigits: digits }));
  const labels = Math.max(2, Math.floor((c.right - c.left) / 90)), step = Math.max(1, Math.floor(days.length / labels));
  for (let i = Math.floor(step / 2); i < days.length; i += step) {
    put(c.svg, "text", { x: x(i), y: c.height - 6, "text-anchor": "middle" }, days[i].day.slice(0, 7));
  }
  if (hasBench) put(c.svg, "path", { class: "bench", d: line(days.map((d, i) => [x(i), y(bench(d))])) });
  put(c.svg, "path", { class: "own", d: line(days.map((d, i) => [x(i), y(d.price)])) });
  for (const [session] of DATA.unexplained) {
    const i = DAY_AT.get(session) - state.from;
    if (i >= 0) put(c.svg, "path", { class: "unexplained", d: `M${x(i) - 4} ${c.bottom - 3}l4 -7l4 7z` });
  }
  const events = eventsOf(visibleRows()).filter(row => DAY_AT.has(row.day_zero) && DAY_AT.get(row.day_zero) >= state.from);
  for (const row of [...events].sort((a, b) => RANK.get(b.verdict) - RANK.get(a.verdict))) {
    const i = DAY_AT.get(row.day_zero) - state.from;
    mark(c, x(i), y(days[i].price), row, 4.6).addEventListener("click", () => choose(row));
  }
  pointed(plot, c, days, events, x, y);
}

/** Hovering shows the day; the arrow keys move from event to event. */
function pointed(plot, c, days, events, x, y) {
  const cross = put(c.svg, "line", { class: "cross", y1: c.top, y2: c.bottom, visibility: "hidden" });
  const leave = () => { cross.setAttribute("visibility", "hidden"); plot.querySelector(".tip")?.remove(); };
  const show = i => {
    leave();
    const d = days[i], ofDay = events.filter(row => row.day_zero === d.day);
    cross.setAttribute("x1", x(i)); cross.setAttribute("x2", x(i)); cross.setAttribute("visibility", "visible");
    const tip = put(plot, "div", { class: "tip" });
    put(tip, "b", {}, d.day);
    put(tip, "div", {}, `close ${d.close ?? "none"}  ${percent(d.ret)}` + (d.market === null ? "" : `, market ${percent(d.market)}`));
    for (const row of ofDay) put(tip, "div", {}, `${verdictOf(row).text}: ${row.title.slice(0, 110)}`);
    const unexplained = DATA.unexplained.find(([session]) => session === d.day);
    if (unexplained) put(tip, "div", {}, `unusual (p ${probability(unexplained[1])}), no known news`);
    const left = Math.min(Math.max(x(i) - tip.offsetWidth / 2, 0), plot.clientWidth - tip.offsetWidth);
    tip.style.left = `${left}px`;
    tip.style.top = `${Math.max(y(d.price) - tip.offsetHeight - 16, -8)}px`;
  };
  const at = event => {
    const spot = event.clientX - plot.getBoundingClientRect().left;
    const i = Math.round((spot - c.left) / (c.right - c.left) * (days.length - 1));
    const near = events.map(row => DAY_AT.get(row.day_zero) - state.from).filter(n => Math.abs(x(n) - spot) < 7);
    return near.length ? near.reduce((a, b) => Math.abs(x(a) - spot) < Math.abs(x(b) - spot) ? a : b) : Math.min(Math.max(i, 0), days.length - 1);
  };
  plot.onpointermove = event => show(at(event));
  plot.onpointerleave = leave;
  plot.onclick = event => {
    if (event.target.closest?.(".marker")) return;
    const row = events.find(row => row.day_zero === days[at(event)].day);
    if (row) choose(row);
  };
  plot.onkeydown = event => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || !events.length) return;
    event.preventDefault();
    const now = events.findIndex(row => state.chosen && row.event_id === state.chosen.event_id);
    const next = events[Math.min(Math.max(now < 0 ? (way > 0 ? 0 : events.length - 1) : now + way, 0), events.length - 1)];
    choose(next);
    show(DAY_AT.get(next.day_zero) - state.from);
  };
}

// --- paths around an event --------------------------------------------------------------------------------------------

/** Cumulative abnormal returns with a band; both are 0 at the last close before day zero. */
function drawPath(plot, height, offsets, values, halves, around) {
  const c = canvas(plot, height, [10, 8, 24, 50]);
  const edges = offsets.flatMap((_, i) => [values[i], around(i) === null || halves[i] === null ? null : around(i) - halves[i],
    around(i) === null || halves[i] === null ? null : around(i) + halves[i]]).filter(v => v !== null);
  if (!edges.length) return;
  const low = Math.min(0, ...edges), high = Math.max(0, ...edges), pad = (high - low) * .06 || .01;
  const x = scale(offsets[0], offsets.at(-1), c.left + 6, c.right - 6), y = scale(low - pad, high + pad, c.bottom, c.top);
  axisY(c, y, ticks(low - pad, high + pad, 4), v => percent(v).replace(/\.00%$/, "%").replace(/^\+0%$/, "0%"));
  for (const o of offsets) put(c.svg, "text", { x: x(o), y: c.height - 6, "text-anchor": "middle" }, o > 0 ? `+${o}` : o);
  const inBand = offsets.map((o, i) => [o, i]).filter(([, i]) => around(i) !== null && halves[i] !== null);
  const upper = inBand.map(([o, i]) => [x(o), y(around(i) + halves[i])]), lower = inBand.map(([o, i]) => [x(o), y(around(i) - halves[i])]);
  if (inBand.length) put(c.svg, "path", { class: "band", d: line([...upper, ...lower.reverse()]) + "Z" });
  put(c.svg, "line", { class: "cross", x1: x(-.5), x2: x(-.5), y1: c.top, y2: c.bottom });
  put(c.svg, "path", { class: "own", d: broken(offsets.map((o, i) => values[i] === null ? null : [x(o), y(values[i])])) });
  offsets.forEach((o, i) => {
    if (values[i] !== null) put(put(c.svg, "circle", { class: "point", cx: x(o), cy: y(values[i]), r: 3 }), "title", {}, `${o}: ${percent(values[i])}`);
  });
}

function cumulated(path, zero) {
  const sums = path.map(() => null);
  sums[zero - 1] = 0;
  for (let i = zero, sum = 0; i < path.length && path[i] !== null; i++) sums[i] = sum += path[i];
  for (let i = zero - 2, sum = 0; i >= 0 && path[i + 1] !== null; i--) sums[i] = sum -= path[i + 1];
  return sums;
}

function drawAverage() {
  const rows = DATA.chart.average[state.study] || [], offsets = DATA.chart.offsets;
  const plot = $("average");
  $("average-n").textContent = rows.length ? `${plural(Math.max(...rows.map(row => row[2])), "event")}; band: 95%, from their spread` : "";
  if (rows.length) drawPath(plot, 220, offsets, rows.map(row => row[0]), rows.map(row => row[1]), i => rows[i][0]);
  else { plot.querySelector("svg")?.remove(); }
}

// --- calibration and verdicts -----------------------------------------------------------------------------------------

function drawCalibration() {
  const ps = eventsOf(ofView()).map(row => row.p_value).filter(p => p !== null).sort((a, b) => a - b), n = ps.length;
  const plot = $("calibration"), c = canvas(plot, 220, [10, 8, 24, 38]);
  const x = scale(0, 1, c.left, c.right), y = scale(0, 1, c.bottom, c.top);
  for (const v of [0, .25, .5, .75, 1]) {
    put(c.svg, "line", { class: "axis", x1: c.left, x2: c.right, y1: y(v), y2: y(v) });
    put(c.svg, "text", { x: c.left - 6, y: y(v) + 4, "text-anchor": "end" }, v);
    put(c.svg, "text", { x: x(v), y: c.height - 6, "text-anchor": "middle" }, v);
  }
  const share = ps.filter(p => p <= .05).length;
  $("calibration-n").textContent = n ? `${share} of ${n} at most 0.05; by chance ${(n * .05).toFixed(1)}` : "";
  if (!n) return;
  const half = 1.358 / Math.sqrt(n), grid = Array.from({ length: 51 }, (_, i) => i / 50);
  const band = [...grid.map(p => [x(p), y(Math.min(p + half, 1))]), ...grid.map(p => [x(p), y(Math.max(p - half, 0))]).reverse()];
  put(c.svg, "path", { class: "band", d: line(band) + "Z" });
  put(c.svg, "line", { class: "diagonal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) });
  const steps = [[x(0), y(0)]];
  ps.forEach((p, i) => steps.push([x(p), y(i / n)], [x(p), y((i + 1) / n)]));
  put(c.svg, "path", { class: "own", d: line([...steps, [x(1), y(1)]]) });
}

/** What was said of chance beside what came out, by tenths; the whiskers are two standard errors. */
function drawChance() {
  const rows = DATA.chart.chance, c = canvas($("chance"), 220, [10, 8, 24, 38]);
  const x = scale(0, 1, c.left, c.right), y = scale(0, 1, c.bottom, c.top), within = v => Math.min(Math.max(v, 0), 1);
  for (const v of [0, .25, .5, .75, 1]) {
    put(c.svg, "line", { class: "axis", x1: c.left, x2: c.right, y1: y(v), y2: y(v) });
    put(c.svg, "text", { x: c.left - 6, y: y(v) + 4, "text-anchor": "end" }, `${100 * v}%`);
    put(c.svg, "text", { x: x(v), y: c.height - 6, "text-anchor": "middle" }, `${100 * v}%`);
  }
  put(c.svg, "line", { class: "diagonal", x1: x(0), y1: y(0), x2: x(1), y2: y(1) });
  for (const [said, was, error, events] of rows) {
    const text = `said ${chance(said)}, came out ${chance(was)}, ${plural(events, "event")}`;
    put(c.svg, "line", { class: "whisker", x1: x(said), x2: x(said), y1: y(within(was - 2 * error)), y2: y(within(was + 2 * error)) });
    put(put(c.svg, "circle", { class: "point", cx: x(said), cy: y(was), r: 3.5 }), "title", {}, text);
  }
  $("chance-n").textContent = plural(rows.reduce((sum, row) => sum + row[3], 0), "event");
}

function drawVerdicts() {
  const box = $("verdicts"), rows = eventsOf(ofView());
  box.replaceChildren();
  for (const { word, text, meaning } of VERDICTS) {
    const count = rows.filter(row => row.verdict === word).length;
    if (!count) continue;
    put(box, "span", { title: meaning }, text);
    const bar = put(put(box, "span", { class: `v-${word}` }), "div", { class: "bar" });
    bar.style.width = `${100 * count / rows.length}%`;
    put(box, "span", { class: "num" }, String(count));
  }
  $("verdicts-n").textContent = plural(rows.length, "event");
}

// --- the card ---------------------------------------------------------------------------------------------------------

function choose(row, scroll) {
  state.chosen = row;
  drawCard();
  drawPrices();
  for (const tr of document.querySelectorAll("tr.row")) tr.setAttribute("aria-selected", tr.dataset.link === row.link_id);
  if (scroll) $("card").scrollIntoView({ block: "nearest" });
}

function drawCard() {
  const box = $("card"), row = state.chosen;
  box.replaceChildren();
  if (!row) return void put(box, "p", { class: "empty" }, "Choose a marker or a row to see its numbers and its path.");
  const head = put(box, "h3");
  if (web(row.url)) put(head, "a", { href: row.url, rel: "noopener noreferrer", target: "_blank" }, row.title);
  else head.append(row.title);
  put(box, "p", { class: "meta" }, `${row.published_local}, ${origin(row)}`);
  put(box, "p", { class: "meta" }, `${text(row, "role")}, relevance ${row.relevance.toFixed(2)} (matched ${text(row, "tag_kind")}\u201c${row.tag}\u201d)`);
  const flags = put(box, "ul", { class: "flags" });
  const flag = (when, text) => when && put(flags, "li", {}, text);
  flag(true, `day zero ${row.day_zero}, ${text(row, "anchor")}`);
  flag(row.day_zero_sensitive, "a different time zone would change day zero");
  flag(row.articles_in_event > 1, `${row.articles_in_event} articles share the event`);
  flag(row.story_rank > 1, `copy ${row.story_rank} of a story`);
  flag(row.contains_pre_publication_move, "the window began before publication");
  flag(!row.tradable, "seen too late to trade");
  flag(row.confounded, `confounded: ${row.confounders}`);
  const body = put(put(box, "div", { class: "scroll" }), "table");
  const top = put(put(body, "thead"), "tr");
  for (const name of ["window", "move", "abnormal", "chance", "q", "verdict"]) put(top, "th", { class: { window: "", verdict: "", move: "num c-move" }[name] ?? "num" }, name);
  const rows = put(body, "tbody");
  for (const other of LINKS.filter(r => r.article_id === row.article_id && r.study === row.study)) {
    const tr = put(rows, "tr");
    put(tr, "td", { class: "nowrap" }, other.event_window);
    put(tr, "td", { class: "num c-move" }, percent(other.ret));
    put(tr, "td", { class: signed(other.car) }, percent(other.car));
    put(tr, "td", { class: "num" }, chance(other.local_fdr));
    put(tr, "td", { class: "num" }, probability(other.q_value));
    verdictMark(put(tr, "td"), other);
  }
  const path = (DATA.chart.paths[row.study] || {})[row.event_id], offsets = DATA.chart.offsets, zero = offsets.indexOf(0);
  if (path && row.sigma !== null) {
    const plot = put(box, "div", { class: "plot" });
    const halves = offsets.map(o => 1.96 * row.sigma * Math.sqrt(Math.abs(o + 1)));
    drawPath(plot, 190, offsets, cumulated(path, zero), halves, () => 0);
    put(box, "p", { class: "note" }, "Cumulative abnormal return from the last close before day zero; the band is where 19 of 20 ordinary paths lie.");
  }
  put(box, "code", {}, `signals explain ${row.link_id}`);
}

// --- the table --------------------------------------------------------------------------------------------------------

const COLUMNS = [
  ["published_at", "published", "c-when nowrap"], ["title", "headline", "headline"], ["day_zero", "day zero", "c-day nowrap"],
  ["ret", "move", "c-move num"], ["benchmark_ret", "market", "c-market num"], ["size", "abnormal", "num"], ["local_fdr", "chance", "num"],
  ["p_value", "p", "c-p num"],
  ["q_value", "q", "c-q num"], ["verdict", "verdict", ""],
];

function drawHead() {
  const head = $("head");
  head.replaceChildren();
  for (const [key, name, classes] of COLUMNS) {
    const sorted = state.sort === key ? (state.down ? "descending" : "ascending") : "none";
    const th = put(head, "th", { class: classes.replace("headline", ""), "aria-sort": sorted, scope: "col" });
    put(th, "button", { type: "button", "data-sort": key }, name).addEventListener("click", () => {
      state.down = state.sort === key ? !state.down : !["title", "local_fdr", "p_value", "q_value", "verdict"].includes(key);
      state.sort = key;
      drawHead();
      drawTable();
      head.querySelector(`[data-sort="${key}"]`).focus();
    });
  }
}

function drawTable() {
  const rows = visibleRows(), body = $("rows"), limit = state.all ? rows.length : ROWS_AT_ONCE;
  body.replaceChildren();
  for (const row of rows.slice(0, limit)) {
    const tr = put(body, "tr", { class: "row", tabindex: 0, "data-link": row.link_id, "aria-selected": state.chosen === row });
    put(tr, "td", { class: "c-when nowrap" }, row.published_local);
    const headline = put(tr, "td", { class: "headline" }, row.title);
    put(headline, "small", { class: "phone" }, row.published_local);
    put(headline, "small", {}, `${origin(row)} \u00b7 ${text(row, "role")}`);
    const day = put(tr, "td", { class: "c-day nowrap" }, row.day_zero);
    put(day, "small", { class: "soft" }, row.anchor.replaceAll("_", " "));
    put(tr, "td", { class: "c-move num" }, percent(row.ret));
    put(tr, "td", { class: "c-market num" }, percent(row.benchmark_ret));
    put(tr, "td", { class: signed(row.car) }, percent(row.car));
    put(tr, "td", { class: "num" }, chance(row.local_fdr));
    put(tr, "td", { class: "c-p num" }, probability(row.p_value));
    put(tr, "td", { class: "c-q num" }, probability(row.q_value));
    verdictMark(put(tr, "td"), row);
    tr.addEventListener("click", () => choose(row, true));
    tr.addEventListener("keydown", event => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(row, true); }
      const next = { ArrowDown: tr.nextElementSibling, ArrowUp: tr.previousElementSibling }[event.key];
      if (next) { event.preventDefault(); next.focus(); }
    });
  }
  $("count").textContent = `${rows.length.toLocaleString("en")} of ${plural(ofView().length, "article")}`;
  $("none").hidden = rows.length > 0;
  const more = $("more");
  more.hidden = rows.length <= limit;
  more.textContent = `Show all ${rows.length.toLocaleString("en")}`;
}

// --- controls ---------------------------------------------------------------------------------------------------------

function drawControls() {
  const studies = [...new Set(LINKS.map(row => row.study))];
  const pairs = new Map(studies.map(study => [study, [...new Set(LINKS.filter(r => r.study === study).map(r => r.event_window))]]));
  state.study = studies[0] || "";
  const options = (select, values, chosen) => {
    select.replaceChildren();
    for (const value of values) put(select, "option", { value, selected: value === chosen ? "" : null }, value);
  };
  const windows = () => {
    const choices = pairs.get(state.study) || [];
    state.window = choices.includes(state.window) ? state.window : choices.includes(DECIDING.get(state.study)) ? DECIDING.get(state.study) : choices[0] || "";
    options($("window"), choices, state.window);
  };
  options($("study"), studies, state.study);
  windows();
  $("study").onchange = event => { state.study = event.target.value; windows(); drawAll(); };
  $("window").onchange = event => { state.window = event.target.value; drawAll(); };
  $("words").oninput = event => { state.words = event.target.value; drawTable(); drawPrices(); };
  $("more").onclick = () => { state.all = true; drawTable(); };
  $("theme").onclick = () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  for (const { word, text, meaning, shape } of VERDICTS) {
    if (!LINKS.some(row => row.verdict === word)) continue;
    const chip = put($("chips"), "button", { type: "button", class: `v-${word}`, "aria-pressed": "true", "data-verdict": word, title: meaning });
    put(chip, "span", { class: `dot ${shape}` });
    put(chip, "span", {}, text);
    chip.onclick = () => {
      state.hidden.has(word) ? state.hidden.delete(word) : state.hidden.add(word);
      chip.setAttribute("aria-pressed", !state.hidden.has(word));
      drawTable();
      drawPrices();
    };
  }
  for (const [name, sessions] of [["6M", 125], ["1Y", 250], ["2Y", 500], ["All", Infinity]]) {
    if (sessions !== Infinity && sessions >= PRICES.length) continue;
    const button = put($("ranges"), "button", { type: "button", "aria-pressed": sessions === Infinity }, name);
    button.onclick = () => {
      state.from = Math.max(PRICES.length - sessions, 0);
      for (const other of $("ranges").children) other.setAttribute("aria-pressed", other === button);
      drawPrices();
    };
  }
}

function theme(name) {
  document.documentElement.dataset.theme = name;
  $("theme").textContent = name === "dark" ? "Light" : "Dark";
}

function drawCharts() { drawCard(); drawPrices(); drawAverage(); drawCalibration(); drawChance(); drawVerdicts(); }
function drawAll() {
  const same = state.chosen && ofView().find(row => row.article_id === state.chosen.article_id);
  state.chosen = same || eventsOf(ofView()).filter(row => RANK.get(row.verdict) === 0).at(-1) || ofView()[0] || null;
  drawCharts();
  drawTable();
}

theme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
drawControls();
drawHead();
drawAll();
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawCharts(); } });
addEventListener("beforeprint", () => { state.all = true; drawTable(); drawCharts(); });
