/** Jumps, loops and handlers: where each goes, and what lies on the stack there. */
import type { Operation, StackWalk } from './stack-walk.ts';
import { UNKNOWN_SYMBOL } from './symbols.ts';

const relative = (walk: StackWalk, argument: number): number =>
  walk.nextOffset + argument * walk.jumpUnit;
/** Conditional jumps were absolute up to 3.10. */
const conditional = (walk: StackWalk, argument: number): number =>
  walk.modern ? relative(walk, argument) : argument * walk.jumpUnit;
/** Unknown values on the stack where a handler begins (up to 3.10). */
const handlerExtras = (walk: StackWalk): number => (walk.v < 300 ? 3 : 6);

const popJump: Operation = (walk, argument) => {
  walk.pop();
  walk.jumpTo(conditional(walk, argument));
};

const jumpOrPop: Operation = (walk, argument) => {
  walk.jumpTo(conditional(walk, argument));
  walk.pop();
};

const forIter: Operation = (walk, argument) => {
  const iterator = walk.peek(1);
  // From 3.12 on END_FOR or POP_ITER takes the iterator away.
  if (walk.v < 312 || !walk.modern) {
    const held = walk.pop();
    walk.jumpTo(relative(walk, argument));
    walk.push(held);
  } else walk.jumpTo(relative(walk, argument), 1);
  walk.push(iterator);
};

const leave: Operation = (walk) => walk.leave();
const setUp: Operation = (walk, argument) =>
  walk.jumpTo(relative(walk, argument), handlerExtras(walk));

/** By opcode name. */
export const JUMP_OPERATIONS: Record<string, Operation> = {
  JUMP_FORWARD: (walk, argument) => {
    walk.jumpTo(relative(walk, argument));
    walk.leave();
  },
  JUMP_ABSOLUTE: (walk, argument) => {
    walk.jumpTo(argument * walk.jumpUnit);
    walk.leave();
  },
  JUMP_BACKWARD: leave,
  JUMP_BACKWARD_NO_INTERRUPT: leave,
  CONTINUE_LOOP: leave,
  BREAK_LOOP: leave,
  RERAISE: leave,
  RAISE_VARARGS: (walk, count) => {
    walk.popMany(count);
    walk.leave();
  },
  POP_JUMP_IF_FALSE: popJump,
  POP_JUMP_IF_TRUE: popJump,
  POP_JUMP_IF_NONE: popJump,
  POP_JUMP_IF_NOT_NONE: popJump,
  POP_JUMP_FORWARD_IF_FALSE: popJump,
  POP_JUMP_FORWARD_IF_TRUE: popJump,
  POP_JUMP_FORWARD_IF_NONE: popJump,
  POP_JUMP_FORWARD_IF_NOT_NONE: popJump,
  JUMP_IF_FALSE_OR_POP: jumpOrPop,
  JUMP_IF_TRUE_OR_POP: jumpOrPop,
  // Up to 2.6 and in 3.0: relative, and the value stays.
  JUMP_IF_FALSE: (walk, argument) => walk.jumpTo(relative(walk, argument)),
  JUMP_IF_TRUE: (walk, argument) => walk.jumpTo(relative(walk, argument)),
  JUMP_IF_NOT_EXC_MATCH: (walk, argument) => {
    walk.popMany(2);
    walk.jumpTo(conditional(walk, argument));
  },
  FOR_ITER: forIter,
  FOR_LOOP: (walk, argument) => {
    // Sequence and index stay, the item comes (up to 2.2).
    const index = walk.pop();
    const over = walk.pop();
    walk.jumpTo(relative(walk, argument));
    walk.push(over);
    walk.push(index);
    walk.push(UNKNOWN_SYMBOL);
  },
  SETUP_LOOP: (walk, argument) => walk.jumpTo(relative(walk, argument)),
  SETUP_EXCEPT: setUp,
  SETUP_FINALLY: setUp,
};
