// Rule engines of Node behind a line protocol, for rules.py: it reads {"rules", "customers"}, then
// the name of an engine a line, and answers with the time and the matches of each customer.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const { Engine } = require("json-rules-engine");
const jsonLogic = require("json-logic-js");
const { ZenEngine } = require("@gorules/zen-engine");

const task = JSON.parse(readFileSync(process.argv[3], "utf8"));

function makeJsonRulesEngine() {
  const engine = new Engine();
  task.rules.forEach((r, i) => engine.addRule({
    conditions: { all: [
      { fact: "country", operator: "equal", value: r.country },
      { fact: "tier", operator: "greaterThanInclusive", value: r.tier },
      { fact: "recency", operator: "lessThan", value: r.recency },
      { fact: "monetary", operator: "greaterThan", value: r.monetary }] },
    event: { type: String(i) } }));
  return async (c) => (await engine.run(c)).events.map((e) => Number(e.type));
}

function makeJsonLogic() {
  const logic = task.rules.map((r) => ({ and: [
    { "==": [{ var: "country" }, r.country] }, { ">=": [{ var: "tier" }, r.tier] },
    { "<": [{ var: "recency" }, r.recency] }, { ">": [{ var: "monetary" }, r.monetary] }] }));
  return async (c) => {
    const out = [];
    for (let i = 0; i < logic.length; ++i) if (jsonLogic.apply(logic[i], c)) out.push(i);
    return out;
  };
}

function makeZen() {
  const fields = ["country", "tier", "recency", "monetary"];
  const table = {
    hitPolicy: "collect",
    inputs: fields.map((f) => ({ id: f, name: f, field: f })),
    outputs: [{ id: "rule", name: "rule", field: "rule" }],
    rules: task.rules.map((r, i) => ({ _id: String(i), country: `"${r.country}"`,
      tier: `>= ${r.tier}`, recency: `< ${r.recency}`, monetary: `> ${r.monetary}`,
      rule: String(i) })) };
  const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify({
    nodes: [{ id: "in", name: "in", type: "inputNode" },
            { id: "t", name: "t", type: "decisionTableNode", content: table },
            { id: "out", name: "out", type: "outputNode" }],
    edges: [{ id: "a", sourceId: "in", targetId: "t" },
            { id: "b", sourceId: "t", targetId: "out" }] })));
  return async (c) => (await decision.evaluate(c)).result.map((r) => r.rule);
}

const engines = { "json-rules-engine": makeJsonRulesEngine(), "json-logic": makeJsonLogic(),
                  zen: makeZen() };
for await (const line of createInterface({ input: process.stdin })) {
  const [name, count] = line.split(" ");
  const matches = [];
  const begin = process.hrtime.bigint();
  for (const c of task.customers.slice(0, Number(count))) matches.push(await engines[name](c));
  const ns = Number(process.hrtime.bigint() - begin);
  console.log(JSON.stringify({ ns, matches: matches.map((m) => m.sort((a, b) => a - b)) }));
}
