interface Timed {
  at: number;
}

/** Events ordered by world time: a binary heap, so that a million of them need one timer and not a million. */
export class EventQueue<Event extends Timed> {
  private readonly heap: Event[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** Time of the earliest event. */
  get nextAt(): number | undefined {
    return this.heap[0]?.at;
  }

  push(event: Event) {
    const { heap } = this;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.at <= event.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** The earliest event that is due at `now`, or undefined. */
  takeDue(now: number): Event | undefined {
    const { heap } = this;
    const first = heap[0];
    if (first === undefined || first.at > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.sink(last);
    return first;
  }

  private sink(event: Event) {
    const { heap } = this;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && right.at < left.at) child++;
      const smaller = heap[child];
      if (smaller === undefined || smaller.at >= event.at) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = event;
  }
}
