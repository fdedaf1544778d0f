// An SDK's driver: a program that does through the SDK what it is told on standard input, an object of JSON a line, and
// tells on standard output what came of it, a line for each. sdk/spec.md describes the lines.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

// Beyond this a driver hangs: no vector waits for so long.
const ANSWER_WITHIN_MS = 60_000;

export class Driver {
  constructor(command) {
    this.child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line)));
    this.child.on('exit', (code, signal) => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`the driver ended (${signal ?? code})`));
    });
  }

  perform(command) {
    let timer;
    const answer = new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      timer = setTimeout(() => reject(new Error('the driver does not answer')), ANSWER_WITHIN_MS);
      this.child.stdin.write(`${JSON.stringify(command)}\n`);
    });
    return answer.finally(() => clearTimeout(timer));
  }

  close() {
    this.child.stdin.end();
    this.child.kill();
  }
}
