#!/usr/bin/env node
// Runs the binary that npm has installed for this system, and ends as it ends.
"use strict";
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { name, optionalDependencies } = require("./package.json");

const carrier = `@${name}/cli-${process.platform}-${process.arch}`;

function binary() {
  if (!(carrier in optionalDependencies)) {
    const systems = Object.keys(optionalDependencies).map((known) => known.split("/cli-")[1]);
    return fail(`${name} has no binary for ${process.platform}-${process.arch}, only for ${systems.join(", ")}`);
  }
  try {
    return require.resolve(`${carrier}/bin/proviso${process.platform === "win32" ? ".exe" : ""}`);
  } catch {
    return fail(`the package ${carrier} is not installed; install ${name} again without --omit=optional`);
  }
}

// 2 is how proviso ends where nothing was sent; 1 would be a broken promise.
function fail(message) {
  console.error(`error: ${message}`);
  process.exit(2);
}

const child = spawn(binary(), process.argv.slice(2), { stdio: "inherit" });
// A terminal sends Ctrl-C to both processes, and a second one would cut short the cleaning up; without a terminal it is passed on.
const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
process.on("SIGINT", () => terminal || child.kill("SIGINT"));
process.on("SIGTERM", () => child.kill("SIGTERM"));
process.on("SIGHUP", () => child.kill("SIGHUP"));
child.on("error", (error) => fail(`${carrier} does not run: ${error.message}`));
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
