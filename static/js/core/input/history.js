/**
 * What was done to a drawing, for undo and redo. An operation either starts afresh (`kind: 'base'`) or adds to what is there.
 *
 * @template {{kind: string}} Operation
 */
export class History {
  /** @type {Operation[]} */ #done;
  /** @type {Operation[]} */ #undone = [];

  /** @param {Operation} first  Where undo ends; a base. */
  constructor(first) {
    this.#done = [first];
  }

  /** The newest operation. @returns {Operation} */
  get last() {
    return this.#done[this.#done.length - 1];
  }

  get canUndo() {
    return this.#done.length > 1;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** @param {Operation} operation */
  push(operation) {
    this.#done.push(operation);
    this.#undone = [];
  }

  /** Forgets everything; undo ends here. @param {Operation} first */
  restart(first) {
    this.#done = [first];
    this.#undone = [];
  }

  /** @returns {boolean}  False if there is nothing to undo. */
  undo() {
    const operation = this.canUndo ? this.#done.pop() : undefined;
    if (operation) this.#undone.push(operation);
    return operation !== undefined;
  }

  /** @returns {boolean} */
  redo() {
    const operation = this.#undone.pop();
    if (operation) this.#done.push(operation);
    return operation !== undefined;
  }

  /** The last base and what came after it: enough to draw everything again. @returns {Operation[]} */
  sinceBase() {
    return this.#done.slice(this.#done.findLastIndex(({ kind }) => kind === 'base'));
  }
}
